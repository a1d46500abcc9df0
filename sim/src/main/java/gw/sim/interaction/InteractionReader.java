package gw.sim.interaction;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Finds what names an interaction in its {@code d}. Of one use. */
final class InteractionReader {
    private static final JsonFactory JSON = new JsonFactory();

    String id = "";
    String applicationId = "";
    String token = "";
    int type;

    /** False when it is no interaction that could be answered. */
    boolean read(byte[] data) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), data)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            for (@Nullable String key = parser.nextName(); key != null; key = parser.nextName()) {
                JsonToken value = parser.nextToken();
                switch (key) {
                    case "id" -> id = parser.getString();
                    case "application_id" -> applicationId = parser.getString();
                    case "token" -> token = parser.getString();
                    case "type" ->
                            type = value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : 0;
                    default -> parser.skipChildren();
                }
            }
            return !id.isEmpty() && !token.isEmpty() && type > 0;
        } catch (JacksonException e) {
            return false;
        }
    }
}
