package gw.supervisor.log;

import gw.record.RecordBuffer;
import gw.record.RecordKind;
import gw.record.RecordView;

import java.nio.charset.StandardCharsets;

/**
 * Counts the events of one order (a guild, or a shard) that the limit dropped, until the bot can be
 * told: from which to which event, and how many. Owned by one thread.
 */
final class GapNotice {
    private static final byte[] NAME = "GW_GAP".getBytes(StandardCharsets.US_ASCII);

    private final int shardId;
    private final int shardCount;
    private final long guildId;
    private final String first;
    private String last;
    private String session;
    private long lastSequence;
    private long events;

    GapNotice(RecordView record) {
        shardId = record.shardId();
        shardCount = record.shardCount();
        guildId = record.guildId();
        first = record.sessionId() + ":" + record.sequence();
        last = first;
        session = record.sessionId();
    }

    void add(RecordView record) {
        events++;
        session = record.sessionId();
        lastSequence = record.sequence();
        last = session + ":" + lastSequence;
    }

    /** The announcement, as a record that stands where the events stood. */
    LogEntry entry(long nowMicros) {
        String json =
                "{\"t\":\"GW_GAP\",\"s\":null,\"op\":0,\"d\":{\"reason\":\"queue_full\",\"events\":"
                        + events
                        + ",\"from\":\""
                        + escaped(first)
                        + "\",\"to\":\""
                        + escaped(last)
                        + "\""
                        + (guildId == 0 ? "" : ",\"guild_id\":\"" + guildId + "\"")
                        + "}}";
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        RecordBuffer buffer = new RecordBuffer(512);
        int length =
                buffer.append(
                        RecordKind.GAP,
                        shardId,
                        shardCount,
                        lastSequence,
                        guildId,
                        nowMicros,
                        session.getBytes(StandardCharsets.ISO_8859_1),
                        NAME,
                        0,
                        NAME.length,
                        payload,
                        0,
                        payload.length);
        return new LogEntry(buffer.toByteArray(), 0, length, shardId, guildId);
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
