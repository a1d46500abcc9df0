package gw.worker.shard;

import java.util.HashSet;
import java.util.Set;

/** The guilds that READY listed and that have not come yet. Owned by one thread. */
final class GuildTracker {
    private Set<Long> missing = new HashSet<>();
    private int listed;

    void listed(Set<Long> guildIds) {
        listed = guildIds.size();
        missing = new HashSet<>(guildIds);
    }

    /** A guild came, or is known to be unavailable or gone; true when it was the last missing. */
    boolean settled(long guildId) {
        return !missing.isEmpty() && missing.remove(guildId) && missing.isEmpty();
    }

    int listed() {
        return listed;
    }

    int missing() {
        return missing.size();
    }
}
