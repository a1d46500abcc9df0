package gw.bench.log;

import gw.record.RecordBuffer;
import gw.record.RecordKind;
import gw.sim.event.RealisticEvents;
import gw.sim.gateway.SimEvent;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Batches of records as they come over the link, of 50 shards. Owned by one thread. */
final class Events {
    private static final int SHARDS = 50;
    private static final int POOL = 4_096;
    private static final byte[] SESSION =
            "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final SimEvent[] pool = new SimEvent[POOL];
    private final byte[][] names = new byte[POOL][];
    private final long[] sequences = new long[SHARDS];
    private final RecordBuffer buffer = new RecordBuffer(512 * 1024);
    private final RandomGenerator random;
    private int at;

    /** Events whose data is half to twice as long as {@code payloadBytes}, and that on average. */
    Events(RandomGenerator random, int payloadBytes, long firstSequence) {
        this.random = random;
        RealisticEvents source = new RealisticEvents(1);
        long sum = 0;
        for (int i = 0; i < POOL; ) {
            SimEvent event = source.next(1_000_000_000_000_000_000L + (i % 5_000));
            int length = event.data().length;
            boolean fits = length >= payloadBytes / 2 && length <= payloadBytes * 2;
            boolean evens = (length > payloadBytes) != (sum > (long) i * payloadBytes);
            if (fits && evens) {
                pool[i] = event;
                names[i] = event.name().getBytes(StandardCharsets.US_ASCII);
                sum += length;
                i++;
            }
        }
        for (int i = 0; i < SHARDS; i++) {
            sequences[i] = firstSequence;
        }
    }

    /** So many records. */
    byte[] batch(int records) {
        buffer.clear();
        for (int i = 0; i < records; i++) {
            add();
        }
        return buffer.toByteArray();
    }

    /** Records of 64 to 256 KB, and how many they are. */
    Burst burst() {
        buffer.clear();
        int bytes = random.nextInt(64 * 1024, 256 * 1024);
        while (buffer.length() < bytes) {
            add();
        }
        return new Burst(buffer.toByteArray(), buffer.count());
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Burst(byte[] records, int count) {}

    private void add() {
        int shard = random.nextInt(SHARDS);
        at = (at + 1) % POOL;
        byte[] data = pool[at].data();
        var _ =
                buffer.append(
                        RecordKind.DISPATCH,
                        shard,
                        SHARDS,
                        ++sequences[shard],
                        pool[at].guildId(),
                        1_700_000_000_000_000L,
                        SESSION,
                        names[at],
                        0,
                        names[at].length,
                        data,
                        0,
                        data.length);
    }
}
