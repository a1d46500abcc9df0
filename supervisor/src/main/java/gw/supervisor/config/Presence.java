package gw.supervisor.config;

import gw.supervisor.exit.UserError;
import gw.supervisor.json.JsonTree;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Reads the presence for IDENTIFY and refuses what would make Discord refuse the IDENTIFY. */
final class Presence {
    /** IDENTIFY has 4096 bytes, and the token, the properties and the rest need some. */
    private static final int MOST_BYTES = 3_000;

    private static final int MOST_FILE_BYTES = 16 * 1024;
    private static final Set<String> KEYS = Set.of("since", "activities", "status", "afk");
    private static final List<String> STATUSES =
            List.of("online", "dnd", "idle", "invisible", "offline");

    private Presence() {}

    /** The JSON text; reads the file that {@code @FILE} names. */
    static String read(Given given) throws BadValueException {
        JsonNode presence = given.node().isObject() ? given.node() : parse(given);
        check(given, presence);
        String json = JsonTree.write(presence);
        if (json.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw given.bad("at most " + MOST_BYTES + " bytes of JSON");
        }
        return json;
    }

    private static JsonNode parse(Given given) throws BadValueException {
        String text = given.text();
        if (text.startsWith("@")) {
            try {
                text =
                        BoundedFile.read(
                                "the presence file",
                                given.path(text.substring(1)),
                                MOST_FILE_BYTES);
            } catch (UserError e) {
                throw new BadValueException(String.valueOf(e.getMessage()), e.advice());
            }
        }
        try {
            return JsonTree.readStrictly(text);
        } catch (JacksonException e) {
            throw given.bad("a JSON object, or @FILE that holds one", example());
        }
    }

    private static void check(Given given, JsonNode presence) throws BadValueException {
        if (!presence.isObject()) {
            throw given.bad("a JSON object, or @FILE that holds one", example());
        }
        for (String key : presence.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw given.bad("only since, activities, status and afk in it", example());
            }
        }
        JsonNode status = presence.path("status");
        if (!status.isMissingNode() && !STATUSES.contains(status.asString(""))) {
            throw given.bad("status to be one of " + String.join(", ", STATUSES));
        }
        JsonNode afk = presence.path("afk");
        if (!afk.isMissingNode() && !afk.isBoolean()) {
            throw given.bad("afk to be true or false");
        }
        JsonNode activities = presence.path("activities");
        if (activities.isMissingNode()) {
            return;
        }
        for (JsonNode activity : activities) {
            if (!activity.path("name").isString() || !activity.path("type").isIntegralNumber()) {
                throw given.bad("a name and a numeric type in each of the activities", example());
            }
        }
        if (!activities.isArray()) {
            throw given.bad("activities to be a list", example());
        }
    }

    private static String example() {
        return "For example: {\"status\":\"online\",\"activities\":[{\"name\":\"shard"
                + " {{shard}}\",\"type\":3}]}";
    }
}
