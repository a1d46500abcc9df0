package gw.supervisor.capacity;

import gw.model.ShardRange;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts the guilds of each shard from the records on their way into the log: READY lists them,
 * GUILD_CREATE and GUILD_DELETE change them, and an outage is no removal. It also knows which of
 * them are not there at the moment. A session whose READY it has not seen, or could not read, is
 * not counted; the shard's next READY is. Owned by the data event loop.
 */
public final class GuildBook {
    private static final byte[] READY = "READY".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GUILD_CREATE = "GUILD_CREATE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GUILD_DELETE = "GUILD_DELETE".getBytes(StandardCharsets.US_ASCII);

    private final Map<Integer, GenerationGuilds> generations = new TreeMap<>();
    private long changes;
    private long unreadable;

    /** What an event is to a bot that had the guild before. */
    public enum Kind {
        /** It tells something that has happened. */
        ORDINARY,
        /**
         * It belongs to the beginning of a session: READY, or the GUILD_CREATE of a guild that this
         * session's READY has listed and that had not come since.
         */
        START_UP
    }

    /** Nothing is known yet. */
    public GuildBook() {}

    /** What was kept. */
    GuildBook(List<KeptShard> kept) {
        for (KeptShard shard : kept) {
            generation(shard.generation()).put(shard.shardId(), ShardGuilds.of(shard));
        }
    }

    /**
     * Takes a record into account. To be shown every new one of a generation, in order per session;
     * what it has counted already (the log's tail, after a crash) does not count again. Next to
     * free for all but three events.
     *
     * @param generation whose shard took it
     * @return what it is; of one that has been counted, what it was
     */
    public Kind taken(int generation, RecordView record) {
        int length = record.nameLength();
        if (length != READY.length && length != GUILD_CREATE.length) {
            return Kind.ORDINARY;
        }
        if (record.nameEquals(GUILD_CREATE)) {
            return created(generation, record);
        }
        if (record.nameEquals(GUILD_DELETE)) {
            deleted(generation, record);
        } else if (record.nameEquals(READY)) {
            ready(generation, record);
            return Kind.START_UP;
        }
        return Kind.ORDINARY;
    }

    private void ready(int generation, RecordView record) {
        ShardGuilds before = shard(generation, record.shardId());
        if (before != null) {
            boolean counted =
                    before.isOfSession(record)
                            ? before.hasCounted(record)
                            : before.isOfFormerSession(record);
            if (counted) {
                return;
            }
        }
        Optional<AbsentGuilds> listed =
                GuildPayloads.listed(
                        record.array(), record.payloadOffset(), record.payloadLength());
        if (listed.isEmpty() || record.shardCount() < 1) {
            unreadable++;
            return;
        }
        generation(generation)
                .put(record.shardId(), ShardGuilds.begin(record, listed.get(), before));
        changes++;
    }

    private Kind created(int generation, RecordView record) {
        ShardGuilds shard = counting(generation, record);
        if (shard == null) {
            return Kind.ORDINARY;
        }
        boolean startUp;
        if (shard.hasCounted(record)) {
            startUp = shard.wasStartUp(record);
        } else {
            boolean away =
                    GuildPayloads.isWithoutGuild(
                            record.array(), record.payloadOffset(), record.payloadLength());
            startUp = shard.created(record, away);
            changes++;
        }
        return startUp ? Kind.START_UP : Kind.ORDINARY;
    }

    private void deleted(int generation, RecordView record) {
        ShardGuilds shard = counting(generation, record);
        if (shard == null || shard.hasCounted(record)) {
            return;
        }
        Optional<Boolean> outage =
                GuildPayloads.isOutage(
                        record.array(), record.payloadOffset(), record.payloadLength());
        if (outage.isEmpty()) {
            unreadable++;
            return;
        }
        shard.deleted(record, outage.get());
        changes++;
    }

    /**
     * The shard whose guild this record tells of; null: it tells of none, or of another session.
     */
    private @Nullable ShardGuilds counting(int generation, RecordView record) {
        ShardGuilds shard = shard(generation, record.shardId());
        return shard == null || !shard.isOfSession(record) || record.guildId() <= 0 ? null : shard;
    }

    private @Nullable ShardGuilds shard(int generation, int shardId) {
        GenerationGuilds guilds = generations.get(generation);
        return guilds == null ? null : guilds.shard(shardId);
    }

    private GenerationGuilds generation(int generation) {
        return generations.computeIfAbsent(generation, _ -> new GenerationGuilds());
    }

    /**
     * Whether the guild is this generation's but not there: it has not come since READY listed it,
     * or has an outage. It is looked for in the shard to which Discord's rule assigns it.
     */
    public boolean isAbsent(int generation, long guildId) {
        GenerationGuilds guilds = generations.get(generation);
        return guilds != null && guilds.isAbsent(guildId);
    }

    /**
     * How many guilds are absent in one generation and not in another, for which a switch to it
     * should wait a while. Some never come, and without the intent GUILDS none does. Costs as much
     * as there are absent guilds in the generation that has fewer.
     */
    public int missing(int next, int current) {
        GenerationGuilds coming = generations.get(next);
        if (coming == null) {
            return 0;
        }
        GenerationGuilds serving = generations.get(current);
        return serving == null ? coming.absent() : coming.absent() - coming.absentInBoth(serving);
    }

    /** How many guilds each shard of a generation has, at this moment. */
    public Counts counts(int generation) {
        GenerationGuilds guilds = generations.get(generation);
        return guilds == null ? Counts.of(Map.of()) : guilds.counts();
    }

    /** The generations of which something is known. */
    public Set<Integer> generations() {
        return Set.copyOf(generations.keySet());
    }

    /** A generation is no more. */
    public void forget(int generation) {
        if (generations.remove(generation) != null) {
            changes++;
        }
    }

    /** Forgets all of a generation but these shards: a plan may have become another meanwhile. */
    public void keepOnly(int generation, ShardRange own) {
        GenerationGuilds guilds = generations.get(generation);
        if (guilds != null) {
            guilds.keepOnly(own);
            if (guilds.isEmpty()) {
                generations.remove(generation);
            }
            changes++;
        }
    }

    /** How many READYs and GUILD_DELETEs could not be read, and are therefore not in the counts. */
    public long unreadable() {
        return unreadable;
    }

    /** Grows with each change of what is to be kept. */
    long changes() {
        return changes;
    }

    /** What is to be kept. */
    List<KeptShard> kept() {
        List<KeptShard> all = new ArrayList<>();
        generations.forEach((generation, guilds) -> all.addAll(guilds.kept(generation)));
        return all;
    }
}
