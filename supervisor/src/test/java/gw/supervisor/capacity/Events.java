package gw.supervisor.capacity;

import gw.record.RecordBuffer;
import gw.record.RecordFormatException;
import gw.record.RecordKind;
import gw.record.RecordView;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;

/** Records as a shard's session brings them. */
final class Events {
    /** What a guild that is there looks like: never shorter than this. */
    private static final String MUCH = "x".repeat(GuildPayloads.MOST_UNAVAILABLE_BYTES);

    private final int shard;
    private final int count;
    private final String session;
    private long sequence;

    /** A session of this shard out of so many. */
    Events(int shard, int count, String session) {
        this.shard = shard;
        this.count = count;
        this.session = session;
    }

    String session() {
        return session;
    }

    /** A guild id that Discord assigns to this shard, a different one for each number. */
    long guild(long number) {
        return ((number + 1) * count + shard) << 22 | (number & 1023);
    }

    RecordView ready(Collection<Long> guilds) {
        return event(
                "READY",
                0,
                guilds.stream()
                        .map(id -> "{\"unavailable\":true,\"id\":\"" + id + "\"}")
                        .collect(
                                Collectors.joining(
                                        ",",
                                        "{\"v\":10,\"user\":{\"id\":\"1\",\"guilds\":[{}]},\"guilds\":[",
                                        "],\"session_id\":\"s\"}")));
    }

    RecordView created(long guild) {
        return event(
                "GUILD_CREATE",
                guild,
                "{\"id\":\"" + guild + "\",\"unavailable\":false,\"name\":\"" + MUCH + "\"}");
    }

    /** One that can't be given yet. */
    RecordView announced(long guild) {
        return event("GUILD_CREATE", guild, "{\"unavailable\":true,\"id\":\"" + guild + "\"}");
    }

    RecordView outage(long guild) {
        return event("GUILD_DELETE", guild, "{\"id\":\"" + guild + "\",\"unavailable\":true}");
    }

    RecordView removed(long guild) {
        return event("GUILD_DELETE", guild, "{\"id\":\"" + guild + "\"}");
    }

    /** An event with this {@code d}. */
    RecordView event(String name, long guild, String data) {
        long next = sequence + 1;
        return raw(
                name,
                guild,
                "{\"t\":\"" + name + "\",\"s\":" + next + ",\"op\":0,\"d\":" + data + "}");
    }

    /** An event with these bytes for a payload. */
    RecordView raw(String name, long guild, String payload) {
        return raw(name, guild, payload.getBytes(StandardCharsets.UTF_8));
    }

    RecordView raw(String name, long guild, byte[] payload) {
        byte[] type = name.getBytes(StandardCharsets.US_ASCII);
        RecordBuffer buffer = new RecordBuffer(payload.length + 256);
        sequence++;
        int length =
                buffer.append(
                        RecordKind.DISPATCH,
                        shard,
                        count,
                        sequence,
                        guild,
                        1_000_000,
                        session.getBytes(StandardCharsets.US_ASCII),
                        type,
                        0,
                        type.length,
                        payload,
                        0,
                        payload.length);
        RecordView view = new RecordView();
        try {
            var _ = view.wrap(buffer.array(), 0, length);
        } catch (RecordFormatException e) {
            throw new IllegalStateException(e);
        }
        return view;
    }
}
