package gw.supervisor.capacity;

import gw.supervisor.state.SmallFile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What is known of the guilds, kept in a file over restarts. Owned by the data event loop, which
 * looks after it once a second; the writing is done elsewhere, and nothing waits for it. A killed
 * process loses what it had counted since the file was written, at most about a second: those of
 * the records that are still in the log are to be shown to the {@link #guilds() book} again.
 */
public final class Capacity {
    private static final long LEAST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A second for each MiB: at a start, when all guilds are absent, the file is large. */
    private static final long PAUSE_NANOS_PER_BYTE = LEAST_PAUSE_NANOS >> 20;

    private final SmallFile file;
    private final String bot;
    private final Executor writer;
    private final LongSupplier nanoTime;
    private final Consumer<String> report;
    private final GuildBook guilds;
    private final Growth growth;

    /** What is kept has changed so often when it was last handed to the writer. */
    private long handed;

    private long handedNanos;
    private CompletableFuture<Written> last = CompletableFuture.completedFuture(Written.NOTHING);

    /**
     * How a try to write went.
     *
     * @param bytes how many there were
     * @param problem why they are not in the file
     * @param leftOut shards that are not in the file for want of room
     */
    private record Written(int bytes, Optional<String> problem, int leftOut) {
        static final Written NOTHING = new Written(0, Optional.empty(), 0);

        /** The writer itself has failed, and said so where it runs. */
        static final Written BROKEN = new Written(0, Optional.of("the writer failed"), 0);
    }

    private Capacity(
            SmallFile file,
            CapacityBytes.Content content,
            InstantSource clock,
            Executor writer,
            LongSupplier nanoTime,
            Consumer<String> report) {
        this.file = file;
        this.bot = content.bot();
        this.writer = writer;
        this.nanoTime = nanoTime;
        this.report = report;
        this.guilds = new GuildBook(content.shards());
        this.growth = new Growth(clock, content.growth());
        this.handed = changes();
        this.handedNanos = nanoTime.getAsLong();
    }

    /**
     * Reads what an earlier supervisor has kept, if it is sound and of this bot; otherwise nothing
     * is known until the next READY of each shard.
     *
     * @param path in a directory that exists; made at the first change
     * @param bot names the bot, for example by its id, and is no secret; empty: unknown
     * @param clock for the growth
     * @param writer runs what blocks
     * @param nanoTime monotonic
     * @param report hears in words of what can't be read or kept, on the caller's thread or the
     *     writer's
     */
    public static Capacity open(
            Path path,
            String bot,
            InstantSource clock,
            Executor writer,
            LongSupplier nanoTime,
            Consumer<String> report) {
        SmallFile file = new SmallFile(path);
        CapacityBytes.Content content =
                read(file, bot, report)
                        .orElse(new CapacityBytes.Content(bot, Growth.Kept.NOTHING, List.of()));
        return new Capacity(file, content, clock, writer, nanoTime, report);
    }

    private static Optional<CapacityBytes.Content> read(
            SmallFile file, String bot, Consumer<String> report) {
        Optional<byte[]> bytes;
        try {
            bytes = file.read(CapacityBytes.MOST_BYTES);
        } catch (IOException e) {
            report.accept(unusable(file, "it can't be read: " + e.getMessage()));
            return Optional.empty();
        }
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        Optional<CapacityBytes.Content> content = CapacityBytes.decode(bytes.get());
        if (content.isEmpty()) {
            report.accept(unusable(file, "it is damaged, or not of this version of gw"));
        } else if (!content.get().bot().equals(bot)) {
            report.accept(unusable(file, "it is of another bot"));
        }
        return content.filter(found -> found.bot().equals(bot));
    }

    private static String unusable(SmallFile file, String why) {
        return file.path()
                + " is not used ("
                + why
                + "): guilds are counted anew, each shard's from its next session on";
    }

    /** The count of the guilds. */
    public GuildBook guilds() {
        return guilds;
    }

    /** How fast they become more. */
    public Growth growth() {
        return growth;
    }

    /**
     * Has written what changed, at most once a second and 1 MiB a second. To be called as often.
     */
    public void tick() {
        long now = nanoTime.getAsLong();
        if (!last.isDone()) {
            return;
        }
        Written before = outcome(last);
        long pause = Math.max(LEAST_PAUSE_NANOS, before.bytes() * PAUSE_NANOS_PER_BYTE);
        boolean changed = changes() != handed || before.problem().isPresent();
        if (changed && now - handedNanos >= pause) {
            hand();
        }
    }

    /**
     * Has written what there is, whatever was written when.
     *
     * @return done when that is over
     */
    public CompletableFuture<Void> save() {
        hand();
        return last.thenAccept(_ -> {});
    }

    private void hand() {
        handed = changes();
        handedNanos = nanoTime.getAsLong();
        CapacityBytes.Content content =
                new CapacityBytes.Content(bot, growth.kept(), guilds.kept());
        CompletableFuture<Written> before = last;
        last = before.handleAsync((_, _) -> write(content, outcome(before)), writer);
    }

    private static Written outcome(CompletableFuture<Written> ended) {
        return ended.state() == Future.State.SUCCESS ? ended.resultNow() : Written.BROKEN;
    }

    private Written write(CapacityBytes.Content content, Written before) {
        CapacityBytes.Encoded encoded = CapacityBytes.encode(content);
        Optional<String> problem = Optional.empty();
        try {
            file.replace(encoded.bytes());
        } catch (IOException e) {
            problem =
                    Optional.of(
                            file.path()
                                    + " can't be written ("
                                    + e.getMessage()
                                    + "): a restart would forget how full the shards are");
        }
        if (before.problem().isEmpty()) {
            problem.ifPresent(report);
        }
        if (encoded.leftOut() > 0 && before.leftOut() == 0) {
            report.accept(
                    file.path()
                            + " has no room for the guilds of "
                            + encoded.leftOut()
                            + " shards: a restart would count them anew, each from its next session"
                            + " on");
        }
        return new Written(encoded.bytes().length, problem, encoded.leftOut());
    }

    private long changes() {
        return guilds.changes() + growth.changes();
    }
}
