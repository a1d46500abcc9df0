package gw.supervisor.capacity;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

import java.util.Optional;

/**
 * Reads from whole payloads (with their {@code d}) what is told of guilds, without a tree. What is
 * no JSON to its end, or is larger than its bound, tells nothing; it never throws. Any thread.
 */
final class GuildPayloads {
    /** A hundred times what Discord lets a shard have. */
    static final int MOST_GUILDS = 250_000;

    /** A READY with as many guilds fits; a larger one would hold up the event loop. */
    static final int MOST_READY_BYTES = 16 * 1024 * 1024;

    /** Nothing but an id, a flag and the envelope: a guild that is there is not told in so few. */
    static final int MOST_UNAVAILABLE_BYTES = 1024;

    private static final int MOST_DELETE_BYTES = 64 * 1024;
    private static final int MAX_DEPTH = 200;
    private static final int MOST_DIGITS = 19;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build();

    /** Reads one member of {@code d}; the parser stands on its value, and then on its end. */
    @FunctionalInterface
    private interface Member<T> {
        Optional<T> read(JsonParser parser, JsonToken value);
    }

    private GuildPayloads() {}

    /**
     * The guilds that a READY lists, each once; empty: it can't be read, or lists none at all.
     * Elements without an id are left out.
     */
    static Optional<AbsentGuilds> listed(byte[] array, int offset, int length) {
        return length > MOST_READY_BYTES
                ? Optional.empty()
                : member(array, offset, length, "guilds", GuildPayloads::guilds).value();
    }

    /** Whether a GUILD_DELETE tells an outage; empty: it can't be read. */
    static Optional<Boolean> isOutage(byte[] array, int offset, int length) {
        if (length > MOST_DELETE_BYTES) {
            return Optional.empty();
        }
        Found<Boolean> found = unavailable(array, offset, length);
        return found.sound() ? Optional.of(found.value().orElse(false)) : Optional.empty();
    }

    /** Whether a GUILD_CREATE tells a guild that Discord can't give yet, because of an outage. */
    static boolean isWithoutGuild(byte[] array, int offset, int length) {
        return length <= MOST_UNAVAILABLE_BYTES
                && unavailable(array, offset, length).value().orElse(false);
    }

    private static Found<Boolean> unavailable(byte[] array, int offset, int length) {
        return member(
                array,
                offset,
                length,
                "unavailable",
                (parser, value) -> {
                    var _ = parser.skipChildren();
                    return Optional.of(value == JsonToken.VALUE_TRUE);
                });
    }

    /**
     * What was found.
     *
     * @param sound the payload is JSON to its end, and has a {@code d} with members
     */
    private record Found<T>(boolean sound, Optional<T> value) {}

    private static <T> Found<T> member(
            byte[] array, int offset, int length, String name, Member<T> reader) {
        Found<T> nothing = new Found<>(false, Optional.empty());
        Found<T> found = nothing;
        try (JsonParser parser =
                JSON.createParser(ObjectReadContext.empty(), array, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return nothing;
            }
            for (String key = parser.nextName(); key != null; key = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (key.equals("d") && value == JsonToken.START_OBJECT) {
                    found = new Found<>(true, inData(parser, name, reader));
                } else {
                    var _ = parser.skipChildren();
                }
            }
            boolean whole =
                    parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return whole ? found : nothing;
        } catch (JacksonException e) {
            return nothing;
        }
    }

    /** Of members with the same name the last one counts. */
    private static <T> Optional<T> inData(JsonParser parser, String name, Member<T> reader) {
        Optional<T> found = Optional.empty();
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (key.equals(name)) {
                found = reader.read(parser, value);
            } else {
                var _ = parser.skipChildren();
            }
        }
        return found;
    }

    private static Optional<AbsentGuilds> guilds(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_ARRAY) {
            var _ = parser.skipChildren();
            return Optional.empty();
        }
        AbsentGuilds guilds = new AbsentGuilds();
        boolean tooMany = false;
        for (JsonToken token = parser.nextToken();
                token != null && token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            long id = token == JsonToken.START_OBJECT ? id(parser) : 0;
            if (token == JsonToken.START_ARRAY) {
                var _ = parser.skipChildren();
            }
            tooMany |= guilds.size() == MOST_GUILDS;
            if (id > 0 && !tooMany) {
                guilds.put(id, true);
            }
        }
        return tooMany ? Optional.empty() : Optional.of(guilds);
    }

    /** Of the object that has begun; 0: it has none. */
    private static long id(JsonParser parser) {
        long id = 0;
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (!key.equals("id")) {
                var _ = parser.skipChildren();
            } else if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
                id = snowflake(parser);
            } else {
                var _ = parser.skipChildren();
                id = 0;
            }
        }
        return id;
    }

    private static long snowflake(JsonParser parser) {
        char[] text = parser.getStringCharacters();
        int from = parser.getStringOffset();
        int length = parser.getStringLength();
        if (length > MOST_DIGITS) {
            return 0;
        }
        long id = 0;
        for (int i = from; i < from + length; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            id = id * 10 + digit;
        }
        return Math.max(0, id);
    }
}
