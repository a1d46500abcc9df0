package gw.worker.envelope;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Reads a payload's envelope in one pass and without building a tree: op, t, s, where d lies, and
 * the routing key. It is right for any key order, nesting, escape and whitespace; of two equal keys
 * the last counts. It allocates nothing unless a key is written with escapes. Owned by one thread.
 */
public final class EnvelopeScanner {
    private static final int MAX_DEPTH = 512;
    private static final byte[] GUILD_CREATE = "GUILD_CREATE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GUILD_UPDATE = "GUILD_UPDATE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GUILD_DELETE = "GUILD_DELETE".getBytes(StandardCharsets.US_ASCII);

    private byte[] json = new byte[0];
    private int start;
    private int end;
    private int at;
    private int stringFrom;
    private int stringTo;
    private boolean stringEscaped;
    private long dataGuildId;
    private long dataId;

    /**
     * Scans one payload.
     *
     * @param bytes holds the payload, UTF-8, at {@code offset}, {@code length} bytes
     * @param into filled on success; of no meaning after an exception
     * @throws EnvelopeException when the bytes are not one JSON object with a numeric op
     */
    public void scan(byte[] bytes, int offset, int length, Envelope into) throws EnvelopeException {
        json = bytes;
        start = offset;
        at = offset;
        end = offset + length;
        dataGuildId = 0;
        dataId = 0;
        into.op = -1;
        into.sequence = -1;
        into.nameOffset = offset;
        into.nameLength = 0;
        into.dataOffset = offset;
        into.dataLength = 0;
        whitespace();
        expect('{');
        envelope(into);
        whitespace();
        if (at != end) {
            throw problem("more bytes behind the object");
        }
        if (into.op < 0) {
            throw problem("no numeric op");
        }
        into.guildId = isGuildItself(into) ? dataId : dataGuildId;
    }

    private void envelope(Envelope into) throws EnvelopeException {
        if (tryClose('}')) {
            return;
        }
        do {
            key();
            if (keyIs("op")) {
                colon();
                into.op = (int) Math.min(number(), Integer.MAX_VALUE);
            } else if (keyIs("s")) {
                colon();
                into.sequence = literal("null") ? -1 : number();
            } else if (keyIs("t")) {
                colon();
                if (literal("null")) {
                    into.nameLength = 0;
                } else {
                    string();
                    into.nameOffset = stringFrom;
                    into.nameLength = stringTo - stringFrom;
                }
            } else if (keyIs("d")) {
                colon();
                into.dataOffset = at;
                data();
                into.dataLength = at - into.dataOffset;
            } else {
                colon();
                skipValue(1);
            }
        } while (more('}'));
    }

    private void data() throws EnvelopeException {
        dataGuildId = 0;
        dataId = 0;
        if (peek() != '{') {
            skipValue(1);
            return;
        }
        at++;
        if (tryClose('}')) {
            return;
        }
        do {
            key();
            if (keyIs("guild_id")) {
                colon();
                dataGuildId = snowflake();
            } else if (keyIs("id")) {
                colon();
                dataId = snowflake();
            } else {
                colon();
                skipValue(2);
            }
        } while (more('}'));
    }

    /** A snowflake as a string or a number; anything else is skipped and counts as none. */
    private long snowflake() throws EnvelopeException {
        byte first = peek();
        if (first == '"') {
            string();
            long value = 0;
            if (stringTo - stringFrom > 19 || stringTo == stringFrom) {
                return 0;
            }
            for (int i = stringFrom; i < stringTo; i++) {
                int digit = json[i] - '0';
                if (digit < 0 || digit > 9) {
                    return 0;
                }
                value = value * 10 + digit;
            }
            return Math.max(0, value);
        }
        if (first >= '0' && first <= '9') {
            int from = at;
            skipNumber();
            long value = 0;
            for (int i = from; i < at; i++) {
                int digit = json[i] - '0';
                if (digit < 0 || digit > 9 || i - from >= 19) {
                    return 0;
                }
                value = value * 10 + digit;
            }
            return Math.max(0, value);
        }
        skipValue(2);
        return 0;
    }

    private boolean isGuildItself(Envelope envelope) {
        return envelope.nameIs(json, GUILD_CREATE)
                || envelope.nameIs(json, GUILD_UPDATE)
                || envelope.nameIs(json, GUILD_DELETE);
    }

    private boolean regionIs(int from, int length, String text) {
        if (length != text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (json[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean keyIs(String name) throws EnvelopeException {
        if (!stringEscaped) {
            return regionIs(stringFrom, stringTo - stringFrom, name);
        }
        return unescaped().equals(name);
    }

    private String unescaped() throws EnvelopeException {
        StringBuilder text = new StringBuilder();
        int i = stringFrom;
        while (i < stringTo) {
            byte c = json[i++];
            if (c != '\\') {
                text.append((char) (c & 0xff));
                continue;
            }
            switch (json[i++]) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'u' -> {
                    int code = 0;
                    for (int digit = 1; digit <= 4; digit++) {
                        code = code * 16 + Character.digit(json[i + digit - 1], 16);
                    }
                    text.append((char) code);
                    i += 4;
                }
                default -> text.append((char) json[i - 1]);
            }
        }
        return text.toString();
    }

    private void key() throws EnvelopeException {
        whitespace();
        string();
    }

    private void colon() throws EnvelopeException {
        whitespace();
        expect(':');
        whitespace();
    }

    /** Behind a value: true at a comma, false at the closing bracket. */
    private boolean more(char close) throws EnvelopeException {
        whitespace();
        byte c = peek();
        at++;
        if (c == ',') {
            return true;
        }
        if (c == close) {
            return false;
        }
        at--;
        throw problem("neither a comma nor " + close);
    }

    private boolean tryClose(char close) throws EnvelopeException {
        whitespace();
        if (peek() == close) {
            at++;
            return true;
        }
        return false;
    }

    /**
     * Skips any value; the depth is counted, not the stack used, so that nesting can't overflow.
     */
    private void skipValue(int outerDepth) throws EnvelopeException {
        int depth = 0;
        long objects = 0;
        long @Nullable [] kinds = null;
        while (true) {
            whitespace();
            byte c = peek();
            boolean closed = false;
            if (c == '{' || c == '[') {
                if (outerDepth + depth >= MAX_DEPTH) {
                    throw problem("nested deeper than " + MAX_DEPTH);
                }
                at++;
                if (depth > 0 && depth % Long.SIZE == 0) {
                    if (kinds == null) {
                        kinds = new long[MAX_DEPTH / Long.SIZE + 1];
                    }
                    kinds[depth / Long.SIZE - 1] = objects;
                }
                objects = c == '{' ? objects | 1L << depth : objects & ~(1L << depth);
                depth++;
                if (tryClose(c == '{' ? '}' : ']')) {
                    closed = true;
                } else if (c == '{') {
                    key();
                    colon();
                    continue;
                } else {
                    continue;
                }
            } else {
                scalar(c);
            }
            while (true) {
                if (closed) {
                    depth--;
                    if (depth > 0 && depth % Long.SIZE == 0 && kinds != null) {
                        objects = kinds[depth / Long.SIZE - 1];
                    }
                }
                if (depth == 0) {
                    return;
                }
                boolean inObject = (objects >>> (depth - 1) & 1) == 1;
                if (more(inObject ? '}' : ']')) {
                    if (inObject) {
                        key();
                        colon();
                    }
                    break;
                }
                closed = true;
            }
        }
    }

    private void scalar(byte first) throws EnvelopeException {
        if (first == '"') {
            string();
        } else if (first == '-' || (first >= '0' && first <= '9')) {
            skipNumber();
        } else if (!literal("true") && !literal("false") && !literal("null")) {
            throw problem("no JSON value");
        }
    }

    private boolean literal(String word) {
        if (end - at < word.length() || !regionIs(at, word.length(), word)) {
            return false;
        }
        at += word.length();
        return true;
    }

    /** A whole number that is not negative. */
    private long number() throws EnvelopeException {
        int from = at;
        long value = 0;
        while (at < end && json[at] >= '0' && json[at] <= '9') {
            if (at - from >= 18) {
                throw problem("number is too long");
            }
            value = value * 10 + (json[at] - '0');
            at++;
        }
        if (at == from) {
            throw problem("no whole number");
        }
        if (at < end && (json[at] == '.' || json[at] == 'e' || json[at] == 'E')) {
            throw problem("no whole number");
        }
        return value;
    }

    private void skipNumber() throws EnvelopeException {
        int from = at;
        boolean digits = false;
        while (at < end) {
            byte c = json[at];
            if (c >= '0' && c <= '9') {
                digits = true;
            } else if (c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E') {
                break;
            }
            at++;
        }
        if (!digits) {
            at = from;
            throw problem("no number");
        }
    }

    /** Moves over a string; its inner bytes are left in stringFrom..stringTo. */
    private void string() throws EnvelopeException {
        expect('"');
        stringFrom = at;
        stringEscaped = false;
        while (true) {
            at = PlainText.end(json, at, end);
            if (at >= end) {
                throw problem("string is cut");
            }
            byte c = json[at];
            if (c == '"') {
                stringTo = at++;
                return;
            }
            if (c != '\\') {
                throw problem("control character in a string");
            }
            stringEscaped = true;
            at = escape();
        }
    }

    /** At a backslash; gives the offset behind the escape. */
    private int escape() throws EnvelopeException {
        if (end - at < 2) {
            throw problem("string is cut");
        }
        byte kind = json[at + 1];
        if (kind != 'u') {
            if ("\"\\/bfnrt".indexOf(kind) < 0) {
                throw problem("unknown escape");
            }
            return at + 2;
        }
        if (end - at < 6) {
            throw problem("string is cut");
        }
        for (int i = at + 2; i < at + 6; i++) {
            if (Character.digit(json[i], 16) < 0) {
                throw problem("escape is not hexadecimal");
            }
        }
        return at + 6;
    }

    private void whitespace() {
        while (at < end) {
            byte c = json[at];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    private byte peek() throws EnvelopeException {
        if (at >= end) {
            throw problem("payload is cut");
        }
        return json[at];
    }

    private void expect(char c) throws EnvelopeException {
        if (peek() != c) {
            throw problem("no " + c);
        }
        at++;
    }

    private EnvelopeException problem(String what) {
        return new EnvelopeException(at - start, what);
    }
}
