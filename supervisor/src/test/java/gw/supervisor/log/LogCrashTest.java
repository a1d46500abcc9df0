package gw.supervisor.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A process dies after each step of a random life of the log, and at random moments within them;
 * the next one finds its files as they were just then (P1, P2, P3, P4).
 */
class LogCrashTest {
    private static final int STEPS = 250;
    private static final int SHARDS = 3;
    private static final int BURST = 12;
    private static final int MOST_EVENTS = 100;
    private static final double CHECKED_WITHIN = 0.1;

    @TempDir private Path root;

    private final CrashLedger ledger = new CrashLedger();
    private final Map<Long, Queue> queues = new HashMap<>();
    private final int[] sessions = new int[SHARDS];
    private final boolean[] alive = new boolean[SHARDS];
    private final long[] sequences = new long[SHARDS];
    private Instant now = Instant.ofEpochSecond(1_000);
    private Random random = new Random(0);
    private Path dir = Path.of("");
    private LogSettings.WhenFull whenFull = LogSettings.WhenFull.DROP_OLDEST;
    private Optional<Duration> maxAge = Optional.empty();
    private Map<String, Duration> ttl = Map.of();
    private boolean within;
    private int processes;
    private int checks;

    /** What the consumer has in its hands of one order; only its first is tried. */
    private static final class Queue {
        private final ArrayDeque<LogEntry> entries = new ArrayDeque<>();
        private boolean underWay;
        private @Nullable LogPlace skippedFrom;

        /** An announcement where its events stood, but not before what is under way. */
        private void add(LogEntry entry) {
            ArrayDeque<LogEntry> later = new ArrayDeque<>();
            while (!entry.isInLog()
                    && entries.size() > (underWay ? 1 : 0)
                    && entries.getLast().place().compareTo(entry.place()) > 0) {
                later.addFirst(entries.removeLast());
            }
            entries.addLast(entry);
            entries.addAll(later);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1,DROP_OLDEST,0,0",
        "2,DROP_OLDEST,0,0",
        "3,DROP_OLDEST,20,0",
        "4,PAUSE,0,0",
        "127,DROP_OLDEST,5,0",
        "5,DROP_OLDEST,0,3",
        "6,DROP_OLDEST,9,3",
        "7,PAUSE,0,3"
    })
    void whenEverItDiesNothingIsLostAndNothingSettledComesAgain(
            int seed, LogSettings.WhenFull full, int maxAgeSeconds, int ttlSeconds)
            throws Exception {
        random = new Random(seed);
        whenFull = full;
        maxAge =
                maxAgeSeconds == 0
                        ? Optional.empty()
                        : Optional.of(Duration.ofSeconds(maxAgeSeconds));
        ttl = ttlSeconds == 0 ? Map.of() : Map.of("TYPING_START", Duration.ofSeconds(ttlSeconds));
        dir = Files.createDirectory(root.resolve("log0"));
        SegmentLog log = open(dir);
        int step = 0;
        try {
            for (; step < STEPS; step++) {
                within = true;
                log = step(log);
                within = false;
                crash();
            }
        } catch (AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ", step " + step + (within ? ", within it" : ""), e);
        }
        remove(dir);
        log.close();
        System.out.printf(
                "seed %d: %s; %d crashes, %d processes%n", seed, ledger, checks, processes);
    }

    private SegmentLog step(SegmentLog log) throws IOException {
        int dice = random.nextInt(100);
        if (dice < 25) {
            append(log);
        } else if (dice < 50) {
            for (int i = random.nextInt(BURST); i >= 0; i--) {
                read(log);
            }
        } else if (dice < 70) {
            for (int i = random.nextInt(BURST); i >= 0; i--) {
                anyQueue(false).ifPresent(queue -> send(log, queue));
            }
        } else if (dice < 90) {
            for (int i = random.nextInt(BURST); i >= 0; i--) {
                anyQueue(true).ifPresent(queue -> answer(log, queue));
            }
        } else if (dice < 94) {
            newSession(log);
        } else if (dice < 98) {
            now = now.plusSeconds(random.nextInt(5));
            log.tick();
        } else {
            return restart(log);
        }
        return log;
    }

    private void append(SegmentLog log) {
        Records records = new Records();
        List<CrashLedger.Event> events = new ArrayList<>();
        for (int i = random.nextInt(BURST); i >= 0; i--) {
            int shard = random.nextInt(SHARDS);
            if (!alive[shard]) {
                beginSession(log, shard);
            }
            // Now and then the last one comes again, as after a lost ack.
            boolean again = sequences[shard] > 0 && random.nextInt(10) == 0;
            long sequence = again ? sequences[shard] : ++sequences[shard];
            String id = session(shard) + ":" + sequence;
            long guild = sequence % 3 == 0 ? 0 : shard * 10L + sequence % 3;
            records.add(
                    sequence % 4 == 1 ? "TYPING_START" : "MESSAGE_CREATE",
                    shard,
                    session(shard),
                    sequence,
                    guild,
                    now.getEpochSecond() * 1_000_000,
                    "{\"id\":\"" + id + "\"}");
            CrashLedger.Event event = new CrashLedger.Event(id, guild != 0 ? guild : -1L - shard);
            if (!again) {
                events.add(event);
            }
        }
        byte[] batch = records.batch();
        ledger.arriving(events);
        long before = activeLength();
        AppendResult result = log.append(batch);
        if (result.full()) {
            // Not acked: it comes again, whole and first.
            for (int tries = 0; result.full() && tries < MOST_EVENTS; tries++) {
                read(log);
                drainOne(log);
                result = log.append(batch);
            }
        }
        if (result.full()) {
            throw new AssertionError("there is no room, and never will be");
        }
        torn(before, batch);
        ledger.arrived(result);
    }

    /** Makes room by delivering one event. */
    private void drainOne(SegmentLog log) {
        Optional<Queue> waiting = anyQueue(false);
        waiting.ifPresent(queue -> send(log, queue));
        anyQueue(true)
                .ifPresent(queue -> {
                    queue.underWay = false;
                    settle(log, queue);
                });
    }

    private String session(int shard) {
        return "s" + shard + "x" + sessions[shard];
    }

    private void newSession(SegmentLog log) {
        int shard = random.nextInt(SHARDS);
        if (alive[shard] && random.nextBoolean()) {
            tell(log, shard, true);
            alive[shard] = false;
        } else {
            beginSession(log, shard);
        }
    }

    private void beginSession(SegmentLog log, int shard) {
        sessions[shard]++;
        sequences[shard] = 0;
        alive[shard] = true;
        tell(log, shard, false);
    }

    private void tell(SegmentLog log, int shard, boolean ended) {
        ledger.becoming(shard, session(shard), ended);
        log.session(new KeptSession(shard, 10, 513, session(shard), "wss://r", 0, ended));
        ledger.became();
    }

    private void read(SegmentLog log) {
        LogEntry entry = log.next();
        if (entry == null) {
            return;
        }
        long order = entry.guildId() != 0 ? entry.guildId() : -1L - entry.shardId();
        Queue queue = queues.computeIfAbsent(order, _ -> new Queue());
        boolean stuck = !queue.entries.isEmpty() && random.nextInt(20) == 0;
        if (queue.skippedFrom != null || stuck) {
            if (queue.skippedFrom == null) {
                queue.skippedFrom = entry.place();
            }
            log.giveBack(entry);
        } else {
            queue.add(entry);
        }
    }

    private Optional<Queue> anyQueue(boolean underWay) {
        List<Queue> some =
                queues.values().stream()
                        .filter(queue -> !queue.entries.isEmpty() && queue.underWay == underWay)
                        .toList();
        return some.isEmpty()
                ? Optional.empty()
                : Optional.of(some.get(random.nextInt(some.size())));
    }

    private void send(SegmentLog log, Queue queue) {
        LogEntry head = queue.entries.peekFirst();
        while (head != null && !log.isWanted(head)) {
            LogEntry instead = log.announcement(head);
            queue.entries.removeFirst();
            if (instead != null) {
                queue.entries.addFirst(instead);
            }
            head = queue.entries.peekFirst();
        }
        if (head == null) {
            idle(log, queue);
        } else {
            head.underWay(true);
            queue.underWay = true;
        }
    }

    private void answer(SegmentLog log, Queue queue) {
        queue.underWay = false;
        if (random.nextInt(4) == 0) {
            queue.entries.getFirst().underWay(false);
        } else {
            settle(log, queue);
        }
    }

    private void settle(SegmentLog log, Queue queue) {
        LogEntry head = queue.entries.removeFirst();
        head.underWay(false);
        ledger.delivered(head);
        log.release(head);
        if (queue.entries.isEmpty()) {
            idle(log, queue);
        }
    }

    private static void idle(SegmentLog log, Queue queue) {
        LogPlace skipped = queue.skippedFrom;
        if (skipped != null) {
            queue.skippedFrom = null;
            log.rewind(skipped);
        }
    }

    /** The process is killed, and the next one goes on. */
    private SegmentLog restart(SegmentLog dead) throws IOException {
        Path next = root.resolve("log" + ++processes);
        copy(dir, next);
        remove(dir);
        dead.close();
        dir = next;
        queues.clear();
        return open(dir);
    }

    // ---- crashes ---------------------------------------------------------------------------

    /** The next process finds the files as they are now. */
    private void crash() throws IOException {
        Path found = root.resolve("found");
        copy(dir, found);
        check(found, !within);
    }

    /** What the system took of the last write is all, a part, or nothing. */
    private void torn(long before, byte[] batch) {
        long after = activeLength();
        if (after != before + batch.length || whenFull == LogSettings.WhenFull.PAUSE) {
            return;
        }
        try {
            Path found = root.resolve("found");
            copy(dir, found);
            try (FileChannel file = FileChannel.open(active(found), StandardOpenOption.WRITE)) {
                var _ = file.truncate(before + random.nextLong(batch.length + 1));
            }
            check(found, false);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void check(Path found, boolean idle) throws IOException {
        checks++;
        SegmentLog next = openQuietly(found);
        ledger.check(next, idle);
        // It is killed, too, when it has delivered all of that.
        SegmentLog last = openQuietly(found);
        assertThat(last.next()).as("all was settled").isNull();
        // A log without files has nothing to sync.
        remove(found);
        next.close();
        last.close();
    }

    private static Path active(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".gwlog"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private long activeLength() {
        try {
            return Files.size(active(dir));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().equals(LogFiles.RESERVE)) {
                    // A megabyte of nothing.
                    Files.createFile(to.resolve(LogFiles.RESERVE));
                } else {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
    }

    /** A crash may come whenever the log asks for the time or shows a record: within its steps. */
    private void moment() {
        if (within && random.nextDouble() < CHECKED_WITHIN) {
            try {
                crash();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private SegmentLog open(Path directory) {
        return open(
                directory,
                () -> {
                    moment();
                    return now;
                },
                _ -> moment());
    }

    private SegmentLog openQuietly(Path directory) {
        return open(directory, () -> now, _ -> {});
    }

    private SegmentLog open(Path directory, InstantSource clock, LogWatcher watcher) {
        LogSettings settings =
                new LogSettings(
                        directory,
                        LogLimits.of(1L << 30, MOST_EVENTS),
                        maxAge,
                        ttl,
                        whenFull,
                        LogSettings.Fsync.NEVER,
                        LogSettings.CatchUp.OLDEST_FIRST,
                        "this boot");
        try {
            return SegmentLog.open(settings, clock, Runnable::run, _ -> {}, watcher);
        } catch (IOException | NewerLogException e) {
            throw new AssertionError(e);
        }
    }
}
