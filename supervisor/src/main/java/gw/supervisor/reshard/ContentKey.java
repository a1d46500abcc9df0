package gw.supervisor.reshard;

import gw.record.RecordView;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

import java.util.OptionalLong;

/**
 * What an event is, whichever session brought it: its type, its guild and its {@code d}, but not
 * its sequence. The order of keys, spaces and escapes make no difference. Stateless; any thread.
 */
final class ContentKey {
    private static final int MAX_DEPTH = 500;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final long ARRAY = 0x632BE59BD9B4E019L;
    private static final long OBJECT = 0x8CB92BA72F3D8DD7L;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNumberLength(10_000)
                                    .build())
                    .build();

    private ContentKey() {}

    /** 64 bits: two events of the same content have the same ones, two others hardly ever. */
    static long of(RecordView record) {
        long key =
                mix(
                        record.guildId() * SPREAD
                                + bytes(record.array(), record.nameOffset(), record.nameLength()));
        try (JsonParser parser =
                JSON.createParser(
                        ObjectReadContext.empty(),
                        record.array(),
                        record.payloadOffset(),
                        record.payloadLength())) {
            OptionalLong data = data(parser);
            return data.isPresent() ? mix(key + data.getAsLong()) : alone(record, key);
        } catch (JacksonException e) {
            return alone(record, key);
        }
    }

    /** It was never an event: then it is itself alone, its session and sequence included. */
    private static long alone(RecordView record, long key) {
        int from = record.sessionOffset();
        long all = bytes(record.array(), from, record.offset() + record.length() - from);
        return mix(key + mix(record.sequence() * SPREAD + all));
    }

    /** Empty: it is not a whole object, and that alone. */
    private static OptionalLong data(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return OptionalLong.empty();
        }
        long data = 0;
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (key.equals("d")) {
                data = mix(data + value(parser, value));
            } else {
                var _ = parser.skipChildren();
            }
        }
        return parser.nextToken() == null ? OptionalLong.of(data) : OptionalLong.empty();
    }

    private static long value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                long sum = OBJECT;
                for (String key = parser.nextName(); key != null; key = parser.nextName()) {
                    // A sum: their order says nothing.
                    sum += mix(text(key) * SPREAD + value(parser, parser.nextToken()));
                }
                yield mix(sum);
            }
            case START_ARRAY -> {
                long all = ARRAY;
                for (JsonToken next = parser.nextToken();
                        next != JsonToken.END_ARRAY;
                        next = parser.nextToken()) {
                    all = mix(all * SPREAD + value(parser, next));
                }
                yield all;
            }
            default ->
                    mix(
                            token.id() * SPREAD
                                    + text(
                                            parser.getStringCharacters(),
                                            parser.getStringOffset(),
                                            parser.getStringLength()));
        };
    }

    private static long text(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 0x100000001B3L ^ text.charAt(i);
        }
        return mix(hash);
    }

    private static long text(char[] chars, int offset, int length) {
        long hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 0x100000001B3L ^ chars[i];
        }
        return mix(hash);
    }

    private static long bytes(byte[] array, int from, int length) {
        long hash = length;
        for (int i = from; i < from + length; i++) {
            hash = hash * 0x100000001B3L ^ array[i];
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 32) * 0xD6E8FEB86659FD93L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
        return mixed ^ mixed >>> 32;
    }
}
