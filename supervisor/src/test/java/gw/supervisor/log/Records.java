package gw.supervisor.log;

import gw.record.RecordBuffer;
import gw.record.RecordKind;

import java.nio.charset.StandardCharsets;

/** Batches for tests. */
public final class Records {
    private final RecordBuffer buffer = new RecordBuffer(1024);

    public Records add(int shard, String session, long sequence, long guild, String payload) {
        return add("MESSAGE_CREATE", shard, session, sequence, guild, 1_000_000, payload);
    }

    public Records add(
            String type,
            int shard,
            String session,
            long sequence,
            long guild,
            long receivedAtMicros,
            String payload) {
        return add(
                RecordKind.DISPATCH,
                type,
                shard,
                session,
                sequence,
                guild,
                receivedAtMicros,
                payload);
    }

    /** What a worker writes before the first event of a session that follows a lost one. */
    public Records gap(int shard, String session, String payload) {
        return add(RecordKind.GAP, "GW_GAP", shard, session, 0, 0, 1_000_000, payload);
    }

    /** One of any kind. */
    public Records add(
            RecordKind kind,
            String type,
            int shard,
            String session,
            long sequence,
            long guild,
            long receivedAtMicros,
            String payload) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        byte[] body = payload.getBytes(StandardCharsets.UTF_8);
        var _ =
                buffer.append(
                        kind,
                        shard,
                        10,
                        sequence,
                        guild,
                        receivedAtMicros,
                        session.getBytes(StandardCharsets.US_ASCII),
                        name,
                        0,
                        name.length,
                        body,
                        0,
                        body.length);
        return this;
    }

    public byte[] batch() {
        byte[] bytes = buffer.toByteArray();
        buffer.clear();
        return bytes;
    }
}
