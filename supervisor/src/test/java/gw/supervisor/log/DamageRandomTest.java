package gw.supervisor.log;

import static org.assertj.core.api.Assertions.assertThat;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * A log lives, dies and lives on while its disk rots: whatever is hit, and whenever, no event is
 * lost that the bot isn't told of (P1).
 */
class DamageRandomTest {
    private static final int SHARDS = 3;
    private static final int MOST_EVENTS = 2_000;
    private static final Pattern RANGE =
            Pattern.compile("\"from\":\"(\\w+):(\\d+)\",\"to\":\"(\\w+):(\\d+)\"");

    @TempDir private Path dir;

    private final RecordView view = new RecordView();
    private final List<String> reports = new ArrayList<>();
    private final Map<String, Long> given = new TreeMap<>();
    private final Set<String> delivered = new HashSet<>();
    private final Set<String> announced = new HashSet<>();
    private final Set<Integer> perhaps = new HashSet<>();
    private final int[] sessions = new int[SHARDS];
    private final List<LogEntry> hands = new ArrayList<>();
    private Random random = new Random(0);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostInSilence(long seed) throws Exception {
        random = new Random(seed);
        SegmentLog log = open();
        for (int shard = 0; shard < SHARDS; shard++) {
            begin(log, shard);
        }
        int lives = 1 + random.nextInt(3);
        for (int life = 0; life < lives; life++) {
            live(log);
            spoil();
            if (random.nextBoolean()) {
                drain(log, random.nextInt(200));
            }
            if (random.nextBoolean()) {
                log.close();
            }
            hands.clear();
            log = open();
            resume(log);
        }
        drain(log, Integer.MAX_VALUE);
        log.tick();
        drain(log, Integer.MAX_VALUE);
        Map<String, Long> replayed = new HashMap<>();
        for (KeptSession kept : log.sessions()) {
            if (!kept.ended()) {
                replayed.put(kept.sessionId(), kept.sequence());
            }
        }
        List<String> silent = new ArrayList<>();
        given.forEach((session, highest) -> {
            int shard = session.charAt(1) - '0';
            for (long i = 1; i <= highest; i++) {
                String id = session + ":" + i;
                if (!delivered.contains(id)
                        && !announced.contains(id)
                        && !perhaps.contains(shard)
                        && i <= replayed.getOrDefault(session, Long.MAX_VALUE)) {
                    silent.add(id);
                }
            }
        });
        assertThat(silent).as("seed %d: %s", seed, reports).isEmpty();
        log.close();
    }

    private SegmentLog open() throws Exception {
        return SegmentLog.open(
                LogSettings.of(dir, new LogLimits(1L << 30, MOST_EVENTS)),
                InstantSource.fixed(Instant.ofEpochSecond(100)),
                Runnable::run,
                reports::add,
                _ -> {});
    }

    private String session(int shard) {
        return "s" + shard + "x" + sessions[shard];
    }

    private void begin(SegmentLog log, int shard) {
        sessions[shard]++;
        log.session(new KeptSession(shard, 10, 513, session(shard), "wss://r", 0, false));
    }

    /** A session that the log knows nothing of is over; its shard's gap is told as every such. */
    private void resume(SegmentLog log) {
        for (int shard = 0; shard < SHARDS; shard++) {
            int of = shard;
            if (log.sessions().stream().noneMatch(kept -> kept.shardId() == of)) {
                // No file names it any more: nobody can know that it had events.
                perhaps.add(shard);
            }
        }
        for (KeptSession kept : log.sessions()) {
            int shard = kept.shardId();
            if (kept.sessionId().equals(session(shard))) {
                continue;
            }
            ended(kept.sessionId(), kept.sequence());
            for (int later = Integer.parseInt(kept.sessionId().substring(3)) + 1;
                    later <= sessions[shard];
                    later++) {
                ended("s" + shard + "x" + later, 0);
            }
            begin(log, shard);
        }
    }

    /** The bot hears that the session is over: what came after that in it can't be asked for. */
    private void ended(String session, long known) {
        for (long i = known + 1; i <= given.getOrDefault(session, 0L); i++) {
            announced.add(session + ":" + i);
        }
    }

    private void live(SegmentLog log) {
        for (int i = 100 + random.nextInt(300); i > 0; i--) {
            int dice = random.nextInt(100);
            if (dice < 50) {
                int shard = random.nextInt(SHARDS);
                long sequence =
                        Math.max(
                                        given.getOrDefault(session(shard), 0L),
                                        log.lastSequence(shard, session(shard)).orElse(0))
                                + 1;
                // What the log has lost of a session's end comes again first.
                long from = log.lastSequence(shard, session(shard)).orElse(0) + 1;
                for (long next = from; next <= sequence; next++) {
                    append(log, shard, next);
                }
            } else if (dice < 75) {
                LogEntry entry = log.next();
                if (entry != null) {
                    hands.add(entry);
                }
            } else if (dice < 98 && !hands.isEmpty()) {
                settle(log, hands.remove(random.nextInt(hands.size())));
            } else if (dice == 99) {
                int shard = random.nextInt(SHARDS);
                ended(session(shard), log.lastSequence(shard, session(shard)).orElse(0));
                log.session(new KeptSession(shard, 10, 513, session(shard), "wss://r", 0, true));
                begin(log, shard);
            }
        }
    }

    private void append(SegmentLog log, int shard, long sequence) {
        given.merge(session(shard), sequence, Math::max);
        var _ =
                log.append(
                        new Records()
                                .add(
                                        "MESSAGE_CREATE",
                                        shard,
                                        session(shard),
                                        sequence,
                                        random.nextInt(3) == 0 ? 0 : 7 + shard,
                                        sequence * 1_000,
                                        session(shard) + ":" + sequence)
                                .batch());
    }

    private void settle(SegmentLog log, LogEntry entry) {
        if (!log.isWanted(entry)) {
            return;
        }
        entry.view(view);
        if (view.kind() == RecordKind.GAP) {
            Matcher range = RANGE.matcher(view.payloadText());
            if (range.find()) {
                for (long i = Long.parseLong(range.group(2));
                        i <= Long.parseLong(range.group(4));
                        i++) {
                    announced.add(range.group(1) + ":" + i);
                }
            } else {
                perhaps.add(view.shardId());
            }
        } else {
            assertThat(view.payloadText()).isEqualTo(view.sessionId() + ":" + view.sequence());
            delivered.add(view.payloadText());
        }
        log.release(entry);
    }

    private void drain(SegmentLog log, int most) {
        hands.forEach(entry -> settle(log, entry));
        hands.clear();
        for (int i = 0; i < most; i++) {
            LogEntry entry = log.next();
            if (entry == null) {
                return;
            }
            settle(log, entry);
        }
    }

    /** A bit, a block, or the end of a file. */
    private void spoil() throws IOException {
        List<Path> files = Spoil.segments(dir);
        for (int i = random.nextInt(4); i > 0; i--) {
            Path file = files.get(random.nextInt(files.size()));
            long size = Files.size(file);
            if (size == 0) {
                continue;
            }
            long at = random.nextLong(size);
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> Spoil.flip(file, at, random.nextInt(8));
                case 4, 5 -> Spoil.zero(file, at / 512 * 512, 512);
                case 6 -> Spoil.zero(file, at / 512 * 512, 2_048);
                default -> {
                    // Not the last: a process that goes on writing there makes a hole of its own.
                    if (!file.equals(files.getLast())) {
                        Spoil.truncate(file, at);
                    }
                }
            }
        }
    }
}
