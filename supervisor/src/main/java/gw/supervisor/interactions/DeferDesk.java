package gw.supervisor.interactions;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Watches each interaction until the bot has settled it, and answers Discord in its place when the
 * bot is away or takes too long. Everything is bounded (P7): who waits, what is under way, how late
 * it is tried. Owned by the data event loop.
 */
public final class DeferDesk {
    /** Most interactions that are watched at once. */
    static final int MAX_WAITING = 1_000;

    /** Most callbacks under way at once; the others wait for their turn. */
    static final int MAX_IN_FLIGHT = 64;

    /** Discord's 3 s, less the way there. */
    static final long SEND_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2_800);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LEAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MOST_WAIT_NANOS = TimeUnit.HOURS.toNanos(1);

    /** Of calls that are answered so, 10,000 in 10 min end in a ban of the address. */
    private static final long BLOCKED_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final boolean ephemeral;
    private final long deferAfterNanos;
    private final DeferTransport transport;
    private final DeferTimer timer;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final DeferTally tally;
    private final DeferredMarks marks = new DeferredMarks();
    private Optional<MarkFile> kept = Optional.empty();

    /** All that is not deferred yet, by its event's id. */
    private final Map<String, Pending> open = new HashMap<>();

    /** Of those, the ones with no callback under way. */
    private final TreeSet<Pending> waiting = new TreeSet<>();

    private int inFlight;
    private long numbers;
    private boolean away;
    private boolean paused;
    private long pausedUntilNanos;
    private boolean armed;
    private long armedNanos;
    private boolean closed;

    /**
     * A desk with nothing on it.
     *
     * @param ephemeral whether a deferred message is for the user's eyes alone
     * @param deferAfter how long the bot has, from when the event was taken from Discord
     * @param clock the one by which events are stamped
     * @param nanoTime monotonic
     */
    public DeferDesk(
            boolean ephemeral,
            Duration deferAfter,
            DeferTransport transport,
            DeferTimer timer,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.ephemeral = ephemeral;
        this.deferAfterNanos = deferAfter.toNanos();
        this.transport = transport;
        this.timer = timer;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.tally = new DeferTally(clock);
    }

    /**
     * From now on what is deferred is kept in this file; what an earlier process kept in it counts.
     * Before the first interaction.
     *
     * @param file in a directory that exists
     * @param report hears in words of what can't be read or kept
     */
    public void keepIn(Path file, Consumer<String> report) {
        MarkFile marksOnDisk = new MarkFile(file, report);
        long now = nanoTime.getAsLong();
        for (MarkFile.Line line : marksOnDisk.read()) {
            marks.add(
                    line.key(),
                    line.callbackType(),
                    now - ageNanos(TimeUnit.MILLISECONDS.toMicros(line.receivedMillis())),
                    now);
        }
        kept = Optional.of(marksOnDisk);
        marksOnDisk.replace(marks.lines(now, clock.millis()));
    }

    /**
     * An INTERACTION_CREATE is safe and will be delivered. Copies what it needs.
     *
     * @param key its event's id
     * @param payload holds the whole payload from {@code offset} on
     * @param receivedAtMicros since the epoch
     */
    public void dispatched(
            String key, byte[] payload, int offset, int length, long receivedAtMicros) {
        if (closed || open.containsKey(key) || marks.has(key)) {
            return;
        }
        Optional<InteractionFacts> facts = InteractionReader.read(payload, offset, length);
        if (facts.isEmpty()) {
            tally.notUnderstood++;
            return;
        }
        Optional<Deferral> how = Deferral.of(facts.get().type());
        if (how.isEmpty()) {
            return;
        }
        if (waiting.size() >= MAX_WAITING) {
            tally.notTaken(MAX_WAITING);
            return;
        }
        long now = nanoTime.getAsLong();
        long received = now - ageNanos(receivedAtMicros);
        long due = away ? now : received + deferAfterNanos;
        Pending one = new Pending(key, facts.get(), how.get(), received, due, numbers++);
        if (one.isTooLate(now)) {
            tally.tooLate("the event came more than 2.8 s late");
            return;
        }
        open.put(key, one);
        waiting.add(one);
        arm(now);
    }

    /** From here on time is monotonic: a wall clock that is set must not stretch 3 s. */
    private long ageNanos(long receivedAtMicros) {
        long ageMicros = clock.millis() * 1_000 - receivedAtMicros;
        return Math.clamp(ageMicros, 0, TimeUnit.HOURS.toMicros(1)) * 1_000;
    }

    /** The bot took this event, or it was given up: nothing more is done for it. */
    public void settled(String key) {
        marks.remove(key);
        Pending one = open.get(key);
        if (one != null && waiting.remove(one)) {
            open.remove(key);
        } else if (one != null) {
            one.settled = true;
        }
    }

    /** Whether nothing gets through to the bot: what waits is deferred at once. */
    public void botAway(boolean isAway) {
        if (away == isAway) {
            return;
        }
        away = isAway;
        if (away) {
            long now = nanoTime.getAsLong();
            List<Pending> all = List.copyOf(waiting);
            waiting.clear();
            for (Pending one : all) {
                if (!one.limited && !one.unsure) {
                    one.dueNanos = now;
                }
                waiting.add(one);
            }
            arm(now);
        }
    }

    /** With which callback type this event was answered in the bot's place; 0: it was not. */
    public int callbackType(String key) {
        return marks.callbackType(key, nanoTime.getAsLong());
    }

    /** How it stands. */
    public DeferStats stats() {
        return tally.stats(waiting.size(), inFlight);
    }

    /** Nothing is deferred any more. */
    public void close() {
        closed = true;
        open.clear();
        waiting.clear();
        transport.close();
    }

    private void arm(long now) {
        if (!waiting.isEmpty()) {
            arm(now, Math.max(0, waiting.first().dueNanos - now));
        }
    }

    private void arm(long now, long delayNanos) {
        long at = now + delayNanos;
        if (!armed || at - armedNanos < 0) {
            armed = true;
            armedNanos = at;
            timer.schedule(() -> work(at), delayNanos);
        }
    }

    /** Harmless when it comes too often; only the last one that was armed counts as that. */
    private void work(long armedForNanos) {
        long now = nanoTime.getAsLong();
        armed &= armedNanos != armedForNanos;
        paused &= now - pausedUntilNanos < 0;
        boolean blocked = false;
        Iterator<Pending> due = waiting.iterator();
        while (!closed && due.hasNext()) {
            Pending one = due.next();
            if (one.dueNanos - now > 0) {
                break;
            }
            if (one.isTooLate(now)) {
                due.remove();
                open.remove(one.key);
                late(one);
            } else if (paused || inFlight >= MAX_IN_FLIGHT) {
                blocked = true;
            } else {
                due.remove();
                inFlight++;
                transport.post(one.facts, one.how.json(ephemeral), answer -> answered(one, answer));
            }
        }
        if (blocked) {
            // An answer wakes it too; this is for those whose time runs out.
            arm(now, LEAST_WAIT_NANOS);
        } else {
            arm(now);
        }
    }

    private void late(Pending one) {
        if (one.limited || paused) {
            tally.limited();
        } else {
            tally.tooLate("no callback went out within 2.8 s");
        }
    }

    private void answered(Pending one, CallbackAnswer answer) {
        if (closed) {
            return;
        }
        inFlight--;
        open.remove(one.key);
        long now = nanoTime.getAsLong();
        switch (answer) {
            case CallbackAnswer.Taken _ -> deferred(one, now);
            case CallbackAnswer.Acknowledged _ -> {
                if (one.unsure) {
                    // By the one before, whose answer got lost.
                    deferred(one, now);
                } else {
                    tally.acknowledged++;
                }
            }
            case CallbackAnswer.Unknown _ ->
                    tally.tooLate("Discord doesn't know the interaction any more (10062)");
            case CallbackAnswer.SlowDown(Duration wait, boolean global) -> {
                long nanos = Math.clamp(wait.toNanos(), LEAST_WAIT_NANOS, MOST_WAIT_NANOS);
                if (global) {
                    pause(now + nanos);
                }
                one.limited = true;
                if (!again(one, now + nanos)) {
                    tally.limited();
                }
            }
            case CallbackAnswer.Blocked(int status) -> {
                pause(now + BLOCKED_NANOS);
                tally.failed("HTTP " + status + ": nothing more is tried for 30 s");
            }
            case CallbackAnswer.Refused(int status, int code) ->
                    tally.failed("HTTP " + status + (code == 0 ? "" : " (" + code + ")"));
            case CallbackAnswer.Broken(String reason) -> {
                boolean first = !one.unsure;
                one.unsure = true;
                if (!first || !again(one, now + RETRY_NANOS)) {
                    tally.failed(reason);
                }
            }
        }
        arm(now);
    }

    private void deferred(Pending one, long now) {
        tally.deferred(one.how);
        if (!one.settled) {
            marks.add(one.key, one.how.callbackType(), one.receivedNanos, now);
            kept.ifPresent(file -> keep(file, one, now));
        }
    }

    private void keep(MarkFile file, Pending one, long now) {
        if (file.isFull()) {
            file.replace(marks.lines(now, clock.millis()));
            return;
        }
        long ageMillis = TimeUnit.NANOSECONDS.toMillis(now - one.receivedNanos);
        file.add(new MarkFile.Line(one.key, one.how.callbackType(), clock.millis() - ageMillis));
    }

    private void pause(long untilNanos) {
        if (!paused || untilNanos - pausedUntilNanos > 0) {
            paused = true;
            pausedUntilNanos = untilNanos;
        }
    }

    /** False: it would be too late then. */
    private boolean again(Pending one, long dueNanos) {
        if (one.settled) {
            return true;
        }
        if (one.isTooLate(dueNanos)) {
            return false;
        }
        one.dueNanos = dueNanos;
        open.put(one.key, one);
        waiting.add(one);
        return true;
    }
}
