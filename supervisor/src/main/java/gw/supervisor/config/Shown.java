package gw.supervisor.config;

import java.util.regex.Pattern;

/**
 * A value as an error may show it: short, on one line, and without what looks like a secret (P8).
 * Pure.
 */
final class Shown {
    private static final int LONGEST = 100;
    private static final Pattern TOKEN =
            Pattern.compile("[A-Za-z0-9_-]{18,}\\.[A-Za-z0-9_-]{4,}\\.[A-Za-z0-9_-]{16,}");
    private static final Pattern USER_INFO = Pattern.compile("//.*@");
    private static final Pattern QUERY = Pattern.compile("(://[^?]*\\?).*");

    private Shown() {}

    static String of(String value) {
        if (value.isBlank()) {
            return '"' + value.replaceAll("\\p{Cntrl}", "?") + '"';
        }
        String line = value.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
        line = TOKEN.matcher(line).replaceAll("***");
        line = USER_INFO.matcher(line).replaceAll("//***@");
        line = QUERY.matcher(line).replaceAll("$1***");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
