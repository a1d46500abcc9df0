package gw.bench.parts;

import gw.record.RecordBuffer;
import gw.record.RecordKind;
import gw.sim.gateway.SimEvent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Events as records of the shards of one worker. */
public final class Records {
    private static final int SHARDS = 25;
    private static final byte[] SESSION =
            "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int POOL = 4_096;

    private final List<SimEvent> events;
    private final byte[][] names;
    private final long[] sequences = new long[SHARDS];
    private int at;

    /** Of so many different events, which come again and again with new sequences. */
    public Records(int eventBytes, int different) {
        events = Payloads.events(eventBytes, different);
        names = new byte[different][];
        for (int i = 0; i < different; i++) {
            names[i] = events.get(i).name().getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** Appends the shard's next record and gives its length. */
    public int append(RecordBuffer to, int shard) {
        SimEvent event = events.get(at);
        byte[] name = names[at];
        at = at + 1 == names.length ? 0 : at + 1;
        return to.append(
                RecordKind.DISPATCH,
                shard,
                SHARDS,
                ++sequences[shard],
                event.guildId(),
                1_700_000_000_000_000L,
                SESSION,
                name,
                0,
                name.length,
                event.data(),
                0,
                event.data().length);
    }

    /** So many records in batches as they go over the link, each of one shard: a read burst is. */
    public static List<byte[]> batches(int eventBytes, int records, int batch) {
        Records source = new Records(eventBytes, Math.min(records, POOL));
        RecordBuffer buffer = new RecordBuffer(64 * 1024);
        List<byte[]> batches = new ArrayList<>(records / batch);
        for (int i = 0; i < records / batch; i++) {
            for (int j = 0; j < batch; j++) {
                int _ = source.append(buffer, i % SHARDS);
            }
            batches.add(buffer.toByteArray());
            buffer.clear();
        }
        return batches;
    }
}
