package gw.worker.shard;

import gw.worker.envelope.Envelope;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Waits for the guilds that READY listed. Owned by one thread. */
final class GuildTracker {
    private static final byte[] GUILD_CREATE = "GUILD_CREATE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GUILD_DELETE = "GUILD_DELETE".getBytes(StandardCharsets.US_ASCII);

    private final ShardHost host;
    private final long timeoutNanos;
    private Set<Long> missing = new HashSet<>();
    private int listed;
    private ShardHost.@Nullable Timer timer;

    /** No READY came yet. */
    GuildTracker(ShardHost host, long timeoutNanos) {
        this.host = host;
        this.timeoutNanos = timeoutNanos;
    }

    /** READY came; {@code late} runs when some of its guilds don't come in time. */
    void listed(Set<Long> guildIds, Runnable late) {
        listed = guildIds.size();
        missing = new HashSet<>(guildIds);
        cancel();
        if (!missing.isEmpty()) {
            timer = host.schedule(late, timeoutNanos);
        }
    }

    /** A guild may have come, or turned out to be unavailable or gone: was it the last missing? */
    boolean lastCame(Envelope envelope, byte[] json) {
        if (missing.isEmpty()
                || !(envelope.nameIs(json, GUILD_CREATE) || envelope.nameIs(json, GUILD_DELETE))
                || !missing.remove(envelope.guildId())
                || !missing.isEmpty()) {
            return false;
        }
        cancel();
        return true;
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    int listed() {
        return listed;
    }

    int missing() {
        return missing.size();
    }
}
