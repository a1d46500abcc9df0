package gw.supervisor.config;

import gw.model.TransportCompression;

import tools.jackson.databind.JsonNode;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Readers of numbers, durations, sizes and the like. Each says in its refusal what is allowed. */
final class Readers {
    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,30}");
    private static final Pattern DURATION =
            Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)([a-z]*)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})\\s*([a-zA-Z]*)");
    private static final List<String> YES = List.of("true", "yes", "on", "1");
    private static final List<String> NO = List.of("false", "no", "off", "0");
    private static final Set<String> PROPERTIES = Set.of("os", "browser", "device");
    private static final int LONGEST_PROPERTY = 200;
    private static final Pattern EVENT_TYPE = Pattern.compile("[A-Z][A-Z0-9_]{1,63}");
    private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);
    private static final Duration LONGEST_TTL = Duration.ofDays(365);

    private Readers() {}

    static Reader<Integer> whole(int least, int most) {
        return wholeLong(least, most).as(Math::toIntExact);
    }

    static Reader<Long> wholeLong(long least, long most) {
        String expected = "a whole number from " + least + " to " + most;
        return given -> {
            String text = given.text();
            if (!WHOLE.matcher(text).matches()) {
                throw given.bad(expected);
            }
            BigInteger number = new BigInteger(text);
            if (number.compareTo(BigInteger.valueOf(least)) < 0
                    || number.compareTo(BigInteger.valueOf(most)) > 0) {
                throw given.bad(expected);
            }
            return number.longValueExact();
        };
    }

    static Boolean bool(Given given) throws BadValueException {
        String text = given.text().toLowerCase(Locale.ROOT);
        if (YES.contains(text)) {
            return true;
        }
        if (NO.contains(text)) {
            return false;
        }
        throw given.bad("true or false");
    }

    static Path path(Given given) throws BadValueException {
        return given.path();
    }

    /** {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}; a bare number could be any of them. */
    static Reader<Duration> duration(Duration least, Duration most) {
        String expected =
                "a duration from "
                        + Units.words(least)
                        + " to "
                        + Units.words(most)
                        + ", such as 500ms, 5s, 2m or 1h";
        return given -> {
            Matcher matcher = DURATION.matcher(given.text());
            if (!matcher.matches()) {
                throw given.bad(expected);
            }
            String unit = matcher.group(2);
            if (unit.isEmpty()) {
                String number = matcher.group(1);
                throw given.bad(
                        expected,
                        "Say the unit: "
                                + number
                                + "s for seconds, "
                                + number
                                + "ms for milliseconds.");
            }
            Duration duration =
                    Units.duration(matcher.group(1), unit).orElseThrow(() -> given.bad(expected));
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw given.bad(expected);
            }
            return duration;
        };
    }

    /** Bytes, or with a suffix: k, m and g are powers of 1024, as for the JVM's own options. */
    static Reader<Long> bytes(long least, long most) {
        String expected =
                "a size from "
                        + Units.words(least)
                        + " to "
                        + Units.words(most)
                        + ", such as 512k, 256m or 2g";
        return given -> {
            Matcher matcher = SIZE.matcher(given.text());
            if (!matcher.matches()) {
                throw given.bad(expected);
            }
            long unit = Units.bytes(matcher.group(2)).orElseThrow(() -> given.bad(expected));
            BigInteger size = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(unit));
            if (size.compareTo(BigInteger.valueOf(least)) < 0
                    || size.compareTo(BigInteger.valueOf(most)) > 0) {
                throw given.bad(expected);
            }
            return size.longValueExact();
        };
    }

    static Long intents(Given given) throws BadValueException {
        List<String> words = given.items();
        String advice = "Known: " + String.join(", ", Intent.names()) + "; or their number.";
        if (words.isEmpty()) {
            throw given.bad("at least one intent, or 0 for none", advice);
        }
        try {
            return Intents.parse(words);
        } catch (IllegalArgumentException e) {
            throw new BadValueException(String.valueOf(e.getMessage()), advice);
        }
    }

    /** The seed's {@code true} means: compress, however is best. */
    static Reader<TransportCompression> compression(TransportCompression best) {
        return given -> {
            String text = given.text().toLowerCase(Locale.ROOT);
            return switch (text) {
                case "true" -> best;
                case "false" -> TransportCompression.NONE;
                default ->
                        TransportCompression.byWireName(text)
                                .orElseThrow(() ->
                                        given.bad(
                                                "one of "
                                                        + TransportCompression.allNames()
                                                        + ", true, false"));
            };
        };
    }

    /** YAML makes {@code false} of what is off. */
    static DeferInteractions deferInteractions(Given given) throws BadValueException {
        String text = given.text().toLowerCase(Locale.ROOT);
        return switch (text) {
            case "off", "false" -> DeferInteractions.OFF;
            case "ephemeral" -> DeferInteractions.EPHEMERAL;
            case "public" -> DeferInteractions.PUBLIC;
            default -> throw given.bad("off, ephemeral or public");
        };
    }

    /** {@code os=linux,browser=gw} or an object. */
    static Map<String, String> properties(Given given) throws BadValueException {
        String expected = "os, browser and device, such as os=linux,browser=gw,device=gw";
        Map<String, String> properties = new LinkedHashMap<>();
        if (given.node().isObject()) {
            for (Map.Entry<String, JsonNode> property : given.node().properties()) {
                if (!property.getValue().isValueNode() || property.getValue().isNull()) {
                    throw given.bad(expected);
                }
                properties.put(property.getKey(), property.getValue().asString());
            }
        } else {
            for (String pair : given.text().split(",", -1)) {
                int at = pair.indexOf('=');
                if (at < 1
                        || properties.put(pair.substring(0, at).strip(), pair.substring(at + 1))
                                != null) {
                    throw given.bad(expected);
                }
            }
        }
        for (Map.Entry<String, String> property : properties.entrySet()) {
            if (!PROPERTIES.contains(property.getKey())) {
                throw new BadValueException(
                        Shown.of(property.getKey()) + " (expected: " + expected + ")", "");
            }
            if (property.getValue().isBlank() || property.getValue().length() > LONGEST_PROPERTY) {
                throw given.bad("1 to " + LONGEST_PROPERTY + " characters for each of " + expected);
            }
        }
        return properties;
    }

    /** One of a few words. */
    static <T> Reader<T> oneOf(Map<String, T> words) {
        String expected = "one of " + String.join(", ", new TreeSet<>(words.keySet()));
        return given -> {
            T value = words.get(given.text().toLowerCase(Locale.ROOT));
            if (value == null) {
                throw given.bad(expected);
            }
            return value;
        };
    }

    /** {@code INTERACTION_CREATE=15m,TYPING_START=30s} or an object. */
    static Map<String, Duration> ttl(Given given) throws BadValueException {
        String expected = "event types and how long they keep, such as INTERACTION_CREATE=15m";
        Map<String, String> pairs = new LinkedHashMap<>();
        if (given.node().isObject()) {
            for (Map.Entry<String, JsonNode> pair : given.node().properties()) {
                pairs.put(pair.getKey(), pair.getValue().asString(""));
            }
        } else {
            for (String pair : given.text().split(",", -1)) {
                int at = pair.indexOf('=');
                if (at < 1
                        || pairs.put(pair.substring(0, at).strip(), pair.substring(at + 1).strip())
                                != null) {
                    throw given.bad(expected);
                }
            }
        }
        Map<String, Duration> ttl = new LinkedHashMap<>();
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            Matcher matcher = DURATION.matcher(pair.getValue());
            if (!EVENT_TYPE.matcher(pair.getKey()).matches() || !matcher.matches()) {
                throw given.bad(expected);
            }
            Duration age =
                    Units.duration(matcher.group(1), matcher.group(2))
                            .orElseThrow(() -> given.bad(expected));
            if (age.compareTo(SHORTEST_TTL) < 0 || age.compareTo(LONGEST_TTL) > 0) {
                throw given.bad(
                        "times from "
                                + Units.words(SHORTEST_TTL)
                                + " to "
                                + Units.words(LONGEST_TTL));
            }
            ttl.put(pair.getKey(), age);
        }
        return ttl;
    }
}
