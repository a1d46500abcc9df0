package gw.worker.shard;

import gw.model.Session;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** Writes what a shard says to Discord: heartbeat, identify, resume. */
final class OutboundPayloads {
    private static final JsonFactory JSON = new JsonFactory();

    private OutboundPayloads() {}

    /** Op 1. {@code sequence} below 1: null. */
    static byte[] heartbeat(long sequence) {
        String d = sequence > 0 ? Long.toString(sequence) : "null";
        return ("{\"op\":1,\"d\":" + d + "}").getBytes(StandardCharsets.US_ASCII);
    }

    /** Op 6. */
    static byte[] resume(IdentifyFacts facts, Session session, long sequence) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            out.writeNumberProperty("op", 6);
            out.writeObjectPropertyStart("d");
            out.writeStringProperty("token", facts.token().reveal());
            out.writeStringProperty("session_id", session.id());
            out.writeNumberProperty("seq", sequence);
            out.writeEndObject();
            out.writeEndObject();
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Op 2. */
    static byte[] identify(IdentifyFacts facts, int shardId, int shardCount) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            out.writeNumberProperty("op", 2);
            out.writeObjectPropertyStart("d");
            out.writeStringProperty("token", facts.token().reveal());
            out.writeNumberProperty("intents", facts.intents());
            out.writeArrayPropertyStart("shard");
            out.writeNumber(shardId);
            out.writeNumber(shardCount);
            out.writeEndArray();
            if (facts.payloadCompression()) {
                out.writeBooleanProperty("compress", true);
            }
            facts.largeThreshold()
                    .ifPresent(value -> out.writeNumberProperty("large_threshold", value));
            out.writeObjectPropertyStart("properties");
            facts.properties().forEach(out::writeStringProperty);
            out.writeEndObject();
            facts.presenceJson()
                    .ifPresent(json -> {
                        out.writeName("presence");
                        out.writeRawValue(json.replace("{{shard}}", Integer.toString(shardId)));
                    });
            out.writeEndObject();
            out.writeEndObject();
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The synthetic dispatch that announces a lost session. */
    static byte[] sessionGap(String lostSessionId) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            out.writeStringProperty("t", "GW_GAP");
            out.writeNullProperty("s");
            out.writeNumberProperty("op", 0);
            out.writeObjectPropertyStart("d");
            out.writeStringProperty("reason", "session_ended");
            out.writeStringProperty("lost_session_id", lostSessionId);
            out.writeEndObject();
            out.writeEndObject();
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads HELLO's interval in milliseconds; -1 when it is none between 1 ms and a day. */
    static long helloIntervalMillis(byte[] json, int offset, int length) {
        try (var in = JSON.createParser(ObjectReadContext.empty(), json, offset, length)) {
            int depth = 0;
            while (true) {
                var token = in.nextToken();
                if (token == null) {
                    return -1;
                }
                switch (token) {
                    case START_OBJECT, START_ARRAY -> depth++;
                    case END_OBJECT, END_ARRAY -> depth--;
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                        if (depth == 1 && "heartbeat_interval".equals(in.currentName())) {
                            double millis = in.getDoubleValue();
                            return millis >= 1 && millis <= 86_400_000 ? (long) millis : -1;
                        }
                    }
                    default -> {
                        // Of no interest.
                    }
                }
            }
        } catch (JacksonException e) {
            return -1;
        }
    }
}
