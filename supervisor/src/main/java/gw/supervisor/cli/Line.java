package gw.supervisor.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of output, built from left to right out of pieces with a tone. Whatever is added is made
 * printable, so a line holds no escape sequence but the colours that {@link #render} adds.
 */
final class Line {
    private record Piece(Tone tone, String text) {}

    private final List<Piece> pieces = new ArrayList<>();

    static Line of(String text) {
        return new Line().add(text);
    }

    static Line of(Tone tone, String text) {
        return new Line().add(tone, text);
    }

    Line add(String text) {
        return add(Tone.PLAIN, text);
    }

    Line add(Tone tone, String text) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(tone, Printable.line(text)));
        }
        return this;
    }

    Line add(Line other) {
        pieces.addAll(other.pieces);
        return this;
    }

    /** Fills up with spaces to this many columns. */
    Line padTo(int columns) {
        return add(" ".repeat(Math.max(0, columns - width())));
    }

    /** Columns on a terminal. */
    int width() {
        int width = 0;
        for (Piece piece : pieces) {
            width += width(piece.text());
        }
        return width;
    }

    /** The bare text. */
    String plain() {
        return render(false, Integer.MAX_VALUE);
    }

    /** The text for a terminal, cut to its columns. */
    String render(boolean colour, int columns) {
        StringBuilder out = new StringBuilder();
        int left = columns;
        boolean whole = width() <= columns;
        for (Piece piece : pieces) {
            String text = whole ? piece.text() : cut(piece.text(), left - 1);
            if (colour && !piece.tone().code().isEmpty()) {
                out.append("\u001B[").append(piece.tone().code()).append('m');
                out.append(text).append("\u001B[0m");
            } else {
                out.append(text);
            }
            left -= width(text);
            if (text.length() < piece.text().length()) {
                return out.append('…').toString();
            }
        }
        return out.toString().stripTrailing();
    }

    private static String cut(String text, int columns) {
        int used = 0;
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            used += width(point);
            if (used > columns) {
                return text.substring(0, at);
            }
            at += Character.charCount(point);
        }
        return text;
    }

    private static int width(String text) {
        return text.codePoints().map(Line::width).sum();
    }

    /** Nearly right: East Asian characters and emoji take two columns. */
    private static int width(int point) {
        boolean wide =
                point >= 0x1100
                        && (point <= 0x115F
                                || (point >= 0x2E80 && point <= 0xFFDC)
                                || point >= 0x1F000);
        return wide ? 2 : 1;
    }

    @Override
    public String toString() {
        return plain();
    }
}
