package gw.supervisor.identify;

import gw.model.SessionStartLimit;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * Workers, the links to them and Discord, in virtual time: it answers the limiter as workers do,
 * with delays and faults, and looks at every IDENTIFY as Discord does.
 */
final class SimulatedFleet implements IdentifyListener {
    static final long DISCORD_WINDOW_MILLIS = 5_000;

    /** The slot of the generation that comes up behind the other. */
    static final int BEHIND = 1;

    /** How likely each fault is, a thousandth each time that it could happen. */
    record Faults(
            int delayMillis,
            int brokenConnections,
            int workerDeaths,
            int hangs,
            int lostSessions,
            int supervisorDeaths) {
        static Faults none(int delayMillis) {
            return new Faults(delayMillis, 0, 0, 0, 0, 0);
        }
    }

    enum State {
        GONE,
        QUEUED,
        CONNECTING,
        READY_TO_IDENTIFY,
        IDENTIFIED
    }

    static final class Shard {
        final int id;
        final int key;
        final Worker worker;
        State state = State.GONE;
        boolean lostSession;

        /** What an older connection still had in mind is ignored. */
        int connection;

        Shard(int slot, int id, Worker worker) {
            this.id = id;
            this.key = IdentifyKey.of(slot, id);
            this.worker = worker;
        }
    }

    static final class Worker {
        final List<Shard> shards = new ArrayList<>();
        int incarnation;
        boolean alive;
        boolean hung;
        long lastInboxMillis;
        long lastOutboxMillis;
        final List<Runnable> waiting = new ArrayList<>();
    }

    final VirtualTime time = new VirtualTime();
    final List<String> violations = new ArrayList<>();
    final List<Worker> workers = new ArrayList<>();
    final List<Shard> shards = new ArrayList<>();
    private final Random random;
    private final Faults faults;
    private final Path file;
    private final IdentifySettings settings;
    private final Map<Integer, Long> lastIdentify = new HashMap<>();
    private final Map<Integer, Shard> byKey = new HashMap<>();

    /** Those of whom the limiter knows that they could use a token. */
    private final Set<Integer> ready = new HashSet<>();

    private boolean behind = true;
    private final int total;
    private final int maxConcurrency;
    private final Duration limitWindow;
    private @Nullable IdentifyLimiter limiter;
    private int supervisorIncarnation;
    private boolean supervisorAlive;
    private int remaining;
    private Instant resets;
    int identifies;
    long lastIdentifyMillis;
    private boolean faultsOn = true;

    SimulatedFleet(
            Random random,
            Faults faults,
            Path file,
            int shardCount,
            int behindCount,
            int shardsPerWorker,
            int maxConcurrency,
            int total,
            Duration limitWindow) {
        this.random = random;
        this.faults = faults;
        this.file = file;
        this.total = total;
        this.remaining = total;
        this.maxConcurrency = maxConcurrency;
        this.limitWindow = limitWindow;
        this.resets = time.instant().plus(limitWindow);
        // What the network may differ between two IDENTIFYs is what a user's interval adds to 5 s.
        this.settings =
                IdentifySettings.of(
                                Duration.ofMillis(DISCORD_WINDOW_MILLIS + faults.delayMillis()),
                                total / 20,
                                Duration.ofSeconds(15))
                        .tryingOneFirst(Duration.ofSeconds(10));
        add(0, shardCount, shardsPerWorker);
        add(BEHIND, behindCount, shardsPerWorker);
    }

    private void add(int slot, int count, int shardsPerWorker) {
        for (int id = 0; id < count; id++) {
            if (id % shardsPerWorker == 0) {
                workers.add(new Worker());
            }
            Shard shard = new Shard(slot, id, workers.getLast());
            workers.getLast().shards.add(shard);
            shards.add(shard);
            byKey.put(shard.key, shard);
        }
    }

    /** From now on the two generations are equals. */
    void bringForward() {
        behind = false;
        if (supervisorAlive) {
            limiter().background(BEHIND, false);
        }
    }

    private Shard shard(int key) {
        return Objects.requireNonNull(byKey.get(key));
    }

    void start() {
        supervisorIncarnation++;
        supervisorAlive = true;
        int incarnation = supervisorIncarnation;
        IdentifyTimer timer =
                (delay, task) ->
                        time.after(
                                delay,
                                () -> {
                                    if (incarnation == supervisorIncarnation && supervisorAlive) {
                                        task.run();
                                    }
                                });
        limiter =
                new IdentifyLimiter(
                        settings,
                        discordsLimit(),
                        IdentifyBudget.open(file, "1", time),
                        this,
                        timer,
                        time,
                        time::nanos);
        ready.clear();
        limiter.background(BEHIND, behind);
        workers.forEach(this::spawn);
    }

    IdentifyLimiter limiter() {
        IdentifyLimiter current = limiter;
        if (current == null) {
            throw new IllegalStateException("not started");
        }
        return current;
    }

    void endFaults() {
        faultsOn = false;
    }

    boolean allIdentified() {
        return supervisorAlive
                && shards.stream().allMatch(shard -> shard.state == State.IDENTIFIED);
    }

    /** Steps until all shards have identified; false when that took longer. */
    boolean runUntilAllIdentified(Duration bound) {
        long until = time.elapsedMillis() + bound.toMillis();
        while (!allIdentified()) {
            if (time.elapsedMillis() > until || !time.step()) {
                return false;
            }
        }
        return true;
    }

    private void spawn(Worker worker) {
        worker.incarnation++;
        worker.alive = true;
        worker.hung = false;
        worker.waiting.clear();
        for (Shard shard : worker.shards) {
            shard.connection++;
            if (shard.state != State.IDENTIFIED) {
                shard.state = State.QUEUED;
                want(shard);
            }
        }
    }

    private void want(Shard shard) {
        boolean lost = shard.lostSession;
        shard.lostSession = false;
        tell(
                shard.worker,
                () -> {
                    ready.remove(shard.key);
                    limiter().wanted(shard.key, lost);
                });
    }

    @Override
    public void turn(int key) {
        Shard shard = shard(key);
        hear(
                shard.worker,
                () -> {
                    if (shard.state != State.QUEUED) {
                        return;
                    }
                    shard.state = State.CONNECTING;
                    shard.connection++;
                    int connection = shard.connection;
                    time.afterMillis(
                            50 + random.nextInt(1_000), () -> connected(shard, connection));
                });
    }

    private void connected(Shard shard, int connection) {
        if (shard.connection != connection || !shard.worker.alive) {
            return;
        }
        if (shard.worker.hung) {
            shard.worker.waiting.add(() -> connected(shard, connection));
        } else if (happens(faults.brokenConnections())) {
            breakConnection(shard);
        } else {
            shard.state = State.READY_TO_IDENTIFY;
            tell(
                    shard.worker,
                    () -> {
                        ready.add(shard.key);
                        limiter().ready(shard.key);
                    });
            if (happens(faults.brokenConnections())) {
                time.afterMillis(
                        random.nextInt(8_000),
                        () -> {
                            if (shard.connection == connection
                                    && shard.worker.alive
                                    && !shard.worker.hung
                                    && shard.state == State.READY_TO_IDENTIFY) {
                                breakConnection(shard);
                            }
                        });
            }
        }
    }

    private void breakConnection(Shard shard) {
        shard.connection++;
        shard.state = State.GONE;
        tell(
                shard.worker,
                () -> {
                    ready.remove(shard.key);
                    limiter().released(shard.key, 0);
                });
        requeueLater(shard, 1_000 + random.nextInt(3_000));
    }

    private void requeueLater(Shard shard, long millis) {
        int incarnation = shard.worker.incarnation;
        time.afterMillis(
                millis,
                () -> {
                    if (shard.worker.incarnation == incarnation
                            && shard.worker.alive
                            && shard.state == State.GONE) {
                        shard.state = State.QUEUED;
                        want(shard);
                    }
                });
    }

    @Override
    public void grant(int key, long grantId, Duration validFor) {
        Shard shard = shard(key);
        ready.remove(key);
        if (behind && IdentifyKey.slot(key) == BEHIND) {
            ready.stream()
                    .filter(other -> IdentifyKey.slot(other) != BEHIND)
                    .filter(other -> bucketOf(shard(other)) == bucketOf(shard))
                    .forEach(other ->
                            violations.add("shard " + shard.id + " came before shard " + other));
        }
        hear(
                shard.worker,
                () -> {
                    if (shard.state != State.READY_TO_IDENTIFY) {
                        tell(shard.worker, () -> limiter().released(key, grantId));
                        return;
                    }
                    shard.state = State.IDENTIFIED;
                    int connection = shard.connection;
                    time.afterMillis(delay(), () -> discordTakes(shard, connection));
                    tell(shard.worker, () -> limiter().sent(key, grantId));
                    if (happens(faults.workerDeaths())) {
                        die(shard.worker);
                    } else if (happens(faults.supervisorDeaths())) {
                        supervisorDies();
                    } else if (happens(faults.lostSessions())) {
                        time.afterMillis(random.nextInt(20_000), () -> loseSession(shard));
                    }
                });
        if (happens(faults.hangs())) {
            hang(shard.worker);
        } else if (happens(faults.workerDeaths())) {
            time.afterMillis(delay(), () -> die(shard.worker));
        }
    }

    private void loseSession(Shard shard) {
        if (shard.worker.alive && !shard.worker.hung && shard.state == State.IDENTIFIED) {
            shard.connection++;
            shard.state = State.QUEUED;
            shard.lostSession = true;
            want(shard);
        }
    }

    private void discordTakes(Shard shard, int connection) {
        int bucket = bucketOf(shard);
        long now = time.elapsedMillis();
        Long last = lastIdentify.put(bucket, now);
        if (last != null && now - last < DISCORD_WINDOW_MILLIS) {
            violations.add("shard " + shard.id + ": " + (now - last) + " ms after the last one");
        }
        refill();
        remaining--;
        identifies++;
        lastIdentifyMillis = now;
        if (remaining < 0) {
            violations.add("shard " + shard.id + ": over the session start limit");
        }
        time.afterMillis(delay(), () -> readyComes(shard, connection));
    }

    private void readyComes(Shard shard, int connection) {
        if (shard.connection == connection && shard.worker.alive && !shard.worker.hung) {
            tell(shard.worker, () -> limiter().answered(shard.key, true));
        }
    }

    private int bucketOf(Shard shard) {
        return shard.id % maxConcurrency;
    }

    private void refill() {
        while (!time.instant().isBefore(resets)) {
            resets = resets.plus(limitWindow);
            remaining = total;
        }
    }

    private SessionStartLimit discordsLimit() {
        refill();
        return new SessionStartLimit(
                total,
                Math.max(0, remaining),
                Duration.between(time.instant(), resets),
                maxConcurrency);
    }

    @Override
    public void limitExhausted(Instant until) {
        if (until.isBefore(time.instant())) {
            violations.add("exhausted until a moment that has passed");
        }
    }

    @Override
    public void wantsFreshLimit() {
        int incarnation = supervisorIncarnation;
        SessionStartLimit answer = discordsLimit();
        time.afterMillis(
                1 + random.nextInt(2_000),
                () -> {
                    if (supervisorAlive && incarnation == supervisorIncarnation) {
                        limiter().limit(answer);
                    }
                });
    }

    private void die(Worker worker) {
        if (!worker.alive) {
            return;
        }
        worker.alive = false;
        int incarnation = worker.incarnation;
        for (Shard shard : worker.shards) {
            shard.connection++;
        }
        time.afterMillis(
                1 + random.nextInt(300),
                () -> {
                    if (supervisorAlive && worker.incarnation == incarnation) {
                        worker.shards.forEach(shard -> ready.remove(shard.key));
                        limiter()
                                .workerLost(key ->
                                        worker.shards.stream().anyMatch(it -> it.key == key));
                        worker.incarnation++;
                        int dead = worker.incarnation;
                        time.afterMillis(
                                500 + random.nextInt(3_000),
                                () -> {
                                    if (supervisorAlive && worker.incarnation == dead) {
                                        spawn(worker);
                                    }
                                });
                    }
                });
    }

    /** It wakes again, or is killed when its time is over. */
    private void hang(Worker worker) {
        if (!worker.alive || worker.hung) {
            return;
        }
        worker.hung = true;
        int incarnation = worker.incarnation;
        time.afterMillis(
                random.nextInt(30_000),
                () -> {
                    if (worker.incarnation == incarnation && worker.alive && worker.hung) {
                        worker.hung = false;
                        List<Runnable> all = List.copyOf(worker.waiting);
                        worker.waiting.clear();
                        all.forEach(Runnable::run);
                    }
                });
        time.afterMillis(
                15_000,
                () -> {
                    if (worker.incarnation == incarnation && worker.hung) {
                        die(worker);
                    }
                });
    }

    private void supervisorDies() {
        if (!supervisorAlive) {
            return;
        }
        supervisorAlive = false;
        for (Worker worker : workers) {
            worker.alive = false;
            worker.incarnation++;
        }
        time.afterMillis(100 + random.nextInt(7_000), this::start);
    }

    private boolean happens(int thousandths) {
        return faultsOn && random.nextInt(1_000) < thousandths;
    }

    private long delay() {
        return faults.delayMillis() == 0 ? 0 : random.nextInt(faults.delayMillis() + 1);
    }

    /** To the worker, in order. */
    private void hear(Worker worker, Runnable message) {
        worker.lastInboxMillis = Math.max(worker.lastInboxMillis, time.elapsedMillis() + delay());
        int incarnation = worker.incarnation;
        time.afterMillis(
                worker.lastInboxMillis - time.elapsedMillis(),
                () -> {
                    if (worker.incarnation != incarnation || !worker.alive) {
                        return;
                    }
                    if (worker.hung) {
                        worker.waiting.add(message);
                    } else {
                        message.run();
                    }
                });
    }

    /** From the worker, in order. What it had sent arrives even when it has died since. */
    private void tell(Worker worker, Runnable message) {
        worker.lastOutboxMillis = Math.max(worker.lastOutboxMillis, time.elapsedMillis() + delay());
        int incarnation = worker.incarnation;
        int supervisor = supervisorIncarnation;
        time.afterMillis(
                worker.lastOutboxMillis - time.elapsedMillis(),
                () -> {
                    if (worker.incarnation == incarnation
                            && supervisorAlive
                            && supervisor == supervisorIncarnation) {
                        message.run();
                    }
                });
    }
}
