package gw.supervisor.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads and writes whole documents. Jackson's trees are used, its mapper is not: with it come 450
 * classes that would lie in the supervisor's memory for the sake of some small files. Any thread.
 */
public final class JsonTree {
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonFactory STRICT =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonTree() {}

    /** An object without members. */
    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /**
     * The only value of a text; a missing node when there is none. Of members with the same name
     * the last one counts.
     *
     * @throws JacksonException when it is not JSON, or something follows the value
     */
    public static JsonNode read(String json) {
        return read(JSON, json);
    }

    /**
     * The same of UTF-8.
     *
     * @throws JacksonException when it is not JSON, or something follows the value
     */
    public static JsonNode read(byte[] json) {
        return read(JSON, new String(json, StandardCharsets.UTF_8));
    }

    /**
     * The same of a text in which no object may have two members with the same name.
     *
     * @throws JacksonException when it is not such JSON, or something follows the value
     */
    public static JsonNode readStrictly(String json) {
        return read(STRICT, json);
    }

    /** As UTF-8, without spaces. */
    public static byte[] bytes(JsonNode node) {
        return write(node).getBytes(StandardCharsets.UTF_8);
    }

    /** As text, without spaces. */
    public static String write(JsonNode node) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(node, out);
        }
        return text.toString();
    }

    private static JsonNode read(JsonFactory factory, String json) {
        try (JsonParser in = factory.createParser(ObjectReadContext.empty(), json)) {
            if (in.nextToken() == null) {
                return NODES.missingNode();
            }
            JsonNode root = value(in);
            if (in.nextToken() != null) {
                throw new StreamReadException(in, "something follows the value");
            }
            return root;
        }
    }

    /** The parser bounds how deep it goes. */
    private static JsonNode value(JsonParser in) {
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = in.currentName();
                    in.nextToken();
                    object.set(name, value(in));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(in));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.stringNode(in.getString());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT ->
                    switch (in.getNumberType()) {
                        case INT -> NODES.numberNode(in.getIntValue());
                        case LONG -> NODES.numberNode(in.getLongValue());
                        case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                                NODES.numberNode(in.getBigIntegerValue());
                    };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(in.getDoubleValue());
            case VALUE_EMBEDDED_OBJECT, END_ARRAY, END_OBJECT, PROPERTY_NAME, NOT_AVAILABLE ->
                    throw new StreamReadException(in, "a value was expected");
        };
    }

    private static void write(JsonNode node, JsonGenerator out) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.writeStartObject();
                for (Map.Entry<String, JsonNode> member : node.properties()) {
                    out.writeName(member.getKey());
                    write(member.getValue(), out);
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                for (JsonNode element : node) {
                    write(element, out);
                }
                out.writeEndArray();
            }
            case STRING -> out.writeString(node.stringValue());
            case BOOLEAN -> out.writeBoolean(node.booleanValue());
            case NULL, MISSING -> out.writeNull();
            case NUMBER -> {
                switch (node.numberType()) {
                    case INT, LONG -> out.writeNumber(node.longValue());
                    case BIG_INTEGER -> out.writeNumber(node.bigIntegerValue());
                    case FLOAT, DOUBLE -> out.writeNumber(node.doubleValue());
                    case BIG_DECIMAL -> out.writeNumber(node.decimalValue());
                }
            }
            case BINARY, POJO -> throw new IllegalArgumentException("no JSON has such a node");
        }
    }
}
