package gw.supervisor.config;

import java.time.Duration;

/**
 * When and how gw moves to another shard count. Immutable.
 *
 * @param automatic whether gw decides it by itself; an order is obeyed in any case
 * @param percentage 1..100: how full, of 2,500 guilds, the fullest shard is when gw decides it
 * @param check how often gw looks at that; 1 s to 24 h
 * @param overlap how long both generations run side by side at least, and by how much the arrival
 *     of one event may differ between them; 0.5 s to 10 min
 * @param timeout how long it may go without a step forward before it is given up; 5 s to 24 h
 * @param startEvents whether the bot gets READY and the GUILD_CREATEs with which the new shards
 *     start, marked as such
 */
public record ReshardConfig(
        boolean automatic,
        int percentage,
        Duration check,
        Duration overlap,
        Duration timeout,
        boolean startEvents) {}
