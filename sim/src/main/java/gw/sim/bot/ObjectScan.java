package gw.sim.bot;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Finds where a JSON object ends and what its own {@code t} is: brackets are counted and strings
 * passed over, nothing is built. Owned by one thread.
 */
final class ObjectScan {
    private static final int KEPT_DEPTH = 4_096;
    private static final int MAX_NAME = 100;

    /** By depth: a brace is open there, no bracket. */
    private BitSet braces = new BitSet();

    private String name = "";

    /** The object's {@code t}; empty: it has none, or none that is a short plain word. */
    String name() {
        return name;
    }

    /** Whether a whole object begins here; then the scan stands behind it. */
    boolean read(ByteScan scan) {
        name = "";
        if (scan.at >= scan.end || scan.bytes[scan.at] != '{') {
            return false;
        }
        boolean whole = walk(scan);
        if (braces.size() > KEPT_DEPTH) {
            braces = new BitSet();
        }
        return whole;
    }

    private boolean walk(ByteScan scan) {
        int depth = 0;
        boolean key = false;
        boolean named = false;
        while (scan.at < scan.end) {
            int from = scan.at;
            byte c = scan.bytes[scan.at++];
            switch (c) {
                case '{', '[' -> {
                    braces.set(++depth, c == '{');
                    key = depth == 1;
                    named = named && !key;
                }
                case '}', ']' -> {
                    if (braces.get(depth) != (c == '}')) {
                        return false;
                    }
                    if (--depth == 0) {
                        return true;
                    }
                }
                case ',' -> {
                    key = depth == 1;
                    named = named && !key;
                }
                case '"' -> {
                    if (!string(scan)) {
                        return false;
                    }
                    if (depth == 1 && key) {
                        key = false;
                        named = scan.at - from == 3 && scan.bytes[from + 1] == 't';
                    } else if (depth == 1 && named) {
                        name = word(scan.bytes, from + 1, scan.at - 1);
                    }
                }
                default -> {
                    // Numbers, words and blanks open nothing.
                }
            }
        }
        return false;
    }

    /** Goes behind a string whose first quote was read. */
    private static boolean string(ByteScan scan) {
        while (scan.at < scan.end) {
            byte c = scan.bytes[scan.at++];
            if (c == '"') {
                return true;
            }
            if (c == '\\') {
                scan.at++;
            }
        }
        return false;
    }

    private static String word(byte[] bytes, int from, int to) {
        return to - from > MAX_NAME
                ? ""
                : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
