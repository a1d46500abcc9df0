package gw.supervisor.config;

import gw.supervisor.log.LogSettings;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the user chose for the queue on the disk.
 *
 * @param maxBytes most bytes that it takes on the disk
 * @param maxEvents most events that wait for the bot
 * @param maxAge events that wait for longer are dropped; empty: none are
 * @param ttl the same for single event types, by name
 * @param whenFull what gives at the limit
 * @param catchUp how a backlog is worked off
 * @param fsync when the disk is waited for
 */
public record QueueConfig(
        long maxBytes,
        long maxEvents,
        Optional<Duration> maxAge,
        Map<String, Duration> ttl,
        LogSettings.WhenFull whenFull,
        LogSettings.CatchUp catchUp,
        LogSettings.Fsync fsync) {
    public QueueConfig {
        ttl = Map.copyOf(ttl);
    }
}
