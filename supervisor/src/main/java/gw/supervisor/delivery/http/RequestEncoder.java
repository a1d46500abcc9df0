package gw.supervisor.delivery.http;

import gw.record.RecordKind;
import gw.record.RecordView;
import gw.supervisor.delivery.Deferrals;
import gw.supervisor.delivery.Parcel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import java.nio.charset.StandardCharsets;

/** Writes a POST, head and body, into one buffer: the payload's bytes are copied once. */
final class RequestEncoder {
    private static final byte[] EVENT_ID = ascii("X-Gw-Event-Id: ");
    private static final byte[] GAP_ID = ascii("gap.");
    private static final byte[] EVENT_NAME = ascii("\r\nX-Gw-Event-Name: ");
    private static final byte[] SHARD_ID = ascii("\r\nX-Gw-Shard-Id: ");
    private static final byte[] SHARD_COUNT = ascii("\r\nX-Gw-Shard-Count: ");
    private static final byte[] ATTEMPT = ascii("\r\nX-Gw-Attempt: ");
    private static final byte[] DEFERRED = ascii("\r\nX-Gw-Deferred: ");
    private static final byte[] START_UP = ascii("\r\nX-Gw-Start-Up: reshard");
    private static final byte[] LENGTH = ascii("\r\nContent-Length: ");
    private static final byte[] END = ascii("\r\n\r\n{\"shardId\":");
    private static final byte[] DATA = ascii(",\"data\":");
    private static final int BODY_FRAME = "{\"shardId\":,\"data\":}".length();

    private static final byte[] BATCH_SIZE = ascii("X-Gw-Batch-Size: ");
    private static final byte[] BODY = ascii("\r\n\r\n[");
    private static final byte[] ITEM = ascii("{\"shardId\":");
    private static final byte[] ITEM_COUNT = ascii(",\"shardCount\":");
    private static final byte[] ITEM_ID = ascii(",\"id\":\"");
    private static final byte[] ITEM_DEFERRED = ascii("\",\"deferred\":");
    private static final byte[] ITEM_START_UP = ascii("\",\"startUp\":\"reshard");
    private static final byte[] ITEM_DATA = ascii("\",\"data\":");
    private static final int ITEM_FRAME =
            ITEM.length + ITEM_COUNT.length + ITEM_ID.length + ITEM_DATA.length + ":}".length();

    private final byte[] head;

    RequestEncoder(Target target, HttpSinkSettings settings) {
        head =
                ascii(
                        "POST "
                                + target.path()
                                + " HTTP/1.1\r\nHost: "
                                + target.hostHeader()
                                + "\r\nUser-Agent: "
                                + settings.userAgent()
                                + "\r\nContent-Type: application/json\r\n"
                                + settings.secret()
                                        .map(secret -> "Authorization: " + secret.reveal() + "\r\n")
                                        .orElse(""));
    }

    /**
     * One request.
     *
     * @param deferredBy callback type by which the interaction was answered in the bot's place; 0:
     *     it was not
     */
    ByteBuf encode(ByteBufAllocator allocator, RecordView record, int attempt, int deferredBy) {
        int bodyLength = BODY_FRAME + digits(record.shardId()) + record.payloadLength();
        ByteBuf out = allocator.ioBuffer(head.length + 320 + bodyLength);
        boolean startUp = record.kind() == RecordKind.START_UP;
        out.writeBytes(head).writeBytes(EVENT_ID);
        if (record.kind() == RecordKind.GAP) {
            // Not the id of the event that it stands behind: the bot may have seen that one.
            out.writeBytes(GAP_ID);
        }
        token(out, record.array(), record.sessionOffset(), record.sessionLength());
        out.writeByte(':');
        number(out, record.sequence());
        out.writeBytes(EVENT_NAME);
        token(out, record.array(), record.nameOffset(), record.nameLength());
        out.writeBytes(SHARD_ID);
        number(out, record.shardId());
        out.writeBytes(SHARD_COUNT);
        number(out, record.shardCount());
        out.writeBytes(ATTEMPT);
        number(out, attempt);
        if (deferredBy != 0) {
            out.writeBytes(DEFERRED);
            number(out, deferredBy);
        }
        if (startUp) {
            out.writeBytes(START_UP);
        }
        out.writeBytes(LENGTH);
        number(out, bodyLength);
        out.writeBytes(END);
        number(out, record.shardId());
        out.writeBytes(DATA);
        out.writeBytes(record.array(), record.payloadOffset(), record.payloadLength());
        out.writeByte('}');
        return out;
    }

    /**
     * One request for a list of events; throws when one of them can't be read.
     *
     * @param view is moved over them
     */
    ByteBuf encode(
            ByteBufAllocator allocator, Parcel parcel, RecordView view, Deferrals deferrals) {
        int bodyLength = 1 + parcel.size();
        for (int i = 0; i < parcel.size(); i++) {
            parcel.entry(i).view(view);
            bodyLength += itemLength(view, deferrals.callbackType(view));
        }
        ByteBuf out = allocator.ioBuffer(head.length + 128 + bodyLength);
        boolean whole = false;
        try {
            list(out, parcel, bodyLength, view, deferrals);
            whole = true;
            return out;
        } finally {
            if (!whole) {
                var _ = out.release();
            }
        }
    }

    private void list(
            ByteBuf out, Parcel parcel, int bodyLength, RecordView view, Deferrals deferrals) {
        out.writeBytes(head).writeBytes(BATCH_SIZE);
        number(out, parcel.size());
        out.writeBytes(ATTEMPT);
        number(out, parcel.attempt());
        out.writeBytes(LENGTH);
        number(out, bodyLength);
        out.writeBytes(BODY);
        for (int i = 0; i < parcel.size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            parcel.entry(i).view(view);
            item(out, view, deferrals.callbackType(view));
        }
        out.writeByte(']');
    }

    private static int itemLength(RecordView record, int deferredBy) {
        return ITEM_FRAME
                + digits(record.shardId())
                + digits(record.shardCount())
                + (record.kind() == RecordKind.GAP ? GAP_ID.length : 0)
                + (record.kind() == RecordKind.START_UP ? ITEM_START_UP.length : 0)
                + record.sessionLength()
                + digits(record.sequence())
                + (deferredBy == 0
                        ? 0
                        : ITEM_DEFERRED.length
                                + digits(deferredBy)
                                + DATA.length
                                - ITEM_DATA.length)
                + record.payloadLength();
    }

    private static void item(ByteBuf out, RecordView record, int deferredBy) {
        out.writeBytes(ITEM);
        number(out, record.shardId());
        out.writeBytes(ITEM_COUNT);
        number(out, record.shardCount());
        out.writeBytes(ITEM_ID);
        if (record.kind() == RecordKind.GAP) {
            out.writeBytes(GAP_ID);
        }
        token(out, record.array(), record.sessionOffset(), record.sessionLength());
        out.writeByte(':');
        number(out, record.sequence());
        if (record.kind() == RecordKind.START_UP) {
            out.writeBytes(ITEM_START_UP);
        }
        if (deferredBy == 0) {
            out.writeBytes(ITEM_DATA);
        } else {
            out.writeBytes(ITEM_DEFERRED);
            number(out, deferredBy);
            out.writeBytes(DATA);
        }
        out.writeBytes(record.array(), record.payloadOffset(), record.payloadLength());
        out.writeByte('}');
    }

    /** What came from outside must break neither head nor JSON: all but plain ASCII becomes "?". */
    private static void token(ByteBuf out, byte[] array, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte c = array[i];
            out.writeByte(c > 0x20 && c < 0x7f && c != '"' && c != '\\' ? c : '?');
        }
    }

    private static void number(ByteBuf out, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("number: " + value + " (expected: >= 0)");
        }
        int digits = digits(value);
        int end = out.writerIndex() + digits;
        out.ensureWritable(digits);
        long rest = value;
        for (int i = end - 1; i >= end - digits; i--) {
            out.setByte(i, (int) ('0' + rest % 10));
            rest /= 10;
        }
        out.writerIndex(end);
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
