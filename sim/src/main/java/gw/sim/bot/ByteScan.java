package gw.sim.bot;

import java.nio.charset.StandardCharsets;

/** Goes through bytes from the front, and stays where it is when something else stands there. */
final class ByteScan {
    private static final int MAX_DIGITS = 9;

    final byte[] bytes;
    final int end;
    int at;

    ByteScan(byte[] bytes, int length) {
        this.bytes = bytes;
        this.end = length;
    }

    /** Goes behind these bytes. */
    boolean take(byte[] words) {
        if (end - at < words.length) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if (bytes[at + i] != words[i]) {
                return false;
            }
        }
        at += words.length;
        return true;
    }

    /** Goes behind a number of at most nine digits; -1: none stands here. */
    int number() {
        int from = at;
        int value = 0;
        int to = from;
        while (to < end && bytes[to] >= '0' && bytes[to] <= '9') {
            if (to - from >= MAX_DIGITS) {
                return -1;
            }
            value = value * 10 + (bytes[to++] - '0');
        }
        if (to == from) {
            return -1;
        }
        at = to;
        return value;
    }

    /** Goes up to the next quote over visible ASCII without escapes; empty: that isn't here. */
    String token(int most) {
        int from = at;
        int to = from;
        while (to < end && bytes[to] != '"') {
            byte c = bytes[to++];
            if (c <= ' ' || c == 0x7f || c == '\\' || to - from > most) {
                return "";
            }
        }
        if (to == end) {
            return "";
        }
        at = to;
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }
}
