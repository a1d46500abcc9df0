package gw.supervisor.delivery.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import java.nio.charset.StandardCharsets;

/**
 * Takes the short way for the answer that nearly every event gets: a 2xx that came whole, on a
 * connection that goes on. Whatever is not clearly that goes to the HTTP decoder behind it, which
 * makes a dozen objects of each answer. One per connection; owned by the event loop.
 */
final class PlainAnswer extends ChannelInboundHandlerAdapter {
    private static final byte[] STATUS = ascii("HTTP/1.1 2");
    private static final byte[] CONTENT_LENGTH = ascii("content-length");
    private static final byte[] CONNECTION = ascii("connection");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");
    private static final byte[] TRAILER = ascii("trailer");
    private static final byte[] UPGRADE = ascii("upgrade");
    private static final int NO_CONTENT = 4;

    /** Longer ones are no short way. */
    private static final int MOST_BYTES = 4 * 1024;

    private static final int NOT_PLAIN = -1;

    private final Exchange exchange;

    /** The decoder has a part of the answer. */
    private boolean decoding;

    PlainAnswer(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!decoding
                && exchange.busy()
                && message instanceof ByteBuf bytes
                && isPlainSuccess(bytes)) {
            var _ = bytes.release();
            exchange.delivered();
            return;
        }
        decoding = true;
        long before = exchange.answers();
        var _ = ctx.fireChannelRead(message);
        // It may be busy with the next request by now.
        if (exchange.answers() != before || !exchange.busy()) {
            decoding = false;
        }
    }

    /**
     * Whether this is one whole answer with a status of 2xx, after which the connection goes on.
     */
    static boolean isPlainSuccess(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        if (end - at > MOST_BYTES || !startsWith(bytes, at, end, STATUS)) {
            return false;
        }
        int lastDigits = at + STATUS.length;
        boolean noContent =
                lastDigits + 1 < end
                        && bytes.getByte(lastDigits) == '0'
                        && bytes.getByte(lastDigits + 1) == '0' + NO_CONTENT;
        long length = NOT_PLAIN;
        int line = nextLine(bytes, at, end);
        if (line == NOT_PLAIN || !isStatusLine(bytes, lastDigits, line)) {
            return false;
        }
        while (true) {
            int next = nextLine(bytes, line, end);
            if (next == NOT_PLAIN) {
                return false;
            }
            if (next - line == 2) {
                return (noContent ? Math.max(0, length) : length) == end - next;
            }
            int colon = bytes.indexOf(line, next, (byte) ':');
            if (colon <= line
                    || isOdd(bytes, line, colon, ' ')
                    || isOdd(bytes, colon, next - 2, '\t' - 1)) {
                return false;
            }
            if (is(bytes, line, colon, CONTENT_LENGTH)) {
                boolean again = length != NOT_PLAIN;
                length = number(bytes, colon + 1, next - 2);
                if (again || length < 0 || (noContent && length > 0)) {
                    return false;
                }
            } else if (is(bytes, line, colon, CONNECTION)) {
                int value = skipSpaces(bytes, colon + 1, next - 2);
                if (!is(bytes, value, next - 2, KEEP_ALIVE)) {
                    return false;
                }
            } else if (is(bytes, line, colon, TRANSFER_ENCODING)
                    || is(bytes, line, colon, TRAILER)
                    || is(bytes, line, colon, UPGRADE)) {
                return false;
            }
            line = next;
        }
    }

    /** Two more digits, and then a space or the end of the line. */
    private static boolean isStatusLine(ByteBuf bytes, int digits, int nextLine) {
        if (nextLine - digits < 4) {
            return false;
        }
        byte behind = bytes.getByte(digits + 2);
        return isDigit(bytes.getByte(digits))
                && isDigit(bytes.getByte(digits + 1))
                && (behind == ' ' || behind == '\r');
    }

    /** Behind the next CR LF; -1: there is none. */
    private static int nextLine(ByteBuf bytes, int from, int end) {
        int feed = bytes.indexOf(from, end, (byte) '\n');
        return feed > from && bytes.getByte(feed - 1) == '\r' ? feed + 1 : NOT_PLAIN;
    }

    /** Whether a control character is in it, or any character up to this one. */
    private static boolean isOdd(ByteBuf bytes, int from, int to, int upTo) {
        for (int i = from; i < to; i++) {
            int c = bytes.getByte(i) & 0xff;
            if (c <= upTo || (c < ' ' && c != '\t') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    /** The number that fills these places, spaces apart; -1: there is none. */
    private static long number(ByteBuf bytes, int from, int to) {
        int at = skipSpaces(bytes, from, to);
        if (at == to || to - at > 9) {
            return NOT_PLAIN;
        }
        long value = 0;
        for (; at < to; at++) {
            byte c = bytes.getByte(at);
            if (!isDigit(c)) {
                return NOT_PLAIN;
            }
            value = 10 * value + (c - '0');
        }
        return value;
    }

    private static int skipSpaces(ByteBuf bytes, int from, int to) {
        int at = from;
        while (at < to && bytes.getByte(at) == ' ') {
            at++;
        }
        return at;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static boolean startsWith(ByteBuf bytes, int from, int end, byte[] expected) {
        if (end - from < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (bytes.getByte(from + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether these places hold that word, which is written in small letters, in any letters. */
    private static boolean is(ByteBuf bytes, int from, int to, byte[] word) {
        if (to - from != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            byte c = bytes.getByte(from + i);
            byte small = c >= 'A' && c <= 'Z' ? (byte) (c + 'a' - 'A') : c;
            if (small != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
