package gw.supervisor.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Durations and sizes, from words and to words. Pure. */
final class Units {
    static final long KIB = 1024;
    static final long MIB = KIB * 1024;
    static final long GIB = MIB * 1024;

    private Units() {}

    /** Empty when there is no such unit. */
    static Optional<Duration> duration(String number, String unit) {
        long millis =
                switch (unit) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "m", "min" -> 60_000;
                    case "h" -> 3_600_000;
                    case "d" -> 86_400_000;
                    default -> 0;
                };
        if (millis == 0) {
            return Optional.empty();
        }
        BigDecimal exact = new BigDecimal(number).multiply(BigDecimal.valueOf(millis));
        return Optional.of(Duration.ofMillis(exact.setScale(0, RoundingMode.HALF_UP).longValue()));
    }

    /** How many bytes a suffix stands for; empty when there is no such suffix. */
    static Optional<Long> bytes(String suffix) {
        return switch (suffix.toLowerCase(Locale.ROOT)) {
            case "", "b" -> Optional.of(1L);
            case "k", "kb", "ki", "kib" -> Optional.of(KIB);
            case "m", "mb", "mi", "mib" -> Optional.of(MIB);
            case "g", "gb", "gi", "gib" -> Optional.of(GIB);
            default -> Optional.empty();
        };
    }

    static String words(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 3_600_000 == 0 && millis > 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0 && millis > 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    static String words(long bytes) {
        if (bytes % GIB == 0 && bytes > 0) {
            return bytes / GIB + "g";
        }
        if (bytes % MIB == 0 && bytes > 0) {
            return bytes / MIB + "m";
        }
        return bytes % KIB == 0 && bytes > 0 ? bytes / KIB + "k" : bytes + " bytes";
    }
}
