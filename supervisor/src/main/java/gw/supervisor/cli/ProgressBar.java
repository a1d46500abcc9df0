package gw.supervisor.cli;

/** How much of something is done, as a bar of {@value #WIDTH} characters. */
final class ProgressBar {
    private static final int WIDTH = 20;

    private ProgressBar() {}

    /**
     * The bar in its brackets.
     *
     * @param done 0..total
     * @param total 0: nothing is known yet, the bar is empty
     */
    static Line of(long done, long total) {
        int full = total <= 0 ? 0 : (int) (WIDTH * Math.clamp(done, 0, total) / total);
        return Line.of("[")
                .add(Tone.GOOD, "#".repeat(full))
                .add(Tone.FAINT, ".".repeat(WIDTH - full))
                .add("]");
    }
}
