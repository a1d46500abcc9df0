package gw.supervisor.identify;

import gw.model.SessionStartLimit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * The only issuer of identify tokens (P4, P5). Each bucket has a queue and a window: one IDENTIFY
 * per interval, from the worker's report that it was written. While a token is out nothing else of
 * its bucket is granted, so what becomes of it decides:
 *
 * <ul>
 *   <li>sent: the window runs from the report, which is later than the IDENTIFY, and when READY has
 *       come from what that tells of Discord's count ({@link Windows});
 *   <li>released: it was never used, the bucket is open at once and the session start comes back;
 *   <li>its worker died: it is taken for used at this moment, and the session start stays spent;
 *   <li>nothing is heard: the worker may hang, and use it when it wakes. The bucket stays closed
 *       until the worker is replaced, or for {@link IdentifySettings#assumeUsedAfter}; then the
 *       token is taken for used at that moment.
 * </ul>
 *
 * <p>A shard that lost its place or its worker and asks again within two minutes gets its old place
 * back. Whoever isn't ready when the window opens is passed over and keeps its place. Not
 * thread-safe: all calls, the timer's included, are made by the one thread that owns it.
 */
public final class IdentifyLimiter {
    private final IdentifySettings settings;
    private final IdentifyBudget budget;
    private final IdentifyListener out;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final long originNanos;
    private final long intervalNanos;
    private final Windows windows;

    private final BucketTable buckets;
    private final Turns turns;
    private final Alarm alarm;
    private final LimitWatch watch = new LimitWatch();
    private final Places places;
    private final Outlook outlook;
    private final Trial trial;
    private final BudgetWriter writer;
    private final ArrayDeque<Runnable> outbox = new ArrayDeque<>();

    private long nextGrantId;
    private long spent;
    private long toldUntilMillis;
    private boolean delivering;

    /**
     * A limiter with an empty queue.
     *
     * @param limit as {@code /gateway/bot} has just told it; the budget's file may know less of it
     *     to be left
     * @param budget used by nobody else
     * @param timer wakes it on the thread that owns it
     * @param clock for the limit's reset and the file
     * @param nanos monotonic, for the windows: a wall clock that jumps breaks none
     */
    public IdentifyLimiter(
            IdentifySettings settings,
            SessionStartLimit limit,
            IdentifyBudget budget,
            IdentifyListener out,
            IdentifyTimer timer,
            InstantSource clock,
            LongSupplier nanos) {
        this.settings = settings;
        this.budget = budget;
        this.out = out;
        this.clock = clock;
        this.nanos = nanos;
        this.originNanos = nanos.getAsLong();
        this.intervalNanos = settings.interval().toNanos();
        this.windows = new Windows(settings);
        this.nextGrantId = clock.millis();
        this.buckets = new BucketTable(limit.maxConcurrency(), intervalNanos);
        this.turns = new Turns(intervalNanos, outbox, out);
        this.places = new Places(turns);
        this.outlook = new Outlook(settings, budget, buckets, places, watch, clock);
        this.trial = new Trial(settings.firstAnswerWithin().toNanos());
        this.writer = new BudgetWriter(budget, buckets);
        this.alarm = new Alarm(timer, this::tick);
        long nowMillis = clock.millis();
        budget.start(limit);
        watch.window(budget.resetsAtMillis(), 0, nowMillis);
        if (budget.isDoubtful()) {
            buckets.closeAll(intervalNanos);
        }
        budget.found()
                .ifPresent(
                        state -> buckets.restore(state, nowMillis, settings.validFor().toNanos()));
        writer.atOnce();
        writer.write(0);
        arm(0);
    }

    /**
     * A shard needs a new session. When it is queued already it keeps its place, and is told its
     * turn again.
     *
     * @param shardId at least 0
     * @param replacesLostSession Discord ended its session: it may use the reserve
     */
    public void wanted(int shardId, boolean replacesLostSession) {
        Bucket bucket = buckets.of(shardId);
        Place place = places.of(shardId);
        if (place == null) {
            places.enqueue(bucket, shardId, replacesLostSession, now());
        } else {
            places.take(bucket, place);
            place.replacing |= replacesLostSession;
            place.ready = false;
            place.turned = false;
            places.put(bucket, place);
        }
        settle(bucket);
    }

    /** HELLO came: the shard can identify the instant it may. */
    public void ready(int shardId) {
        Bucket bucket = buckets.of(shardId);
        Grant silent = bucket.out().get(shardId);
        if (silent != null) {
            // A worker settles a token before it asks again: this one was lost with its link.
            assumeUsed(bucket, silent);
        }
        Place place = places.of(shardId);
        if (place == null) {
            place = places.enqueue(bucket, shardId, false, now());
        }
        places.take(bucket, place);
        place.ready = true;
        if (!place.turned) {
            place.turned = true;
            place.turnedNanos = now();
        }
        places.put(bucket, place);
        settle(bucket);
    }

    /**
     * IDENTIFY was written: the bucket's window runs from now. This holds for a token that is no
     * longer known, too.
     */
    public void sent(int shardId, long grantId) {
        Bucket bucket = buckets.of(shardId);
        Grant grant = bucket.out().get(shardId);
        if (grant != null && grant.id() == grantId) {
            bucket.out().remove(shardId);
            bucket.usedBy(shardId, now(), windows.patienceNanos());
            spent++;
            writer.soon(now());
        } else {
            bucket.used(now(), intervalNanos);
            writer.atOnce();
        }
        places.done(bucket, shardId);
        settle(bucket);
    }

    /**
     * The connection broke before IDENTIFY was written.
     *
     * @param grantId the token that is given back; 0: only the place in the queue is
     */
    public void released(int shardId, long grantId) {
        Bucket bucket = buckets.of(shardId);
        if (grantId == 0) {
            Place place = places.of(shardId);
            if (place != null) {
                places.giveUp(bucket, place, now());
            }
        } else {
            Grant grant = bucket.out().get(shardId);
            if (grant != null && grant.id() == grantId) {
                bucket.out().remove(shardId);
                trial.failed(shardId);
                budget.giveBack();
                turns.roomCameBack();
                places.giveUp(grant, now());
                writer.soon(now());
            }
        }
        settle(bucket);
    }

    /**
     * What became of a shard that had identified.
     *
     * @param accepted READY came; else the connection is gone
     */
    public void answered(int shardId, boolean accepted) {
        Bucket bucket = buckets.of(shardId);
        if (accepted) {
            trial.passed();
        } else {
            trial.failed(shardId);
        }
        if (bucket.awaitsAnswerTo(shardId)) {
            long written = bucket.usedNanos();
            bucket.answered(
                    accepted ? windows.opensNanos(written, now()) : windows.opensNanos(written));
        }
        settle(bucket);
    }

    /** A worker died: its tokens are taken for used, its places are given back. */
    public void workerLost(IntPredicate shards) {
        for (Bucket bucket : List.copyOf(buckets.all())) {
            if (bucket.awaitsAnswer(shards)) {
                // None will come; as after a connection that is gone.
                bucket.answered(windows.opensNanos(bucket.usedNanos()));
            }
            for (Grant grant : List.copyOf(bucket.out().values())) {
                if (shards.test(grant.shardId())) {
                    assumeUsed(bucket, grant);
                    places.giveUp(grant, now());
                }
            }
        }
        for (Place place : places.all()) {
            if (shards.test(place.shardId)) {
                places.giveUp(buckets.of(place.shardId), place, now());
            }
        }
        settleAll();
    }

    /** Discord's figures were read anew. */
    public void limit(SessionStartLimit fresh) {
        long now = now();
        long nowMillis = clock.millis();
        int uncounted = Math.max(buckets.outCount(), watch.grantsSinceAsk());
        budget.merge(fresh, watch.isOver(now, nowMillis), uncounted);
        watch.window(budget.resetsAtMillis(), now, nowMillis);
        watch.answered(outlook.isWaiting(), now);
        if (fresh.maxConcurrency() != buckets.maxConcurrency()) {
            buckets.rebuild(fresh.maxConcurrency(), places.view());
        }
        writer.soon(now);
        settleAll();
    }

    /** The shard's place in its bucket's queue, from 1; 0: it isn't queued. */
    public int position(int shardId) {
        Place place = places.of(shardId);
        return place == null ? 0 : buckets.of(shardId).position(place);
    }

    /** How it stands. */
    public IdentifySnapshot snapshot() {
        return outlook.snapshot(spent, now());
    }

    private void assumeUsed(Bucket bucket, Grant grant) {
        bucket.out().remove(grant.shardId());
        trial.failed(grant.shardId());
        bucket.used(now(), intervalNanos);
        spent++;
        writer.soon(now());
    }

    private void tick() {
        long now = now();
        for (Bucket due = buckets.pollDue(now); due != null; due = buckets.pollDue(now)) {
            serve(due, now);
        }
        finish(now);
    }

    private void settle(Bucket bucket) {
        long now = now();
        serve(bucket, now);
        finish(now);
    }

    private void settleAll() {
        long now = now();
        serveAll(now);
        finish(now);
    }

    private void serveAll(long now) {
        turns.newRound();
        for (Bucket bucket : buckets.all()) {
            serve(bucket, now);
        }
    }

    /** Does for a bucket what can be done now, and decides when to look again. */
    private void serve(Bucket bucket, long now) {
        trial.expire(now);
        for (Grant grant : List.copyOf(bucket.out().values())) {
            if (now >= grant.assumeUsedNanos()) {
                assumeUsed(bucket, grant);
            }
        }
        boolean onlyReplacing = outlook.room(false) <= 0;
        if (bucket.out().isEmpty()
                && now >= bucket.opensNanos
                && outlook.room(onlyReplacing) > 0
                && trial.allows()) {
            for (Place first : bucket.readyLine(onlyReplacing)) {
                grant(bucket, first, now);
                break;
            }
        }
        List<Place> abandoned = new ArrayList<>();
        long check = turns.tell(bucket, outlook.room(false), outlook.room(true), now, abandoned);
        for (Place place : abandoned) {
            places.moveToTheEnd(bucket, place);
        }
        buckets.wake(bucket, abandoned.isEmpty() ? next(bucket, now, check) : now + 1);
    }

    private long next(Bucket bucket, long now, long check) {
        long next = Bucket.NEVER;
        for (Grant grant : bucket.out().values()) {
            next = Math.min(next, grant.assumeUsedNanos());
        }
        if (next != Bucket.NEVER || bucket.size() == 0) {
            return next;
        }
        return bucket.opensNanos > now ? bucket.opensNanos : Math.min(check, trial.untilNanos());
    }

    private void grant(Bucket bucket, Place place, long now) {
        places.take(bucket, place);
        budget.spend();
        watch.window(budget.resetsAtMillis(), now, clock.millis());
        watch.granted();
        trial.granted(place.shardId, now);
        writer.atOnce();
        Grant grant =
                new Grant(
                        place.shardId,
                        nextGrantId++,
                        place.order,
                        place.replacing,
                        now + settings.assumeUsedAfter().toNanos());
        bucket.out().put(place.shardId, grant);
        outbox.add(() -> out.grant(grant.shardId(), grant.id(), settings.validFor()));
    }

    private void finish(long now) {
        while (trial.takeOpen() || turns.needsAnotherRound()) {
            serveAll(now);
        }
        boolean waiting = outlook.isWaiting();
        if (watch.askNanos(waiting, now, clock.millis()) <= now) {
            watch.asked(now);
            outbox.add(out::wantsFreshLimit);
        }
        if (!waiting) {
            toldUntilMillis = 0;
        } else if (!watch.isAsking()) {
            Instant until = outlook.waitingUntil(now);
            if (Math.abs(until.toEpochMilli() - toldUntilMillis) > 1_000) {
                toldUntilMillis = until.toEpochMilli();
                outbox.add(() -> out.limitExhausted(until));
            }
        }
        deliver(now);
        arm(now());
    }

    /** The budget is on disk before a token that it paid for goes out. */
    private void deliver(long now) {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            do {
                writer.write(now);
                Runnable message = outbox.poll();
                if (message != null) {
                    message.run();
                }
            } while (!outbox.isEmpty() || writer.isUrgent());
        } finally {
            delivering = false;
        }
    }

    private void arm(long now) {
        long ask = watch.askNanos(outlook.isWaiting(), now, clock.millis());
        alarm.set(Math.min(writer.dueNanos(), Math.min(buckets.nextNanos(), ask)), now);
    }

    private long now() {
        return nanos.getAsLong() - originNanos;
    }
}
