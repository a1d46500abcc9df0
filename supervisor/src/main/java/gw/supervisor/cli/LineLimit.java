package gw.supervisor.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets so many lines through in a while and counts the others, so that trouble never floods (P7).
 */
final class LineLimit {
    private final int most;
    private final long windowMillis;
    private long windowEndsMillis;
    private int printed;
    private int left;

    LineLimit(int most, long windowMillis) {
        this.most = most;
        this.windowMillis = windowMillis;
    }

    /** What of these may be printed now; first comes a line that tells of those left out before. */
    List<Line> take(List<Line> lines, long nowMillis) {
        List<Line> taken = new ArrayList<>();
        if (nowMillis >= windowEndsMillis) {
            if (left > 0) {
                taken.add(
                        Line.of(
                                Tone.FAINT,
                                "and "
                                        + Words.count(left)
                                        + " more; gw status shows how it stands"));
            }
            windowEndsMillis = nowMillis + windowMillis;
            printed = 0;
            left = 0;
        }
        for (Line line : lines) {
            if (printed < most) {
                printed++;
                taken.add(line);
            } else {
                left++;
            }
        }
        return taken;
    }
}
