package gw.supervisor.config;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLReadFeature;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a YAML or JSON file into settings. Errors name the file and the line, never the line's
 * text: it may hold the token (P8).
 */
final class ConfigFile {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final int DEEPEST = 16;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String name;
    private final Given.Folders folders;

    private ConfigFile(String name, Given.Folders folders) {
        this.name = name;
        this.folders = folders;
    }

    /**
     * The file's settings.
     *
     * @param file absolute; relative paths in it start at its directory
     * @param name as the user wrote it
     */
    static Map<Setting<?>, Given> read(Path file, String name, Path home) throws UserError {
        String text = BoundedFile.read("the configuration file", file, MOST_BYTES);
        Path parent = file.getParent();
        Given.Folders folders = new Given.Folders(parent == null ? file : parent, home);
        return new ConfigFile(Shown.of(name), folders).parse(text);
    }

    private Map<Setting<?>, Given> parse(String text) throws UserError {
        if (text.isBlank()) {
            throw error("it is empty");
        }
        if (text.stripLeading().startsWith("{")) {
            // JSON is nearly YAML, but for tabs and escapes.
            try (JsonParser json =
                    new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
                return settings(json);
            } catch (JacksonException e) {
                return yaml(text, e.getLocation());
            }
        }
        return yaml(text, null);
    }

    private Map<Setting<?>, Given> yaml(String text, @Nullable TokenStreamLocation jsonError)
            throws UserError {
        YAMLFactory factory =
                YAMLFactory.builder().disable(YAMLReadFeature.PARSE_OCTAL_NUMBERS).build();
        try (JsonParser yaml = factory.createParser(ObjectReadContext.empty(), text)) {
            return settings(yaml);
        } catch (JacksonException e) {
            // The exception's own words quote the file.
            TokenStreamLocation at = jsonError == null ? e.getLocation() : jsonError;
            throw error(
                    at == null || at.getLineNr() < 1
                            ? "it is neither YAML nor JSON"
                            : "line "
                                    + at.getLineNr()
                                    + ", column "
                                    + at.getColumnNr()
                                    + ": it is neither YAML nor JSON",
                    "Look for a missing quote, colon or comma, or a wrong indentation, there or"
                            + " in the line above.");
        }
    }

    private Map<Setting<?>, Given> settings(JsonParser in) throws UserError {
        JsonToken first = in.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            throw error("it is empty");
        }
        if (first != JsonToken.START_OBJECT) {
            throw error(
                    "it holds no settings",
                    "Each line is a name, a colon and a value, for example: maxShards: 16");
        }
        Map<Setting<?>, Given> given = new LinkedHashMap<>();
        Map<String, Integer> lines = new HashMap<>();
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = in.currentName();
            int line = in.currentTokenLocation().getLineNr();
            Setting<?> setting = setting(key, line);
            Integer before = lines.put(key, line);
            if (before != null) {
                throw error(
                        key + " is there twice, " + both(before, line), "Take one of them away.");
            }
            in.nextToken();
            JsonNode value = value(in, 1);
            if (!value.isNull()) {
                String where = key + " in " + name + ", line " + line;
                given.put(setting, new Given(value, where, folders));
            }
        }
        if (in.nextToken() != null) {
            throw error(
                    "line "
                            + in.currentTokenLocation().getLineNr()
                            + ": something follows after the settings",
                    "One document for each file.");
        }
        return given;
    }

    private Setting<?> setting(String key, int line) throws UserError {
        Optional<Setting<?>> setting = SettingsTable.byKey(key);
        if (setting.isEmpty()) {
            throw error(
                    "line " + line + ": there is no setting " + Shown.of(key),
                    Nearest.to(key, SettingsTable.keys())
                            .map(near -> "Did you mean " + near + "?")
                            .orElse("Known: " + String.join(", ", SettingsTable.keys()) + "."));
        }
        return setting.get();
    }

    private JsonNode value(JsonParser in, int depth) throws UserError {
        if (depth > DEEPEST) {
            throw error(at(in) + "it is nested more than " + DEEPEST + " deep");
        }
        if (in instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw error(at(in) + "YAML aliases (*name) are not read", "Write the value out.");
        }
        JsonToken token = in.currentToken();
        if (token == null) {
            throw error("it breaks off");
        }
        return switch (token) {
            case VALUE_STRING -> NODES.stringNode(in.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(in);
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case START_ARRAY -> array(in, depth);
            case START_OBJECT -> object(in, depth);
            case VALUE_EMBEDDED_OBJECT, END_ARRAY, END_OBJECT, PROPERTY_NAME, NOT_AVAILABLE ->
                    throw error(at(in) + "a text, a number, a list or an object was expected");
        };
    }

    private static JsonNode number(JsonParser in) {
        String text = in.getString();
        // A long number is a mistake, and what reads it says so.
        return text.length() > 30
                ? NODES.stringNode(text)
                : in.currentToken() == JsonToken.VALUE_NUMBER_INT
                        ? NODES.numberNode(in.getBigIntegerValue())
                        : NODES.numberNode(in.getDecimalValue());
    }

    private JsonNode array(JsonParser in, int depth) throws UserError {
        ArrayNode array = NODES.arrayNode();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(in, depth + 1));
        }
        return array;
    }

    private JsonNode object(JsonParser in, int depth) throws UserError {
        ObjectNode object = NODES.objectNode();
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = in.currentName();
            int line = in.currentTokenLocation().getLineNr();
            if (object.has(key)) {
                throw error("line " + line + ": " + Shown.of(key) + " is there twice");
            }
            in.nextToken();
            object.set(key, value(in, depth + 1));
        }
        return object;
    }

    private static String at(JsonParser in) {
        return "line " + in.currentTokenLocation().getLineNr() + ": ";
    }

    private static String both(int before, int line) {
        return before == line ? "in line " + line : "in lines " + before + " and " + line;
    }

    private UserError error(String what) {
        return error(what, "");
    }

    private UserError error(String what, String advice) {
        return new UserError(
                ExitCode.CONFIG, "the configuration file " + name + ": " + what, advice);
    }
}
