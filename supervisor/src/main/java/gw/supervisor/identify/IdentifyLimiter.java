package gw.supervisor.identify;

import gw.model.SessionStartLimit;

import java.time.InstantSource;
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
public final class IdentifyLimiter implements Identifies {
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
    private final Outbox outbox;
    private final LimitNotice notice;

    private long nextGrantId;
    private long spent;

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
        this.writer = new BudgetWriter(budget, buckets);
        this.outbox = new Outbox(writer);
        this.turns = new Turns(intervalNanos, outbox, out);
        this.places = new Places(turns);
        this.outlook = new Outlook(settings, budget, buckets, places, watch, clock);
        this.notice = new LimitNotice(outlook, watch, outbox, out);
        this.trial = new Trial(settings.firstAnswerWithin().toNanos());
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

    @Override
    public void wanted(int key, boolean replacesLostSession) {
        Bucket bucket = buckets.of(key);
        Place place = places.of(key);
        if (place == null) {
            places.enqueue(bucket, key, replacesLostSession, now());
        } else {
            places.take(bucket, place);
            place.replacing |= replacesLostSession;
            place.ready = false;
            place.turned = false;
            places.put(bucket, place);
        }
        settle(bucket);
    }

    @Override
    public void ready(int key) {
        Bucket bucket = buckets.of(key);
        Grant silent = bucket.out().get(key);
        if (silent != null && !silent.holderGone()) {
            // A worker settles a token before it asks again: this one was lost with its link.
            assumeUsed(bucket, silent);
        }
        Place place = places.of(key);
        if (place == null) {
            place = places.enqueue(bucket, key, false, now());
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

    @Override
    public void sent(int key, long grantId) {
        Bucket bucket = buckets.of(key);
        Grant grant = bucket.out().get(key);
        if (grant != null && grant.id() == grantId) {
            bucket.out().remove(key);
            bucket.usedBy(key, now(), windows.patienceNanos());
            spent++;
            writer.soon(now());
        } else {
            bucket.used(now(), intervalNanos);
            writer.atOnce();
        }
        places.done(bucket, key);
        settle(bucket);
    }

    @Override
    public void released(int key, long grantId) {
        Bucket bucket = buckets.of(key);
        if (grantId == 0) {
            Place place = places.of(key);
            if (place != null) {
                places.giveUp(bucket, place, now());
            }
        } else {
            Grant grant = bucket.out().get(key);
            if (grant != null && grant.id() == grantId) {
                bucket.out().remove(key);
                trial.failed(key);
                budget.giveBack();
                turns.roomCameBack();
                places.giveUp(grant, now());
                writer.soon(now());
            }
        }
        settle(bucket);
    }

    @Override
    public void answered(int key, boolean accepted) {
        Bucket bucket = buckets.of(key);
        if (accepted) {
            trial.passed(key);
        } else {
            trial.failed(key);
        }
        if (bucket.awaitsAnswerTo(key)) {
            long written = bucket.usedNanos();
            bucket.answered(
                    accepted ? windows.opensNanos(written, now()) : windows.opensNanos(written));
        }
        settle(bucket);
    }

    @Override
    public void workerLost(IntPredicate keys) {
        for (Bucket bucket : List.copyOf(buckets.all())) {
            awaitNoAnswer(bucket, keys);
            for (Grant grant : List.copyOf(bucket.out().values())) {
                if (keys.test(grant.key())) {
                    assumeUsed(bucket, grant);
                    places.giveUp(grant, now());
                }
            }
        }
        giveUpPlaces(keys);
        settleAll();
    }

    /**
     * Whoever held these tokens and places can't be reached, but may live: its places are given
     * back, a token is taken for used once it has expired, and answers may still come.
     */
    public void holderLost(IntPredicate keys) {
        abandonTokens(keys);
        giveUpPlaces(keys);
        settleAll();
    }

    @Override
    public void forget(IntPredicate keys) {
        buckets.all().forEach(bucket -> awaitNoAnswer(bucket, keys));
        abandonTokens(keys);
        giveUpPlaces(keys);
        places.forgetFormer(keys);
        settleAll();
    }

    private void abandonTokens(IntPredicate keys) {
        for (Bucket bucket : buckets.all()) {
            for (Grant grant : List.copyOf(bucket.out().values())) {
                if (keys.test(grant.key())) {
                    bucket.out().put(grant.key(), grant.abandoned());
                    trial.failed(grant.key());
                    places.giveUp(grant, now());
                }
            }
        }
    }

    /** As after a connection that is gone. */
    private void awaitNoAnswer(Bucket bucket, IntPredicate keys) {
        if (bucket.awaitsAnswer(keys)) {
            bucket.answered(windows.opensNanos(bucket.usedNanos()));
        }
    }

    private void giveUpPlaces(IntPredicate keys) {
        for (Place place : places.all()) {
            if (keys.test(place.key)) {
                places.giveUp(buckets.of(place.key), place, now());
            }
        }
    }

    @Override
    public void background(int slot, boolean on) {
        IdentifyKey.checkSlot(slot);
        if (places.isBackground(slot) == on) {
            return;
        }
        places.background(slot, on);
        for (Place place : places.all()) {
            if (IdentifyKey.slot(place.key) == slot) {
                Bucket bucket = buckets.of(place.key);
                places.take(bucket, place);
                place.background = on;
                places.put(bucket, place);
            }
        }
        settleAll();
    }

    @Override
    public void tryOneFirst() {
        trial.beginAnew();
        settleAll();
    }

    @Override
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

    @Override
    public int position(int key) {
        Place place = places.of(key);
        return place == null ? 0 : buckets.of(key).position(place);
    }

    @Override
    public IdentifySnapshot snapshot() {
        return outlook.snapshot(spent, now());
    }

    private void assumeUsed(Bucket bucket, Grant grant) {
        bucket.out().remove(grant.key());
        trial.failed(grant.key());
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
        if (bucket.out().isEmpty() && now >= bucket.opensNanos && trial.allows()) {
            Room room = outlook.room();
            Place first = bucket.firstReady(room.onlyReserve());
            if (first != null && room.of(first) > 0) {
                grant(bucket, first, now);
            } else if (first != null) {
                turns.denied();
            }
        }
        List<Place> abandoned = new ArrayList<>();
        long check = turns.tell(bucket, outlook.room(), now, abandoned);
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
        trial.granted(place.key, now);
        writer.atOnce();
        Grant grant =
                new Grant(
                        place.key,
                        nextGrantId++,
                        place.order,
                        place.replacing,
                        now + settings.validFor().toNanos(),
                        now + settings.assumeUsedAfter().toNanos(),
                        false);
        bucket.out().put(place.key, grant);
        outbox.add(() -> out.grant(grant.key(), grant.id(), settings.validFor()));
    }

    private void finish(long now) {
        while (trial.takeOpen() || turns.needsAnotherRound()) {
            serveAll(now);
        }
        notice.tell(now, clock.millis());
        outbox.deliver(now);
        arm(now());
    }

    private void arm(long now) {
        long ask = watch.askNanos(outlook.isWaiting(), now, clock.millis());
        alarm.set(Math.min(writer.dueNanos(), Math.min(buckets.nextNanos(), ask)), now);
    }

    private long now() {
        return nanos.getAsLong() - originNanos;
    }
}
