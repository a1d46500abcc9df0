package gw.sim.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations such as 250ms, 1.5s, 2m, 1h30m. */
final class Durations implements ITypeConverter<Duration> {
    static final String EXPECTED = "expected: a duration such as 250ms, 5s, 2m or 1h30m";

    private static final Pattern WHOLE = Pattern.compile("([0-9]{1,9}(\\.[0-9]{1,3})?(ms|s|m|h))+");
    private static final Pattern PART = Pattern.compile("([0-9.]+)(ms|s|m|h)");
    private static final Duration MAX = Duration.ofDays(30);

    @Override
    public Duration convert(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException that says what was expected
     */
    static Duration parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' (" + EXPECTED + ")");
        }
        double millis = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long unit =
                    switch (part.group(2)) {
                        case "ms" -> 1;
                        case "s" -> 1_000;
                        case "m" -> 60_000;
                        default -> 3_600_000;
                    };
            millis += Double.parseDouble(part.group(1)) * unit;
        }
        if (millis > MAX.toMillis()) {
            throw new IllegalArgumentException("'" + text + "' (expected: at most 30 days)");
        }
        return Duration.ofMillis(Math.round(millis));
    }

    /** To whole seconds, for people. */
    static String words(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 60) {
            return seconds + "s";
        }
        return seconds < 3_600
                ? seconds / 60 + "m" + seconds % 60 + "s"
                : seconds / 3_600 + "h" + seconds % 3_600 / 60 + "m";
    }
}
