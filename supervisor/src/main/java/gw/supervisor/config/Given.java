package gw.supervisor.config;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A value as it was written, and where. Prints only where: it may be a secret (P8). */
final class Given {
    private final JsonNode value;
    private final String where;
    private final Folders folders;

    /**
     * Where a relative path starts, and what {@code ~/} stands for.
     *
     * @param base absolute
     * @param home absolute
     */
    record Folders(Path base, Path home) {
        static Folders of(Path base, Map<String, String> environment) {
            String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
            return new Folders(base, base.resolve(home));
        }

        Path resolve(String path) {
            if (path.equals("~")) {
                return home;
            }
            return path.startsWith("~/")
                    ? home.resolve(path.substring(2)).normalize()
                    : base.resolve(path).normalize();
        }
    }

    /**
     * A value.
     *
     * @param where the name in the user's own spelling: {@code --max-shards}, {@code
     *     GW_MAX_SHARDS}, {@code maxShards in gw.yaml, line 3}
     */
    Given(JsonNode value, String where, Folders folders) {
        this.value = value;
        this.where = where;
        this.folders = folders;
    }

    static Given text(String value, String where, Folders folders) {
        return new Given(StringNode.valueOf(value), where, folders);
    }

    JsonNode node() {
        return value;
    }

    String where() {
        return where;
    }

    /** One word or number, without blanks around it. */
    String text() throws BadValueException {
        return scalar(value);
    }

    /** A list, or one text with commas or blanks between its items. */
    List<String> items() throws BadValueException {
        List<String> items = new ArrayList<>();
        if (value.isArray()) {
            for (JsonNode item : value) {
                items.add(scalar(item));
            }
        } else {
            for (String item : text().split("[,\\s]+", -1)) {
                if (!item.isEmpty()) {
                    items.add(item);
                }
            }
        }
        return items;
    }

    /** A path, relative to where it was written: the file's directory, or the working directory. */
    Path path() throws BadValueException {
        return path(text());
    }

    Path path(String text) throws BadValueException {
        if (text.isEmpty()) {
            throw bad("a path");
        }
        try {
            return folders.resolve(text);
        } catch (InvalidPathException e) {
            throw bad("a path");
        }
    }

    /** The refusal of this value. */
    BadValueException bad(String expected) {
        return bad(expected, "");
    }

    BadValueException bad(String expected, String advice) {
        return new BadValueException(shown() + " (expected: " + expected + ")", advice);
    }

    /** The value as an error may show it. */
    String shown() {
        if (value.isObject()) {
            return "an object";
        }
        return Shown.of(value.isArray() ? value.toString() : value.asString());
    }

    /** Reads it for this setting; an error says where it stands. */
    <T> T as(Reader<T> reader) throws UserError {
        try {
            return reader.read(this);
        } catch (BadValueException e) {
            throw new UserError(ExitCode.CONFIG, where + ": " + e.message(), e.advice());
        }
    }

    private String scalar(JsonNode node) throws BadValueException {
        if (!node.isValueNode() || node.isNull()) {
            throw bad("one text or number");
        }
        return node.asString().strip();
    }

    @Override
    public String toString() {
        return where;
    }
}
