package gw.supervisor.capacity;

import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** The guilds of one shard, as its session tells them. Owned by the data event loop. */
final class ShardGuilds {
    /** The log's oldest records may be of these: none of them begins anew. */
    private static final int MOST_FORMER = 3;

    private static final byte[][] NONE = {};

    private final int shardCount;
    private final byte[] session;
    private final byte[][] former;
    private final AbsentGuilds absent;
    private final StartUps startUps;
    private long sequence;
    private int guilds;
    private @Nullable KeptShard kept;

    private ShardGuilds(
            int shardCount,
            byte[] session,
            byte[][] former,
            AbsentGuilds absent,
            StartUps startUps,
            long sequence,
            int guilds) {
        this.shardCount = shardCount;
        this.session = session;
        this.former = former;
        this.absent = absent;
        this.startUps = startUps;
        this.sequence = sequence;
        this.guilds = guilds;
    }

    /**
     * A session that begins with this READY, which lists these guilds.
     *
     * @param before what the shard had until then; null: nothing that is known
     */
    static ShardGuilds begin(RecordView ready, AbsentGuilds listed, @Nullable ShardGuilds before) {
        return new ShardGuilds(
                ready.shardCount(),
                Arrays.copyOfRange(
                        ready.array(),
                        ready.sessionOffset(),
                        ready.sessionOffset() + ready.sessionLength()),
                before == null ? NONE : before.withFormer(),
                listed,
                new StartUps(),
                ready.sequence(),
                listed.size());
    }

    /** As it was. */
    static ShardGuilds of(KeptShard kept) {
        return new ShardGuilds(
                kept.shardCount(),
                kept.session(),
                kept.former(),
                AbsentGuilds.of(kept.absent()),
                new StartUps(kept.lastStartUp(), kept.forgottenTo(), kept.others()),
                kept.sequence(),
                kept.guilds());
    }

    private byte[][] withFormer() {
        if (session.length > CapacityBytes.MOST_SESSION_BYTES) {
            return former;
        }
        byte[][] all = new byte[Math.min(MOST_FORMER, former.length + 1)][];
        all[0] = session;
        System.arraycopy(former, 0, all, 1, all.length - 1);
        return all;
    }

    int shardCount() {
        return shardCount;
    }

    /** How many there are, the absent ones among them. */
    int guilds() {
        return guilds;
    }

    AbsentGuilds absent() {
        return absent;
    }

    boolean isOfSession(RecordView record) {
        return record.sessionEquals(session);
    }

    boolean isOfFormerSession(RecordView record) {
        for (byte[] one : former) {
            if (record.sessionEquals(one)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this record of the session is in the count. */
    boolean hasCounted(RecordView record) {
        return record.sequence() <= sequence;
    }

    /** Whether this GUILD_CREATE, which is in the count, was one of the start-up. */
    boolean wasStartUp(RecordView created) {
        return startUps.contains(created.sequence());
    }

    /**
     * A guild has come.
     *
     * @param away it is announced, but can't be given yet
     * @return whether it is one that READY had listed and that had not come
     */
    boolean created(RecordView record, boolean away) {
        counted(record);
        long guild = record.guildId();
        boolean listed = absent.isListed(guild);
        if (listed) {
            startUps.came(record.sequence());
        } else if (absent.listed() > 0) {
            startUps.otherCame(record.sequence());
        }
        if (!absent.contains(guild)) {
            guilds++;
            if (away) {
                putAway(guild);
            }
        } else if (!away) {
            var _ = absent.remove(guild);
        }
        return listed;
    }

    /** A guild has gone: for as long as an outage lasts, or for good. */
    void deleted(RecordView record, boolean outage) {
        counted(record);
        if (outage) {
            putAway(record.guildId());
        } else {
            guilds = Math.max(0, guilds - 1);
            var _ = absent.remove(record.guildId());
        }
    }

    /** Past the bound an outage is not noticed: its guild's return is then one too many. */
    private void putAway(long guild) {
        if (absent.size() < GuildPayloads.MOST_GUILDS || absent.contains(guild)) {
            absent.put(guild, false);
        }
    }

    private void counted(RecordView record) {
        sequence = record.sequence();
        kept = null;
    }

    /** What is to be kept; the same object until something changes. */
    KeptShard kept(int generation, int shardId) {
        KeptShard now = kept;
        if (now == null) {
            now =
                    new KeptShard(
                            generation,
                            shardId,
                            shardCount,
                            session,
                            former,
                            sequence,
                            guilds,
                            absent.toArray(),
                            startUps.last(),
                            startUps.forgottenTo(),
                            startUps.others());
            kept = now;
        }
        return now;
    }
}
