package gw.supervisor.cli;

import tools.jackson.core.JsonGenerator;

import java.util.List;

/** Fields of a JSON object in the way of docs/status.md: what is unknown or never was is null. */
final class JsonFields {
    private final JsonGenerator out;

    JsonFields(JsonGenerator out) {
        this.out = out;
    }

    void beginObject() {
        out.writeStartObject();
    }

    void end() {
        out.writeEndObject();
    }

    void name(String name) {
        out.writeName(name);
    }

    void beginArray(String name) {
        out.writeArrayPropertyStart(name);
    }

    void endArray() {
        out.writeEndArray();
    }

    void number(String name, long value) {
        out.writeNumberProperty(name, value);
    }

    /** Null when it is unknown. */
    void numberUnless(boolean unknown, String name, long value) {
        if (unknown) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, value);
        }
    }

    /** 0 stands for "unknown" or "never": null. */
    void known(String name, long value) {
        if (value == 0) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, value);
        }
    }

    void known(String name, double value) {
        if (value == 0) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, value);
        }
    }

    void rate(String name, double value) {
        out.writeNumberProperty(name, Double.isFinite(value) ? Math.round(value * 10) / 10.0 : 0);
    }

    void truth(String name, boolean value) {
        out.writeBooleanProperty(name, value);
    }

    void text(String name, String value) {
        if (value.isEmpty()) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, value);
        }
    }

    void texts(String name, List<String> values) {
        out.writeArrayPropertyStart(name);
        values.forEach(out::writeString);
        out.writeEndArray();
    }
}
