package gw.sim.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Spells JSON in the many ways in which it may be spelled: any key order, any escape, sometimes
 * whitespace. What it says is the same. Owned by one thread.
 */
final class JsonSpelling {
    private static final String[] BLANKS = {"", " ", "  ", "\n", "\r\n\t", "\t"};

    private final RandomGenerator random;
    private boolean loose;
    private boolean shuffled;
    private boolean escapedKeys;

    JsonSpelling(RandomGenerator random) {
        this.random = random;
    }

    /** Chooses how the next texts are spelled. */
    void turn() {
        loose = random.nextInt(12) == 0;
        shuffled = random.nextInt(2) == 0;
        escapedKeys = random.nextInt(40) == 0;
    }

    JsonObject object() {
        return new JsonObject(this);
    }

    String join(List<String> members) {
        List<String> ordered = new ArrayList<>(members);
        if (shuffled) {
            Collections.shuffle(ordered, Random.from(random));
        }
        return "{" + list(ordered) + "}";
    }

    String array(List<String> values) {
        return "[" + list(values) + "]";
    }

    private String list(List<String> parts) {
        StringBuilder out = new StringBuilder(blank());
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                out.append(blank()).append(',').append(blank());
            }
            out.append(parts.get(i));
        }
        return out.append(blank()).toString();
    }

    String member(String key, String json) {
        return key(key) + blank() + ":" + blank() + json;
    }

    private String key(String key) {
        if (!escapedKeys || random.nextInt(4) > 0 || key.isEmpty()) {
            return string(key);
        }
        int at = random.nextInt(key.length());
        String plain = string(key.substring(0, at));
        String rest = string(key.substring(at + 1));
        return plain.substring(0, plain.length() - 1) + unicode(key.charAt(at)) + rest.substring(1);
    }

    /** A string with its quotes. Non-ASCII goes out as it is or as escapes. */
    String string(String text) {
        boolean ascii = random.nextInt(4) == 0;
        StringBuilder out = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append(ascii ? "\\u0022" : "\\\"");
                case '\\' -> out.append(ascii ? "\\u005c" : "\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '/' -> out.append(ascii ? "\\/" : "/");
                case EventTemplate.GUILD, EventTemplate.NEW_ID -> out.append(c);
                default -> {
                    if (c < ' ' || (ascii && c > '~')) {
                        out.append(unicode(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private String unicode(char c) {
        String code = String.format(Locale.ROOT, "%04x", (int) c);
        return "\\u" + (random.nextBoolean() ? code : code.toUpperCase(Locale.ROOT));
    }

    private String blank() {
        return loose ? BLANKS[random.nextInt(BLANKS.length)] : "";
    }
}
