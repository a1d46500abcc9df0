package gw.supervisor.cli;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Figures as people read them. */
final class Words {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd");
    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY_MILLIS = 24 * HOUR;
    private static final long GROUPED_FROM = 10_000;
    private static final int MICROS = 1_000;
    private static final int BYTE_STEP = 1_024;

    private Words() {}

    /** A length of time by its two largest units, for example "2 m 10 s". */
    static String duration(long millis) {
        long left = Math.max(0, millis);
        if (left < SECOND) {
            return left + " ms";
        }
        if (left < 10 * SECOND) {
            return tenths(left / (double) SECOND) + " s";
        }
        if (left < MINUTE) {
            return left / SECOND + " s";
        }
        if (left < HOUR) {
            return two(left, MINUTE, "m", SECOND, "s");
        }
        return left < DAY_MILLIS
                ? two(left, HOUR, "h", MINUTE, "m")
                : two(left, DAY_MILLIS, "d", HOUR, "h");
    }

    private static String two(
            long millis, long large, String largeName, long small, String smallName) {
        long rest = millis % large / small;
        String first = millis / large + " " + largeName;
        return rest == 0 ? first : first + " " + rest + " " + smallName;
    }

    /** How long before now; "never" for 0. */
    static String ago(long nowMillis, long thenMillis) {
        return thenMillis == 0 ? "never" : duration(nowMillis - thenMillis) + " ago";
    }

    /** Microseconds as milliseconds, for example "41.2 ms". */
    static String latency(long micros) {
        return tenths(micros / (double) MICROS) + " ms";
    }

    /** By powers of 1024, for example "12.5 MiB". */
    static String bytes(long bytes) {
        double value = Math.max(0, bytes);
        int unit = 0;
        while (value >= BYTE_STEP && unit < BYTE_UNITS.length - 1) {
            value /= BYTE_STEP;
            unit++;
        }
        String number = unit == 0 || value >= 100 ? count(Math.round(value)) : tenths(value);
        return number + " " + BYTE_UNITS[unit];
    }

    /** Something per second, without the unit. */
    static String rate(double perSecond) {
        return perSecond < 100 ? tenths(perSecond) : count(Math.round(perSecond));
    }

    /** A whole number, with its thousands parted from 10,000 on. */
    static String count(long number) {
        String digits = Long.toString(number);
        if (number < GROUPED_FROM) {
            return digits;
        }
        StringBuilder grouped = new StringBuilder(digits);
        for (int at = digits.length() - 3; at > 0; at -= 3) {
            grouped.insert(at, ',');
        }
        return grouped.toString();
    }

    /** A number with its noun, for example "1 worker" or "3 workers". */
    static String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }

    /** The time of day, with the date when it is another day than now's. */
    static String time(long millis, long nowMillis, ZoneId zone) {
        LocalDateTime then = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), zone);
        LocalDateTime now = LocalDateTime.ofInstant(Instant.ofEpochMilli(nowMillis), zone);
        return then.toLocalDate().equals(now.toLocalDate()) ? TIME.format(then) : DAY.format(then);
    }

    /** The day alone, for example "2027-01-12". */
    static String date(long millis, ZoneId zone) {
        return DATE.format(LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), zone));
    }

    /** One shard or a range of them, for example "0..24". */
    static String range(int first, int last) {
        return first == last ? Integer.toString(first) : first + ".." + last;
    }

    private static String tenths(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0
                ? Long.toString(tenths / 10)
                : tenths / 10 + "." + Math.abs(tenths % 10);
    }
}
