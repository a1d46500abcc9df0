package gw.supervisor.interactions;

import gw.model.Secret;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds what names an interaction in its payload, without a tree and no further than it must. What
 * it doesn't understand gives nothing; it never throws.
 */
final class InteractionReader {
    /** Beyond it nothing is read; the largest seen has some 100 KB, of resolved messages. */
    static final int MAX_PAYLOAD_BYTES = 1024 * 1024;

    private static final int MAX_DEPTH = 200;
    private static final Pattern ID = Pattern.compile("[0-9]{1,20}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.~=-]{1,1024}");
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build();

    private @Nullable String id;
    private @Nullable String token;
    private int type;

    private InteractionReader() {}

    /** The facts in these bytes, a whole payload with its {@code d}. */
    static Optional<InteractionFacts> read(byte[] array, int offset, int length) {
        if (length > MAX_PAYLOAD_BYTES) {
            return Optional.empty();
        }
        try (JsonParser parser =
                JSON.createParser(ObjectReadContext.empty(), array, offset, length)) {
            return new InteractionReader().payload(parser);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private Optional<InteractionFacts> payload(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return Optional.empty();
        }
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (key.equals("d")) {
                return value == JsonToken.START_OBJECT ? data(parser) : Optional.empty();
            }
            var _ = parser.skipChildren();
        }
        return Optional.empty();
    }

    private Optional<InteractionFacts> data(JsonParser parser) {
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            JsonToken value = parser.nextToken();
            switch (key) {
                case "id" -> id = text(parser, value, ID);
                case "token" -> token = text(parser, value, TOKEN);
                case "type" ->
                        type = value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : 0;
                default -> {
                    var _ = parser.skipChildren();
                    continue;
                }
            }
            if (id != null && token != null && type > 0) {
                return Optional.of(new InteractionFacts(id, type, Secret.of(token)));
            }
        }
        return Optional.empty();
    }

    private static @Nullable String text(JsonParser parser, JsonToken value, Pattern shape) {
        if (value != JsonToken.VALUE_STRING) {
            var _ = parser.skipChildren();
            return null;
        }
        String text = parser.getString();
        return shape.matcher(text).matches() ? text : null;
    }
}
