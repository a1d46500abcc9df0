package gw.sim.event;

import java.util.ArrayList;
import java.util.List;

/** A JSON object in the making. */
final class JsonObject {
    private final JsonSpelling spelling;
    private final List<String> members = new ArrayList<>();

    JsonObject(JsonSpelling spelling) {
        this.spelling = spelling;
    }

    JsonObject text(String key, String value) {
        return json(key, spelling.string(value));
    }

    JsonObject number(String key, long value) {
        return json(key, Long.toString(value));
    }

    JsonObject flag(String key, boolean value) {
        return json(key, Boolean.toString(value));
    }

    JsonObject nothing(String key) {
        return json(key, "null");
    }

    JsonObject list(String key, List<String> values) {
        return json(key, spelling.array(values));
    }

    JsonObject object(String key, JsonObject value) {
        return json(key, value.toJson());
    }

    JsonObject json(String key, String value) {
        members.add(spelling.member(key, value));
        return this;
    }

    /** The guild that the event belongs to. */
    JsonObject guild() {
        return json("guild_id", "\"" + EventTemplate.GUILD + "\"");
    }

    /** An id that is new each time. */
    JsonObject newId(String key) {
        return json(key, "\"" + EventTemplate.NEW_ID + "\"");
    }

    String toJson() {
        return spelling.join(members);
    }
}
