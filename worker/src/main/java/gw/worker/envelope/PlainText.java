package gw.worker.envelope;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the end of what means nothing in a JSON string, eight bytes at a time. */
final class PlainText {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = '"' * EACH;
    private static final long BACKSLASHES = '\\' * EACH;
    private static final long SPACES = ' ' * EACH;

    private PlainText() {}

    /**
     * Where the first quote, backslash or control character is.
     *
     * @return {@code end}: there is none
     */
    static int end(byte[] bytes, int from, int end) {
        int at = from;
        while (end - at >= Long.BYTES) {
            long eight = (long) LONG.get(bytes, at);
            // The high bit of each byte that matters; of those above the lowest it may be wrong.
            long found =
                    (zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES) | (eight - SPACES & ~eight))
                            & HIGH_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < end) {
            byte c = bytes[at];
            if (c == '"' || c == '\\' || (c >= 0 && c < ' ')) {
                return at;
            }
            at++;
        }
        return end;
    }

    /** The high bit of each byte that is 0. */
    private static long zeros(long bytes) {
        return bytes - EACH & ~bytes;
    }
}
