package gw.supervisor.cli;

/**
 * Makes text that others wrote safe for a terminal: what Discord, the bot's server or a worker said
 * must not move the cursor, clear the screen or turn the reading direction.
 */
final class Printable {
    private static final int MAX_CHARS = 400;

    private Printable() {}

    /** The text on one line, without control characters, at most 400 characters long. */
    static String line(String text) {
        String cut = text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS - 1) + "…";
        if (cut.codePoints().allMatch(Printable::harmless)) {
            return cut;
        }
        StringBuilder safe = new StringBuilder(cut.length());
        cut.codePoints().forEach(point -> safe.appendCodePoint(replaced(point)));
        return safe.toString();
    }

    private static int replaced(int point) {
        if (harmless(point)) {
            return point;
        }
        return point == '\n' || point == '\r' || point == '\t' ? ' ' : '\uFFFD';
    }

    private static boolean harmless(int point) {
        if (point < 0x7F) {
            return point >= ' ';
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
