package gw.worker.shard;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a shard takes from READY.
 *
 * @param guildIds listed as unavailable; a GUILD_CREATE or GUILD_DELETE follows for each, or never
 */
record ReadyPayload(
        String sessionId, String resumeUrl, long userId, String userName, Set<Long> guildIds) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Reads READY's {@code d}; empty when it names no session. */
    static Optional<ReadyPayload> read(byte[] json, int offset, int length) {
        String sessionId = "";
        String resumeUrl = "";
        long userId = 0;
        String userName = "";
        Set<Long> guilds = new HashSet<>();
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json, offset, length)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                JsonToken value = in.nextToken();
                switch (name) {
                    case "session_id" -> sessionId = text(in, value);
                    case "resume_gateway_url" -> resumeUrl = text(in, value);
                    case "user" -> {
                        if (value == JsonToken.START_OBJECT) {
                            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                                String field = in.currentName();
                                JsonToken inner = in.nextToken();
                                if (field.equals("id")) {
                                    userId = snowflake(text(in, inner));
                                } else if (field.equals("username")) {
                                    userName = text(in, inner);
                                }
                                in.skipChildren();
                            }
                        }
                    }
                    case "guilds" -> guilds(in, value, guilds);
                    default -> in.skipChildren();
                }
            }
        } catch (JacksonException e) {
            return Optional.empty();
        }
        return sessionId.isEmpty()
                ? Optional.empty()
                : Optional.of(new ReadyPayload(sessionId, resumeUrl, userId, userName, guilds));
    }

    private static void guilds(JsonParser in, JsonToken value, Set<Long> into) {
        if (value != JsonToken.START_ARRAY) {
            in.skipChildren();
            return;
        }
        while (in.nextToken() == JsonToken.START_OBJECT) {
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = in.currentName();
                JsonToken inner = in.nextToken();
                if (field.equals("id")) {
                    into.add(snowflake(text(in, inner)));
                }
                in.skipChildren();
            }
        }
    }

    private static String text(JsonParser in, JsonToken value) {
        return value == JsonToken.VALUE_STRING ? in.getString() : "";
    }

    private static long snowflake(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
