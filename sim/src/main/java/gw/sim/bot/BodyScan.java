package gw.sim.bot;

import java.nio.charset.StandardCharsets;

/** Reads the fixed frame around a payload, {@code {"shardId":N,"data":...}}, without parsing. */
final class BodyScan {
    private static final byte[] SHARD = "{\"shardId\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = ",\"data\":".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 9;

    int shardId;
    int dataFrom;
    int dataTo;

    /** Whether it is such a frame around a JSON object; then the fields hold what was found. */
    boolean read(byte[] body, int length) {
        if (!startsWith(body, length, 0, SHARD)) {
            return false;
        }
        int at = SHARD.length;
        int value = 0;
        while (at < length && body[at] >= '0' && body[at] <= '9') {
            if (at - SHARD.length >= MAX_DIGITS) {
                return false;
            }
            value = value * 10 + (body[at++] - '0');
        }
        if (at == SHARD.length || !startsWith(body, length, at, DATA)) {
            return false;
        }
        shardId = value;
        dataFrom = at + DATA.length;
        dataTo = length - 1;
        return dataTo - dataFrom >= 2
                && body[dataFrom] == '{'
                && body[dataTo - 1] == '}'
                && body[dataTo] == '}';
    }

    private static boolean startsWith(byte[] body, int length, int at, byte[] words) {
        if (length - at < words.length) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if (body[at + i] != words[i]) {
                return false;
            }
        }
        return true;
    }
}
