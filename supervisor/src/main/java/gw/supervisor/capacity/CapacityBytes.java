package gw.supervisor.capacity;

import gw.model.ShardRange;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file's bytes, numbers big-endian:
 *
 * <pre>
 * u64 magic, u32 CRC-32C of what follows
 * u16 length, the bot
 * i32 first, last, count of the growth's shards (count 0: none)
 * u16 samples: i64 at, i64 guilds, i32 fullest
 * u32 shards: i32 generation, id, count, i64 sequence, i32 guilds,
 *     u8 length, session, u8 former: u8 length, session,
 *     i64 last start-up, i64 forgotten to, u8 others: i64,
 *     u32 absent: i64
 * </pre>
 *
 * It is bounded: a shard that doesn't fit is left out, those with the most absent guilds first.
 */
final class CapacityBytes {
    /** Room for a million and a half of absent guilds. */
    static final int MOST_BYTES = 16 * 1024 * 1024;

    static final int MOST_SESSION_BYTES = 255;

    private static final long MAGIC = 0x6777_6775_696c_6401L;
    private static final int CRC_FROM = Long.BYTES + Integer.BYTES;
    private static final int SAMPLE_BYTES = 2 * Long.BYTES + Integer.BYTES;
    private static final int SHARD_BYTES = 5 * Integer.BYTES + 3 * Long.BYTES + 3;

    /**
     * All that is kept.
     *
     * @param bot whose it is
     */
    record Content(String bot, Growth.Kept growth, List<KeptShard> shards) {
        Content {
            shards = List.copyOf(shards);
        }
    }

    /**
     * What was written, or is to be.
     *
     * @param leftOut shards for which there was no room
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Encoded(byte[] bytes, int leftOut) {}

    private CapacityBytes() {}

    static Encoded encode(Content content) {
        return encode(content, MOST_BYTES);
    }

    /** The same with another bound. */
    static Encoded encode(Content content, int mostBytes) {
        byte[] bot = content.bot().getBytes(StandardCharsets.UTF_8);
        List<Growth.Sample> samples = content.growth().samples();
        int length =
                CRC_FROM
                        + Short.BYTES
                        + bot.length
                        + 3 * Integer.BYTES
                        + Short.BYTES
                        + samples.size() * SAMPLE_BYTES
                        + Integer.BYTES;
        List<KeptShard> all = new ArrayList<>(content.shards());
        all.sort(Comparator.comparingInt(shard -> shard.absent().length));
        List<KeptShard> fit = new ArrayList<>(all.size());
        for (KeptShard shard : all) {
            long more = length(shard);
            if (!isSessionTooLong(shard) && length + more <= mostBytes) {
                length += (int) more;
                fit.add(shard);
            }
        }
        ByteBuffer out = ByteBuffer.allocate(length).putLong(MAGIC).putInt(0);
        out.putShort((short) bot.length).put(bot);
        Optional<ShardRange> own = content.growth().own();
        out.putInt(own.map(ShardRange::first).orElse(0));
        out.putInt(own.map(ShardRange::last).orElse(0));
        out.putInt(own.map(ShardRange::count).orElse(0));
        out.putShort((short) samples.size());
        for (Growth.Sample sample : samples) {
            out.putLong(sample.atMillis()).putLong(sample.guilds()).putInt(sample.fullest());
        }
        out.putInt(fit.size());
        for (KeptShard shard : fit) {
            put(out, shard);
        }
        byte[] bytes = out.array();
        out.putInt(Long.BYTES, crc(bytes));
        return new Encoded(bytes, content.shards().size() - fit.size());
    }

    private static boolean isSessionTooLong(KeptShard shard) {
        return shard.session().length > MOST_SESSION_BYTES;
    }

    private static long length(KeptShard shard) {
        long sessions = shard.session().length;
        for (byte[] session : shard.former()) {
            sessions += 1 + session.length;
        }
        return SHARD_BYTES
                + sessions
                + shard.others().length * (long) Long.BYTES
                + shard.absent().length * (long) Long.BYTES;
    }

    private static void put(ByteBuffer out, KeptShard shard) {
        out.putInt(shard.generation()).putInt(shard.shardId()).putInt(shard.shardCount());
        out.putLong(shard.sequence()).putInt(shard.guilds());
        putSession(out, shard.session());
        out.put((byte) shard.former().length);
        for (byte[] session : shard.former()) {
            putSession(out, session);
        }
        out.putLong(shard.lastStartUp()).putLong(shard.forgottenTo());
        out.put((byte) shard.others().length);
        for (long sequence : shard.others()) {
            out.putLong(sequence);
        }
        out.putInt(shard.absent().length);
        for (long guild : shard.absent()) {
            out.putLong(guild);
        }
    }

    private static void putSession(ByteBuffer out, byte[] session) {
        out.put((byte) session.length).put(session);
    }

    /** What the bytes say; empty: they are none of ours, or damaged. */
    static Optional<Content> decode(byte[] bytes) {
        if (bytes.length < CRC_FROM) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getLong() != MAGIC || in.getInt() != crc(bytes)) {
            return Optional.empty();
        }
        try {
            Content content =
                    new Content(
                            new String(array(in, in.getShort() & 0xffff), StandardCharsets.UTF_8),
                            growth(in),
                            shards(in));
            return in.hasRemaining() ? Optional.empty() : Optional.of(content);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Growth.Kept growth(ByteBuffer in) {
        int first = in.getInt();
        int last = in.getInt();
        int shardCount = in.getInt();
        Optional<ShardRange> own =
                shardCount == 0
                        ? Optional.empty()
                        : Optional.of(new ShardRange(first, last, shardCount));
        int count = in.getShort() & 0xffff;
        List<Growth.Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(new Growth.Sample(in.getLong(), in.getLong(), in.getInt()));
        }
        return new Growth.Kept(own, samples);
    }

    private static List<KeptShard> shards(ByteBuffer in) {
        int count = in.getInt();
        List<KeptShard> shards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shards.add(shard(in));
        }
        return shards;
    }

    private static KeptShard shard(ByteBuffer in) {
        int generation = in.getInt();
        int shardId = in.getInt();
        int shardCount = in.getInt();
        if (shardId < 0 || shardCount < 1) {
            throw new IllegalArgumentException("shard " + shardId + " of " + shardCount);
        }
        long sequence = in.getLong();
        int guilds = in.getInt();
        byte[] session = array(in, in.get() & 0xff);
        byte[][] former = new byte[in.get() & 0xff][];
        for (int i = 0; i < former.length; i++) {
            former[i] = array(in, in.get() & 0xff);
        }
        long lastStartUp = in.getLong();
        long forgottenTo = in.getLong();
        long[] others = numbers(in, in.get() & 0xff);
        return new KeptShard(
                generation,
                shardId,
                shardCount,
                session,
                former,
                sequence,
                guilds,
                numbers(in, in.getInt()),
                lastStartUp,
                forgottenTo,
                others);
    }

    private static byte[] array(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static long[] numbers(ByteBuffer in, int count) {
        if (count < 0 || count > in.remaining() / Long.BYTES) {
            throw new BufferUnderflowException();
        }
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = in.getLong();
        }
        return numbers;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, CRC_FROM, bytes.length - CRC_FROM);
        return (int) crc.getValue();
    }
}
