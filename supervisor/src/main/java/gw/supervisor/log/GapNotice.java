package gw.supervisor.log;

import gw.record.RecordBuffer;
import gw.record.RecordKind;
import gw.record.RecordView;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Counts the events of one order (a guild, or a shard) that were dropped for one reason, until the
 * bot can be told: from which to which event, from when to when, and how many. Owned by one thread.
 */
final class GapNotice {
    private static final byte[] NAME = "GW_GAP".getBytes(StandardCharsets.US_ASCII);

    private final long id;
    private final DropReason reason;
    private final int shardId;
    private final int shardCount;
    private final long guildId;
    private final String first;
    private final long firstMicros;
    private String session;
    private long lastSequence;
    private long lastMicros;
    private long events;
    private final LogPlace from;
    private LogPlace place;
    private boolean endsAtCursor;

    /** For the event that the view stands on, which is not counted yet. */
    GapNotice(long id, DropReason reason, RecordView record, LogPlace at) {
        this.id = id;
        this.reason = reason;
        shardId = record.shardId();
        shardCount = record.shardCount();
        guildId = record.guildId();
        first = record.sessionId() + ":" + record.sequence();
        firstMicros = record.receivedAtMicros();
        session = record.sessionId();
        from = at;
        place = at;
    }

    /** The same as another, to be counted on by itself. */
    GapNotice(GapNotice other) {
        id = other.id;
        reason = other.reason;
        shardId = other.shardId;
        shardCount = other.shardCount;
        guildId = other.guildId;
        first = other.first;
        firstMicros = other.firstMicros;
        session = other.session;
        lastSequence = other.lastSequence;
        lastMicros = other.lastMicros;
        events = other.events;
        from = other.from;
        place = other.place;
    }

    void add(RecordView record, LogPlace at) {
        events++;
        if (!record.sessionEquals(session.getBytes(StandardCharsets.ISO_8859_1))) {
            session = record.sessionId();
        }
        lastSequence = record.sequence();
        lastMicros = record.receivedAtMicros();
        place = at;
    }

    /** Whether the last one was dropped as the cursor came to it. */
    boolean endsAtCursor() {
        return endsAtCursor;
    }

    void endsAtCursor(boolean does) {
        endsAtCursor = does;
    }

    long id() {
        return id;
    }

    DropReason reason() {
        return reason;
    }

    /** The first event that it counts stood there. */
    LogPlace from() {
        return from;
    }

    /** The last event that it counts stood there. */
    LogPlace place() {
        return place;
    }

    /** The announcement, as a record that stands where the events stood. */
    byte[] record(long nowMicros) {
        String facts =
                "\"events\":"
                        + events
                        + ",\"from\":\""
                        + escaped(first)
                        + "\",\"to\":\""
                        + escaped(session + ":" + lastSequence)
                        + "\","
                        + times(firstMicros, lastMicros)
                        + (guildId == 0 ? "" : ",\"guild_id\":\"" + guildId + "\"");
        return record(
                reason, facts, shardId, shardCount, session, lastSequence, guildId, nowMicros);
    }

    /** The announcement of what can't be read any more; of which guilds it was nobody knows. */
    static byte[] record(Loss loss, long nowMicros) {
        String known =
                loss.events() == 0
                        ? ""
                        : "\"events\":"
                                + loss.events()
                                + ",\"from\":\""
                                + escaped(loss.sessionId() + ":" + loss.first())
                                + "\",";
        String upTo =
                loss.last() == 0
                        ? ""
                        : "\"to\":\"" + escaped(loss.sessionId() + ":" + loss.last()) + "\",";
        String facts = known + upTo + times(loss.fromMicros(), loss.toMicros());
        return record(
                DropReason.DAMAGED,
                facts,
                loss.shardId(),
                loss.shardCount(),
                loss.sessionId(),
                loss.last(),
                0,
                nowMicros);
    }

    private static byte[] record(
            DropReason reason,
            String facts,
            int shardId,
            int shardCount,
            String session,
            long sequence,
            long guildId,
            long nowMicros) {
        String json =
                "{\"t\":\"GW_GAP\",\"s\":null,\"op\":0,\"d\":{\"reason\":\""
                        + reason.word()
                        + "\","
                        + facts
                        + ",\"shard_id\":"
                        + shardId
                        + "}}";
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        RecordBuffer buffer = new RecordBuffer(512);
        var _ =
                buffer.append(
                        RecordKind.GAP,
                        shardId,
                        shardCount,
                        sequence,
                        guildId,
                        nowMicros,
                        session.getBytes(StandardCharsets.ISO_8859_1),
                        NAME,
                        0,
                        NAME.length,
                        payload,
                        0,
                        payload.length);
        return buffer.toByteArray();
    }

    private static String times(long from, long to) {
        return (from == 0 ? "" : "\"from_time\":\"" + time(from) + "\",")
                + "\"to_time\":\""
                + time(to)
                + "\"";
    }

    private static String time(long micros) {
        return Instant.EPOCH
                .plus(micros, ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
    }

    /** Session ids are Discord's and plain, but nothing promises it. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c >= ' ') {
                out.append(c);
            }
        }
        return out.toString();
    }
}
