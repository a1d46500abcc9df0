package gw.supervisor.identify;

import gw.model.SessionStartLimit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The session start limit, counted down here and kept on disk, so that a restart neither forgets
 * what was spent nor when each bucket was used (P5). Owned by the limiter's thread. A file that
 * can't be read or written is a {@link #problem()}, never a reason to stop.
 */
public final class IdentifyBudget {
    /** Two readings of one window's end differ by what the answers took to arrive. */
    private static final Duration SAME_WINDOW = Duration.ofMinutes(1);

    /** Discord's window, for one whose end it has not told. */
    private static final Duration WINDOW = Duration.ofDays(1);

    private final BudgetFile file;
    private final String bot;
    private final InstantSource clock;
    private final Optional<BudgetState> found;
    private final boolean doubtful;
    private Optional<String> readProblem;
    private Optional<String> writeProblem = Optional.empty();
    private int total;
    private int remaining;
    private long resetsAtMillis;

    private IdentifyBudget(
            BudgetFile file,
            String bot,
            InstantSource clock,
            Optional<BudgetState> found,
            Optional<String> readProblem) {
        this.file = file;
        this.bot = bot;
        this.clock = clock;
        this.found = found;
        this.doubtful = readProblem.isPresent();
        this.readProblem = readProblem;
    }

    /**
     * Reads what an earlier supervisor left in the file, if there is one. What another bot left is
     * none of ours.
     *
     * @param file in a directory that exists; made at the first change
     * @param bot names the bot, for example by its id, and is no secret; empty: unknown
     * @param clock for the moments in the file
     */
    public static IdentifyBudget open(Path file, String bot, InstantSource clock) {
        BudgetFile budgetFile = new BudgetFile(file);
        try {
            Optional<BudgetState> found =
                    budgetFile.read().filter(state -> state.bot().equals(bot));
            return new IdentifyBudget(budgetFile, bot, clock, found, Optional.empty());
        } catch (IOException e) {
            String problem =
                    file
                            + " can't be used ("
                            + reason(e)
                            + "): starting from Discord's figures, one window later";
            return new IdentifyBudget(
                    budgetFile, bot, clock, Optional.empty(), Optional.of(problem));
        }
    }

    /** Why the file could not be read or written, in words for people. */
    public Optional<String> problem() {
        return writeProblem.isPresent() ? writeProblem : readProblem;
    }

    /** What the file said at the start; empty: there was none of this bot. */
    Optional<BudgetState> found() {
        return found;
    }

    /**
     * Whether there was a file that was not understood: all buckets may have been used just now.
     */
    boolean isDoubtful() {
        return doubtful;
    }

    int total() {
        return total;
    }

    int remaining() {
        return remaining;
    }

    /** When the limit is full again; 0: no window is running. */
    long resetsAtMillis() {
        return resetsAtMillis;
    }

    /** The first word of Discord's in this process, beside what the file said. */
    void start(SessionStartLimit limit) {
        found.ifPresent(state -> {
            total = state.total();
            remaining = state.remaining();
            resetsAtMillis = state.resetsAtMillis();
        });
        merge(limit, clock.millis() >= resetsAtMillis, 0);
    }

    /**
     * Takes Discord's figures. Within one window the smaller count is right: Discord's lags behind,
     * ours doesn't know what others spend.
     *
     * @param windowOver whether the window that was known has ended
     * @param uncounted tokens that Discord can't have counted yet
     */
    void merge(SessionStartLimit fresh, boolean windowOver, int uncounted) {
        long freshResetMillis =
                fresh.resetAfter().isZero()
                        ? 0
                        : clock.instant().plus(fresh.resetAfter()).toEpochMilli();
        boolean sameWindow =
                resetsAtMillis != 0
                        && !windowOver
                        && freshResetMillis != 0
                        && freshResetMillis <= resetsAtMillis + SAME_WINDOW.toMillis();
        remaining =
                sameWindow
                        ? Math.min(remaining, fresh.remaining())
                        : Math.max(0, fresh.remaining() - uncounted);
        total = fresh.total();
        resetsAtMillis = freshResetMillis;
    }

    /** One token will go out. */
    void spend() {
        if (remaining <= 0) {
            throw new IllegalStateException("no session start is left");
        }
        remaining--;
        if (resetsAtMillis == 0) {
            resetsAtMillis = clock.instant().plus(WINDOW).toEpochMilli();
        }
    }

    /** One token came back unused. */
    void giveBack() {
        remaining = Math.min(total, remaining + 1);
    }

    /**
     * Writes it down.
     *
     * @param force whether to wait for the disk
     */
    void save(int maxConcurrency, long allUsedMillis, List<BudgetState.Use> uses, boolean force) {
        try {
            file.write(
                    new BudgetState(
                            bot,
                            total,
                            remaining,
                            resetsAtMillis,
                            maxConcurrency,
                            allUsedMillis,
                            uses),
                    force);
            readProblem = Optional.empty();
            writeProblem = Optional.empty();
        } catch (IOException e) {
            // Discord counts as well: going on without the file is better than a bot that is down.
            writeProblem =
                    Optional.of(
                            file.path()
                                    + " can't be written ("
                                    + reason(e)
                                    + "): a restart would forget which identifies were spent");
        }
    }

    Instant now() {
        return clock.instant();
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return e.getClass() == IOException.class && message != null
                ? message
                : e.getClass().getSimpleName();
    }
}
