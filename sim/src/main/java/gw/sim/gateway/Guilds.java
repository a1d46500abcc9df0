package gw.sim.gateway;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The guilds that the bot is in. Owned by the event loop, but for {@link #ids()}. */
final class Guilds {
    /** Most guilds on one shard. */
    static final int MAX_ON_A_SHARD = 2500;

    private final SplittableRandom random;
    private final Set<Long> outages = new TreeSet<>();
    private List<Long> available;
    private volatile List<Long> ids;

    Guilds(int guilds, SplittableRandom random) {
        this.random = random;
        this.ids = GuildIds.create(guilds, random);
        this.available = ids;
    }

    /** All, in ascending order. Any thread. */
    List<Long> ids() {
        return ids;
    }

    /** Those without an outage, in ascending order. */
    List<Long> available() {
        return available;
    }

    boolean has(long guildId) {
        return Collections.binarySearch(ids, guildId) >= 0;
    }

    boolean isOut(long guildId) {
        return outages.contains(guildId);
    }

    /** Those of a shard, outage or not, in ascending order. */
    List<Long> of(int shardId, int shardCount) {
        return ids.stream().filter(id -> Shards.owns(shardId, shardCount, id)).toList();
    }

    /** Whether Discord would not serve them all on this shard. */
    boolean overfill(int shardId, int shardCount) {
        return ids.size() > MAX_ON_A_SHARD
                && longs().filter(id -> Shards.owns(shardId, shardCount, id)).count()
                        > MAX_ON_A_SHARD;
    }

    private LongStream longs() {
        return ids.stream().mapToLong(Long::longValue);
    }

    /** So many more; returns them in ascending order. */
    List<Long> join(int guilds) {
        List<Long> joined =
                Stream.generate(() -> GuildIds.create(guilds, random))
                        .flatMap(List::stream)
                        .filter(id -> !has(id))
                        .distinct()
                        .limit(guilds)
                        .sorted()
                        .toList();
        ids = Stream.concat(ids.stream(), joined.stream()).sorted().toList();
        list();
        return joined;
    }

    void leave(long guildId) {
        ids = ids.stream().filter(id -> id != guildId).toList();
        outages.remove(guildId);
        list();
    }

    void outage(long guildId, boolean begins) {
        if (begins) {
            outages.add(guildId);
        } else {
            outages.remove(guildId);
        }
        list();
    }

    private void list() {
        available =
                outages.isEmpty() ? ids : ids.stream().filter(id -> !outages.contains(id)).toList();
    }
}
