package gw.supervisor;

import gw.proto.v1.ReshardPhase;
import gw.record.RecordFormat;
import gw.supervisor.identify.IdentifySnapshot;
import gw.supervisor.plan.Generations;
import gw.supervisor.plan.Generations.Coming;
import gw.supervisor.plan.Generations.Ended;
import gw.supervisor.plan.GenerationsFile;
import gw.supervisor.reshard.Overlap;
import gw.supervisor.reshard.Switched;
import gw.supervisor.shards.FatalClose;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Moves the bot from one generation of shards to the next: brings it up, lets both run side by
 * side, ends the old one, and puts the new one in charge. Until the old one's end begins there is a
 * way back, and the shards that serve notice nothing of it. Owned by the control thread.
 */
final class Resharding {
    private static final long TICK_MILLIS = 100;

    private static final String LAST_WORDS = "the last words of the shards that served";
    private static final String SETTLES = "what the new shards bring late";

    /** Without this intent no guild ever comes. */
    private static final long GUILDS = 1;

    /** Guilds of the next generation that have not come by then are in an outage. */
    private static final Duration GUILDS_WITHIN = Duration.ofSeconds(15);

    /** So much longer than the overlap it may take until all has been well for as long as that. */
    private static final Duration TROUBLE_AT_MOST = Duration.ofSeconds(60);

    private static final Duration FORGET_EVERY = Duration.ofSeconds(1);

    /** Discord's REST API is not asked more often for the session start limit's reset. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(5);

    private final ShardControl shards;
    private final Overlap overlap;
    private final DataPath dataPath;
    private final GenerationMaker maker;
    private final GenerationsFile file;
    private final Path shadowFile;
    private final Duration window;
    private final Duration timeout;
    private final Runnable freshLimit;
    private final Consumer<String> say;
    private final ScheduledExecutorService control;
    private final Executor loop;
    private final InstantSource clock;
    private final LongSupplier nanos;

    private Generations generations;
    private ReshardPhase phase = ReshardPhase.RESHARD_PHASE_NONE;
    private @Nullable ReshardOrder waiting;
    private boolean asking;
    private String cancelled = "";

    /** The one that is in charge by now, and was to come before. */
    private @Nullable Coming settling;

    private boolean givingUp;
    private @Nullable CompletableFuture<Void> gone;

    private long askedNanos;
    private long forgotNanos;
    private long watchSince;
    private boolean watchedAll;
    private long stepNanos;
    private int stepReady;
    private long settleSince;
    private long readySince;
    private long overlapSince;
    private long cleanSince;
    private long troubledNanos;
    private long switchMicros;
    private String waitsFor = "";
    private Switched figures = Switched.NOTHING;

    /** What the data event loop says of itself. */
    private record Seen(
            boolean hearsServing,
            boolean held,
            long lagMicros,
            long apartMicros,
            int missingGuilds,
            String trouble,
            Switched figures) {}

    /**
     * None is under way.
     *
     * @param generations as they are on disk
     * @param window the overlap
     * @param timeout how long it may go without a step forward
     * @param freshLimit asks Discord for the session start limit
     * @param say takes a line for the log of the process
     */
    Resharding(
            ShardControl shards,
            Overlap overlap,
            DataPath dataPath,
            GenerationMaker maker,
            GenerationsFile file,
            Path shadowFile,
            Generations generations,
            Duration window,
            Duration timeout,
            Runnable freshLimit,
            Consumer<String> say,
            ScheduledExecutorService control,
            Executor loop,
            InstantSource clock,
            LongSupplier nanos) {
        this.shards = shards;
        this.overlap = overlap;
        this.dataPath = dataPath;
        this.maker = maker;
        this.file = file;
        this.shadowFile = shadowFile;
        this.generations = generations;
        this.figures =
                generations
                        .last()
                        .map(ended -> new Switched(ended.merged(), ended.added(), ended.possible()))
                        .orElse(Switched.NOTHING);
        this.window = window;
        this.timeout = timeout;
        this.freshLimit = freshLimit;
        this.say = say;
        this.control = control;
        this.loop = loop;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Goes on with the one that the process before this one had begun; before workers may come. */
    void goOn() {
        if (CompletableFuture.supplyAsync(overlap::stage, loop).join() == Overlap.Stage.SETTLING) {
            phase = ReshardPhase.RESHARD_PHASE_SETTLING;
            settleSince = nanos.getAsLong();
            waitsFor = SETTLES;
            generations
                    .last()
                    .ifPresent(ended ->
                            forgetOlderThan(ended.atMillis() * 1_000 - window.toNanos() / 1_000));
        }
        Optional<Coming> coming = generations.coming();
        if (coming.isEmpty()) {
            return;
        }
        Generation next =
                maker.make(
                        coming.get().spec(),
                        CompletableFuture.supplyAsync(overlap::sessions, loop).join(),
                        say);
        shards.prepare(next);
        if (coming.get().isSwitching()) {
            switchMicros = coming.get().switchAtMillis() * 1_000;
            forgetOlderThan(switchMicros - toleranceMicros());
            phase = ReshardPhase.RESHARD_PHASE_SWITCHING;
            waitsFor = LAST_WORDS;
            say.accept("the switch to " + next.spec().shards().count() + " shards goes on");
        } else {
            begun(next, false);
            say.accept("the reshard to " + next.spec().shards().count() + " shards goes on");
        }
    }

    /** From now on it does by itself what is to be done. */
    void start() {
        if (phase == ReshardPhase.RESHARD_PHASE_SWITCHING) {
            gone = shards.end(shards.generations().serving());
        }
        var _ =
                control.scheduleWithFixedDelay(
                        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- orders ----------------------------------------------------------------------------

    /** Begins as soon as the session start limit has room. */
    void order(ReshardOrder order) {
        waiting = order;
        phase = ReshardPhase.RESHARD_PHASE_WAITING;
        waitsFor = "room in the session start limit";
        say.accept(
                "reshard from "
                        + shards.generations().serving().spec().shards().count()
                        + " to "
                        + order.spec().shards().count()
                        + " shards: "
                        + order.reason());
        tick();
    }

    /**
     * Gives it up.
     *
     * @return false: there is none that could be
     */
    boolean cancel(String why) {
        if (givingUp) {
            return true;
        }
        return switch (phase) {
            case RESHARD_PHASE_WAITING -> {
                ReshardOrder order = waiting;
                waiting = null;
                int from = shards.generations().serving().spec().shards().count();
                ended(why, from, order == null ? from : order.spec().shards().count());
                yield true;
            }
            case RESHARD_PHASE_PREPARING, RESHARD_PHASE_OVERLAPPING -> {
                giveUp(why);
                yield true;
            }
            default -> false;
        };
    }

    /** The supervisor ends, and Discord ends all sessions with it. */
    void sessionsEnd() {
        // Once there is no way back, what is held of the new ones is still to be told.
        if (generations.coming().filter(coming -> !coming.isSwitching()).isPresent()) {
            var _ = keep(generations.alone());
        }
    }

    // ---- what is to be done ----------------------------------------------------------------

    private void tick() {
        if (asking || shards.stopping() || shards.handingOver()) {
            return;
        }
        if (phase == ReshardPhase.RESHARD_PHASE_NONE) {
            return;
        }
        asking = true;
        // To look for them takes as long as there are many.
        Generation next = shards.generations().coming();
        boolean guilds = next != null && next.isReady() && (next.spec().intents() & GUILDS) != 0;
        var _ =
                CompletableFuture.supplyAsync(() -> look(guilds), loop)
                        .whenCompleteAsync(
                                (seen, failure) -> {
                                    asking = false;
                                    if (failure != null) {
                                        Supervisor.unexpected(failure);
                                    } else if (!shards.stopping()) {
                                        guarded(() -> step(seen));
                                    }
                                },
                                control);
    }

    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            Supervisor.unexpected(e);
        }
    }

    private Seen look(boolean guilds) {
        return new Seen(
                dataPath.hears(overlap.current()),
                dataPath.isHeld(),
                overlap.takeLagMicros(),
                overlap.takeApartMicros(),
                guilds ? overlap.missingGuilds() : 0,
                overlap.trouble(),
                overlap.figures());
    }

    private void step(Seen seen) {
        if (phase != ReshardPhase.RESHARD_PHASE_SETTLING) {
            figures = seen.figures();
        }
        switch (phase) {
            case RESHARD_PHASE_WAITING -> wait(waiting);
            case RESHARD_PHASE_PREPARING -> prepare(seen);
            case RESHARD_PHASE_OVERLAPPING -> overlap(seen);
            case RESHARD_PHASE_SWITCHING -> finish(seen);
            case RESHARD_PHASE_SETTLING -> settle(seen);
            default -> {
                // Nothing is under way.
            }
        }
    }

    private void wait(@Nullable ReshardOrder order) {
        if (order == null) {
            return;
        }
        IdentifySnapshot limit = shards.tokens().snapshot();
        int needed = order.spec().shards().size();
        if (!order.now() && limit.remaining() - limit.reserve() < needed) {
            askWhenReset(limit);
            waitsFor =
                    "room in the session start limit: "
                            + needed
                            + " are needed and "
                            + limit.reserve()
                            + " kept in reserve, "
                            + limit.remaining()
                            + " of "
                            + limit.total()
                            + " are left"
                            + limit.resetsAt().map(at -> "; all again at " + at).orElse("");
            return;
        }
        waiting = null;
        begin(order);
    }

    private void begin(ReshardOrder order) {
        int from = shards.generations().serving().spec().shards().count();
        int to = order.spec().shards().count();
        Coming coming =
                new Coming(order.spec(), 0, clock.millis(), order.ordered(), order.reason());
        if (!keep(generations.with(coming))) {
            ended("the state directory can't be written", from, to);
            return;
        }
        Generation next = maker.make(order.spec());
        boolean whole = isSoonUp(order.spec().shards().size());
        phase = ReshardPhase.RESHARD_PHASE_PREPARING;
        cancelled = "";
        onLoop(
                () -> prepareOverlap(next, whole),
                problem -> {
                    String why = problem.isEmpty() ? cancelled : problem;
                    if (!why.isEmpty()) {
                        var _ = keep(generations.alone());
                        loop.execute(this::abandonOverlap);
                        ended(why, from, to);
                    } else if (!shards.stopping() && !shards.handingOver()) {
                        begun(next, whole);
                        shards.prepare(next);
                    }
                });
    }

    /** On the data event loop; empty: all is well. */
    private String prepareOverlap(Generation next, boolean whole) {
        try {
            overlap.prepare(GenerationMaker.side(next), shadowFile);
            if (whole) {
                overlap.watch();
            }
            return "";
        } catch (IOException e) {
            return shadowFile + " can't be written: " + e.getMessage();
        }
    }

    private void abandonOverlap() {
        try {
            overlap.abandon();
        } catch (IOException e) {
            say.accept(shadowFile + " can't be removed: " + e.getMessage());
        }
    }

    /** Nobody waits for a token, so the limiter doesn't ask by itself. */
    private void askWhenReset(IdentifySnapshot limit) {
        long now = nanos.getAsLong();
        boolean reset = limit.resetsAt().filter(clock.instant()::isBefore).isEmpty();
        if (reset && (askedNanos == 0 || now - askedNanos > ASK_EVERY.toNanos())) {
            askedNanos = now;
            freshLimit.run();
        }
    }

    /** {@code whole}: what the serving generation has is noted from before the first IDENTIFY. */
    private void begun(Generation next, boolean whole) {
        phase = ReshardPhase.RESHARD_PHASE_PREPARING;
        watchedAll = whole;
        watchSince = whole ? nanos.getAsLong() : 0;
        stepNanos = nanos.getAsLong();
        stepReady = next.table().readyCount();
        readySince = 0;
        overlapSince = 0;
        cleanSince = 0;
        troubledNanos = nanos.getAsLong();
    }

    /** Whether the last of so many can identify within two overlaps: notes of so long are few. */
    private boolean isSoonUp(int identifies) {
        Duration last = identifyFloor(identifies).minus(shards.tokens().snapshot().interval());
        return last.compareTo(window.multipliedBy(2)) <= 0;
    }

    private Duration identifyFloor(int identifies) {
        IdentifySnapshot limit = shards.tokens().snapshot();
        return limit.interval()
                .multipliedBy(Math.ceilDiv(identifies, Math.max(1, limit.maxConcurrency())));
    }

    private void prepare(Seen seen) {
        Generation next = shards.generations().coming();
        if (next == null || givingUp || mustGiveUp(next, seen)) {
            return;
        }
        long now = nanos.getAsLong();
        int missing = next.table().size() - next.table().readyCount();
        if (watchSince == 0
                && isSoonUp(missing)
                && shards.tokens().snapshot().waitingUntil().isEmpty()) {
            watchSince = now;
            loop.execute(overlap::watch);
        }
        if (!trouble(next, seen).isEmpty()) {
            troubledNanos = now;
        }
        boolean clean = isClean(next, seen, now);
        if (clean) {
            stepNanos = now;
        }
        if (watchSince == 0) {
            return;
        }
        // Who starts with thousands of guilds is behind for a while.
        forgetNowAndThen(3 * window.toNanos() / 1_000);
        if (clean
                && (watchedAll
                        || (now - watchSince >= window.toNanos()
                                && now - troubledNanos >= window.toNanos() / 2))) {
            long knownFrom = watchedAll ? 0 : RecordFormat.micros(clock) - toleranceMicros();
            onLoop(
                    () -> {
                        // What began before it was watched has no twin.
                        overlap.forgetBefore(knownFrom);
                        return overlap.begin();
                    },
                    begun -> {
                        if (begun) {
                            phase = ReshardPhase.RESHARD_PHASE_OVERLAPPING;
                            overlapSince = nanos.getAsLong();
                            cleanSince = overlapSince;
                        }
                    });
        }
    }

    /**
     * {@code since}: all has been well; 0: it is not. What was late then has come after a while.
     */
    private void steady(long since) {
        boolean is = since != 0 && nanos.getAsLong() - since > window.toNanos() / 2;
        loop.execute(() -> overlap.steady(is, toleranceMicros()));
    }

    /** By how much the arrival of one event in the two generations may differ. */
    private long toleranceMicros() {
        return window.toNanos() / 2_000;
    }

    /** What the serving generation had before it has no twin that could still come. */
    private void forgetOlderThan(long micros) {
        loop.execute(() -> overlap.forgetBefore(micros));
    }

    /** The same of what is older than this; it looks at every guild, so not at each tick. */
    private void forgetNowAndThen(long ageMicros) {
        long now = nanos.getAsLong();
        if (now - forgotNanos >= FORGET_EVERY.toNanos()) {
            forgotNanos = now;
            forgetOlderThan(RecordFormat.micros(clock) - ageMicros);
        }
    }

    /** Whether all shards of both are up, and nothing is held back on its way. */
    private boolean isClean(Generation next, Seen seen, long now) {
        boolean up = next.isReady() && shards.isAttached(next);
        if (!up) {
            readySince = 0;
            waitsFor =
                    next.table().size()
                            - next.table().readyCount()
                            + " of "
                            + next.table().size()
                            + " shards";
            return false;
        }
        readySince = readySince == 0 ? now : readySince;
        waitsFor = trouble(next, seen);
        if (!waitsFor.isEmpty()) {
            return false;
        }
        if (seen.missingGuilds() > 0 && now - readySince < GUILDS_WITHIN.toNanos()) {
            waitsFor = seen.missingGuilds() + " guilds that have not come yet";
            return false;
        }
        return true;
    }

    /** Why what the two bring now need not come close together; empty: it does. */
    private String trouble(Generation next, Seen seen) {
        Generation serving = shards.generations().serving();
        if (!serving.isReady() || !shards.isAttached(serving)) {
            return "the shards that serve: not all of them are ready";
        }
        if (!shards.isAttached(next) || next.table().readyCount() < stepReady) {
            return "the workers of the new shards: not all of them are attached";
        }
        if (seen.lagMicros() > toleranceMicros() / 2) {
            return "the events: they come late, by " + seen.lagMicros() / 1_000 + " ms";
        }
        if (seen.apartMicros() > toleranceMicros()) {
            // After a start, or a reconnect, one of the two has something to catch up with.
            return "old and new shards: the same comes " + seen.apartMicros() / 1_000 + " ms apart";
        }
        return seen.held() ? "the queue: it takes nothing just now" : "";
    }

    private boolean mustGiveUp(Generation next, Seen seen) {
        Optional<FatalClose> fatal = next.table().fatal();
        if (fatal.isPresent()) {
            giveUp(fatal.get().message() + ". " + fatal.get().advice());
            return true;
        }
        if (!seen.trouble().isEmpty()) {
            giveUp(shadowFile + " can't be written: " + seen.trouble());
            return true;
        }
        long now = nanos.getAsLong();
        int ready = next.table().readyCount();
        boolean waits = shards.tokens().snapshot().waitingUntil().isPresent();
        if (ready > stepReady || waits) {
            stepReady = ready;
            stepNanos = now;
        }
        if (now - stepNanos > timeout.toNanos()) {
            giveUp(
                    "nothing went forward for "
                            + timeout.toSeconds()
                            + " s; it waited for "
                            + waitsFor);
            return true;
        }
        return false;
    }

    private void overlap(Seen seen) {
        Generation next = shards.generations().coming();
        if (next == null || givingUp || mustGiveUp(next, seen)) {
            return;
        }
        long now = nanos.getAsLong();
        boolean clean = isClean(next, seen, now);
        steady(cleanSince);
        if (!clean) {
            cleanSince = 0;
        } else {
            // As long as all is well, time is what goes forward.
            stepNanos = now;
            cleanSince = cleanSince == 0 ? now : cleanSince;
        }
        if (cleanSince != 0 && now - cleanSince >= window.toNanos()) {
            beginSwitch(next);
        } else if (now - overlapSince > window.plus(TROUBLE_AT_MOST).toNanos()) {
            // What is held meanwhile is bounded by it.
            onLoop(
                    this::overlapAnew,
                    done -> {
                        if (done) {
                            phase = ReshardPhase.RESHARD_PHASE_PREPARING;
                            watchSince = nanos.getAsLong();
                            watchedAll = false;
                            troubledNanos = watchSince;
                        } else {
                            giveUp(shadowFile + " can't be written");
                        }
                    });
        }
    }

    private boolean overlapAnew() {
        try {
            overlap.beginAnew();
            overlap.watch();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void beginSwitch(Generation next) {
        long at = clock.millis();
        try (FileChannel apart = FileChannel.open(shadowFile, StandardOpenOption.WRITE)) {
            // After a power cut there is no way back only if this is there, too.
            apart.force(false);
        } catch (IOException e) {
            giveUp(shadowFile + " can't be written: " + e.getMessage());
            return;
        }
        onLoop(
                overlap::order,
                ordered -> {
                    if (!ordered || !keep(generations.switching(at))) {
                        giveUp("the state directory can't be written");
                        return;
                    }
                    switchMicros = at * 1_000;
                    forgetOlderThan(switchMicros - toleranceMicros());
                    phase = ReshardPhase.RESHARD_PHASE_SWITCHING;
                    waitsFor = LAST_WORDS;
                    say.accept(
                            "all "
                                    + next.table().size()
                                    + " new shards are up: the sessions of the old ones are ended");
                    gone = shards.end(shards.generations().serving());
                });
    }

    private void finish(Seen seen) {
        Generation next = shards.generations().coming();
        if (next == null || !next.isReady() || !shards.isAttached(next)) {
            cleanSince = 0;
            steady(0);
        }
        CompletableFuture<Void> last = gone;
        if (last == null || !last.isDone() || seen.hearsServing()) {
            return;
        }
        onLoop(
                () -> {
                    // Between the look and now something may have come.
                    boolean quiet = !dataPath.hears(overlap.current());
                    boolean done = quiet && overlap.finish(switchMicros, toleranceMicros());
                    if (done) {
                        dataPath.switched();
                    }
                    return done ? Optional.of(overlap.figures()) : Optional.<Switched>empty();
                },
                done -> done.ifPresent(this::switched));
    }

    private void switched(Switched so) {
        int from = generations.serving().shards().count();
        settling = generations.coming().orElse(null);
        shards.promote();
        gone = null;
        figures = so;
        phase = ReshardPhase.RESHARD_PHASE_SETTLING;
        settleSince = nanos.getAsLong();
        waitsFor = SETTLES;
        int to = shards.generations().serving().spec().shards().count();
        // A process that dies from here on finds the new one in charge.
        var _ = keep(generations.switched().ended(how("done", from, to)));
        say.accept("resharded: " + to + " shards are in charge");
    }

    private void settle(Seen seen) {
        long now = nanos.getAsLong();
        Generation serving = shards.generations().serving();
        steady(cleanSince);
        if (!serving.isReady() || !shards.isAttached(serving) || seen.held()) {
            cleanSince = 0;
        } else if (cleanSince == 0) {
            cleanSince = now;
        }
        long wellFor = cleanSince == 0 ? 0 : Math.min(now - cleanSince, now - settleSince);
        if (wellFor > window.toNanos() / 2) {
            forgetNowAndThen(window.toNanos() / 1_000);
        }
        boolean settled = wellFor >= window.toNanos();
        if (!settled && now - settleSince < window.plus(TROUBLE_AT_MOST).toNanos()) {
            return;
        }
        onLoop(
                () -> {
                    Switched all = overlap.figures();
                    try {
                        overlap.end();
                    } catch (IOException e) {
                        say.accept(shadowFile + " can't be removed: " + e.getMessage());
                    }
                    return all;
                },
                all -> {
                    Optional<Ended> before = generations.last();
                    int to = serving.spec().shards().count();
                    // Pairs of before a restart were counted by the process before this one.
                    figures =
                            new Switched(
                                    Math.max(all.merged(), figures.merged()),
                                    figures.added(),
                                    figures.duplicatesPossible());
                    ended("done", before.map(Ended::fromCount).orElse(to), to);
                });
    }

    private void giveUp(String why) {
        Generation next = shards.generations().coming();
        if (next == null) {
            // It is just being begun.
            cancelled = why;
            return;
        }
        givingUp = true;
        waitsFor = "the new shards to leave";
        // A process that dies from here on leaves nothing that would go on with it.
        var _ = keep(generations.alone());
        int from = generations.serving().shards().count();
        var _ =
                shards.end(next)
                        .thenRunAsync(this::abandonOverlap, loop)
                        .thenRunAsync(
                                () -> {
                                    givingUp = false;
                                    shards.gaveUp();
                                    ended(why, from, next.spec().shards().count());
                                },
                                control);
    }

    private void ended(String words, int from, int to) {
        phase = ReshardPhase.RESHARD_PHASE_NONE;
        settling = null;
        waitsFor = "";
        var _ = keep(generations.ended(how(words, from, to)));
        if (!words.equals("done")) {
            say.accept("the reshard was given up: " + words);
        }
    }

    private Ended how(String words, int from, int to) {
        return new Ended(
                words,
                clock.millis(),
                from,
                to,
                figures.merged(),
                figures.added(),
                figures.duplicatesPossible());
    }

    private <T> void onLoop(Supplier<T> task, Consumer<T> then) {
        asking = true;
        var _ =
                CompletableFuture.supplyAsync(task, loop)
                        .whenCompleteAsync(
                                (answer, failure) -> {
                                    asking = false;
                                    if (failure != null) {
                                        Supervisor.unexpected(failure);
                                        var _ = cancel("unexpected: " + failure);
                                    } else {
                                        guarded(() -> then.accept(answer));
                                    }
                                },
                                control);
    }

    private boolean keep(Generations next) {
        try {
            file.write(next);
            generations = next;
            return true;
        } catch (IOException e) {
            say.accept(file.path() + " can't be written: " + e.getMessage());
            return false;
        }
    }

    // ---- how it stands ---------------------------------------------------------------------

    ReshardPhase phase() {
        return phase;
    }

    boolean isUnderWay() {
        return phase != ReshardPhase.RESHARD_PHASE_NONE;
    }

    /** The one that is under way, once it has begun, until it is over. */
    Optional<Coming> coming() {
        return generations.coming().or(() -> Optional.ofNullable(settling));
    }

    /** The one that waits for room. */
    Optional<ReshardOrder> waiting() {
        return Optional.ofNullable(waiting);
    }

    String waitsFor() {
        return waitsFor;
    }

    Switched figures() {
        return figures;
    }

    Optional<Ended> last() {
        return generations.last();
    }

    /** When it will be over, as things stand; empty: unknown. */
    Optional<Instant> doneAt() {
        Generation next = shards.generations().coming();
        long now = nanos.getAsLong();
        Duration left =
                switch (phase) {
                    case RESHARD_PHASE_PREPARING -> {
                        int missing =
                                next == null ? 0 : next.table().size() - next.table().readyCount();
                        yield identifyFloor(missing).plus(window);
                    }
                    case RESHARD_PHASE_OVERLAPPING ->
                            cleanSince == 0
                                    ? window
                                    : window.minusNanos(Math.max(0, now - cleanSince));
                    case RESHARD_PHASE_SWITCHING -> Duration.ofSeconds(1);
                    default -> Duration.ZERO;
                };
        return phase == ReshardPhase.RESHARD_PHASE_PREPARING
                        || phase == ReshardPhase.RESHARD_PHASE_OVERLAPPING
                        || phase == ReshardPhase.RESHARD_PHASE_SWITCHING
                ? Optional.of(clock.instant().plus(left.isNegative() ? Duration.ZERO : left))
                : Optional.empty();
    }
}
