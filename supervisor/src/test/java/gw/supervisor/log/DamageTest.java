package gw.supervisor.log;

import static org.assertj.core.api.Assertions.assertThat;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the disk has spoiled is announced: which shard, how many, from which to which (P1). */
class DamageTest {
    private static final Pattern RANGE =
            Pattern.compile(
                    "\"events\":(\\d+),\"from\":\"(\\w+):(\\d+)\",\"to\":\"(\\w+):(\\d+)\"");

    @TempDir private Path dir;

    private final RecordView view = new RecordView();
    private final List<String> reports = new ArrayList<>();
    private final List<String> gaps = new ArrayList<>();

    private SegmentLog open(long mostEvents) throws Exception {
        return SegmentLog.open(
                LogSettings.of(dir, new LogLimits(1L << 30, mostEvents)),
                InstantSource.fixed(Instant.ofEpochSecond(100)),
                Runnable::run,
                reports::add,
                _ -> {});
    }

    private static void begin(SegmentLog log, String... sessions) {
        for (int shard = 0; shard < sessions.length; shard++) {
            log.session(new KeptSession(shard, 10, 513, sessions[shard], "wss://r", 0, false));
        }
    }

    private static void append(SegmentLog log, int shard, String session, int from, int to) {
        for (int i = from; i <= to; i++) {
            assertThat(
                            log.append(
                                            new Records()
                                                    .add(
                                                            "MESSAGE_CREATE",
                                                            shard,
                                                            session,
                                                            i,
                                                            7 + shard,
                                                            i * 1_000_000L,
                                                            "e" + i)
                                                    .batch())
                                    .accepted())
                    .isEqualTo(1);
        }
    }

    /** The sequences of the events; announcements go to {@link #gaps}. */
    private List<Long> drain(SegmentLog log) {
        List<Long> all = new ArrayList<>();
        for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
            entry.view(view);
            if (view.kind() == RecordKind.GAP) {
                gaps.add(view.payloadText());
            } else {
                all.add(view.sequence());
            }
            log.release(entry);
        }
        return all;
    }

    private List<Integer> events(Path file) throws IOException {
        List<Integer> offsets = new ArrayList<>();
        byte[] bytes = Files.readAllBytes(file);
        for (int at = SegmentHeader.BYTES; at < bytes.length; at += view.length()) {
            var _ = view.wrapChecked(bytes, at);
            if (view.kind() == RecordKind.DISPATCH) {
                offsets.add(at);
            }
        }
        return offsets;
    }

    private long offsetOf(Path file, String session, long sequence) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int at : events(file)) {
            var _ = view.wrapChecked(bytes, at);
            if (view.sequence() == sequence && view.sessionId().equals(session)) {
                return at;
            }
        }
        throw new AssertionError("no event " + session + ":" + sequence + " in " + file);
    }

    private void spoil(Path file, String session, long sequence) throws IOException {
        Spoil.flip(file, offsetOf(file, session, sequence) + 60, 3);
    }

    @Test
    void theBotIsToldWhichEventsOfWhichShardAreLost() throws Exception {
        SegmentLog log = open(1_000_000);
        begin(log, "s", "t");
        for (int i = 1; i <= 20; i++) {
            append(log, 0, "s", i, i);
            append(log, 1, "t", i, i);
        }
        Path file = Spoil.segments(dir).getFirst();
        spoil(file, "s", 5);
        spoil(file, "s", 6);
        spoil(file, "t", 20);
        SegmentLog again = open(1_000_000);
        assertThat(drain(again)).hasSize(37);
        assertThat(gaps)
                .containsExactly(
                        "{\"t\":\"GW_GAP\",\"s\":null,\"op\":0,\"d\":{\"reason\":\"damaged\","
                                + "\"events\":2,\"from\":\"s:5\",\"to\":\"s:6\","
                                + "\"from_time\":\"1970-01-01T00:00:04Z\","
                                + "\"to_time\":\"1970-01-01T00:00:07Z\",\"shard_id\":0}}");
        LogUsage usage = again.usage();
        assertThat(usage.drops())
                .containsExactly(new LogUsage.Drop(DropReason.DAMAGED, "UNREADABLE", 2));
        assertThat(usage.damagedBytes()).isPositive();
        assertThat(reports)
                .anyMatch(line -> line.contains("at most 2 events of session s, up to sequence 6"));
        // The last record of a log may be torn: Discord is asked for it again.
        assertThat(again.lastSequence(1, "t")).hasValue(19);
    }

    @Test
    void itIsToldBeforeWhatFollowsItInTheShard() throws Exception {
        SegmentLog log = open(1_000_000);
        begin(log, "s");
        append(log, 0, "s", 1, 9);
        spoil(Spoil.segments(dir).getFirst(), "s", 5);
        SegmentLog again = open(1_000_000);
        List<String> order = new ArrayList<>();
        for (LogEntry entry = again.next(); entry != null; entry = again.next()) {
            entry.view(view);
            order.add(view.kind() == RecordKind.GAP ? "gap" : view.payloadText());
            again.release(entry);
        }
        assertThat(order).containsExactly("e1", "e2", "e3", "e4", "gap", "e6", "e7", "e8", "e9");
    }

    /** Its last shard record and its segment's end say nothing: the next segment does. */
    @Test
    void whatIsLostAtTheEndOfASegmentIsToldByTheNext() throws Exception {
        SegmentLog log = open(64);
        begin(log, "s", "t");
        append(log, 1, "t", 1, 3);
        append(log, 0, "s", 1, 60);
        log.close();
        List<Path> files = Spoil.segments(dir);
        assertThat(files).hasSizeGreaterThan(3);
        spoil(files.getFirst(), "t", 3);
        long last = lastIn(files.get(1));
        spoil(files.get(1), "s", last);
        assertThat(drain(open(64))).hasSize(61);
        assertThat(gaps).hasSize(2);
        String ofS = "\"events\":1,\"from\":\"s:" + last + "\"";
        assertThat(gaps)
                .anyMatch(gap -> gap.contains("\"events\":1,\"from\":\"t:3\",\"to\":\"t:3\""))
                .anyMatch(gap -> gap.contains(ofS));
    }

    private long lastIn(Path file) throws IOException {
        var _ = view.wrapChecked(Files.readAllBytes(file), events(file).getLast());
        return view.sequence();
    }

    @Test
    void whatTheBotHasIsNotAnnounced() throws Exception {
        SegmentLog log = open(64);
        begin(log, "s");
        append(log, 0, "s", 1, 60);
        for (int i = 1; i <= 9; i++) {
            LogEntry entry = log.next();
            assertThat(entry).isNotNull();
            if (i != 3) {
                log.release(entry);
            }
        }
        log.close();
        spoil(Spoil.segments(dir).getFirst(), "s", 8);
        assertThat(drain(open(64))).hasSize(52).startsWith(3L, 10L);
        assertThat(gaps).isEmpty();
    }

    @Test
    void aFileThatIsCutIsToldOnce() throws Exception {
        SegmentLog log = open(64);
        begin(log, "s");
        append(log, 0, "s", 1, 60);
        log.close();
        Path second = Spoil.segments(dir).get(1);
        long last = lastIn(second);
        Spoil.truncate(second, offsetOf(second, "s", last - 2) + 10);
        // What is told is written down before anything else happens: a death changes nothing.
        var _ = open(64);
        assertThat(drain(open(64))).hasSize(57);
        assertThat(gaps).hasSize(1);
        assertThat(gaps.getFirst())
                .contains("\"events\":3,\"from\":\"s:" + (last - 2) + "\",\"to\":\"s:" + last);
    }

    @Test
    void toReadASpoiledPlaceAgainTellsNothingNew() throws Exception {
        SegmentLog log = open(1_000_000);
        begin(log, "s");
        append(log, 0, "s", 1, 9);
        spoil(Spoil.segments(dir).getFirst(), "s", 5);
        SegmentLog again = open(1_000_000);
        List<LogEntry> held = new ArrayList<>();
        for (LogEntry entry = again.next(); entry != null; entry = again.next()) {
            held.add(entry);
        }
        long bytes = again.usage().damagedBytes();
        held.forEach(again::giveBack);
        again.rewind(held.getFirst().place());
        assertThat(drain(again)).hasSize(8);
        assertThat(gaps).hasSize(1);
        assertThat(again.usage().damagedBytes()).isEqualTo(bytes);
    }

    /** Its guild is stuck, its bytes were let go, and the disk has spoiled them meanwhile. */
    @Test
    void whatRotsWhileItWaitsIsToldAndNotDelivered() throws Exception {
        SegmentLog log = open(1_000_000);
        begin(log, "s");
        append(log, 0, "s", 1, 9);
        log.close();
        SegmentLog again = open(1_000_000);
        LogEntry waits = again.next();
        assertThat(waits).isNotNull();
        waits.detach();
        assertThat(again.isWanted(waits)).isTrue();
        waits.detach();
        spoil(Spoil.segments(dir).getFirst(), "s", 1);
        assertThat(again.isWanted(waits)).isFalse();
        assertThat(drain(again)).hasSize(8);
        assertThat(gaps).hasSize(1);
        assertThat(gaps.getFirst()).contains("\"events\":1,\"from\":\"s:1\",\"to\":\"s:1\"");
        again.tick();
        assertThat(again.usage().events()).isZero();
        assertThat(again.usage().segments()).isEqualTo(1);
    }

    /** P2: a limit drops what stands on both sides of a hole, and all three are told in order. */
    @Test
    void whatIsDroppedAroundAHoleIsToldAroundIt() throws Exception {
        SegmentLog log = open(200);
        begin(log, "s");
        for (int i = 1; i <= 30; i++) {
            var _ = log.append(new Records().add(0, "s", i, 0, "e" + i).batch());
        }
        log.close();
        SegmentLog again = open(200);
        // Seals the segment in which they stand, so that it is dropped as a whole.
        append(again, 0, "s", 31, 100);
        spoil(Spoil.segments(dir).getFirst(), "s", 12);
        append(again, 0, "s", 101, 300);
        var _ = drain(again);
        List<String> ofTheShard = gaps.stream().filter(gap -> !gap.contains("guild_id")).toList();
        assertThat(ofTheShard).hasSize(3);
        assertThat(ofTheShard.get(0)).contains("queue_full", "\"from\":\"s:1\",\"to\":\"s:11\"");
        assertThat(ofTheShard.get(1)).contains("damaged", "\"from\":\"s:12\",\"to\":\"s:12\"");
        assertThat(ofTheShard.get(2)).contains("queue_full", "\"from\":\"s:13\"");
    }

    /** Segments go in the order in which they are done: the next one in line is no neighbour. */
    @Test
    void aNeighbourThatIsGoneMakesNoLossesUp() throws Exception {
        SegmentLog log = open(200);
        begin(log, "s", "t");
        append(log, 1, "t", 1, 1);
        append(log, 0, "s", 1, 60);
        LogEntry stuck = log.next();
        assertThat(stuck).isNotNull();
        for (int i = 0; i < 60; i++) {
            LogEntry entry = log.next();
            assertThat(entry).isNotNull();
            if (i != 3) {
                log.release(entry);
            }
        }
        append(log, 0, "s", 61, 100);
        log.close();
        List<Path> files = Spoil.segments(dir);
        // Of the first segment s:4 alone waits, and t:1; the second is gone.
        spoil(files.getFirst(), "s", 4);
        assertThat(drain(open(200))).contains(1L).doesNotContain(4L);
        assertThat(gaps)
                .isNotEmpty()
                .allMatch(gap -> !gap.contains("\"events\":") || gap.contains("\"events\":1,"));
        assertThat(gaps).anyMatch(gap -> gap.contains("\"from\":\"s:4\",\"to\":\"s:4\""));
    }

    /** Only sessions are a segment's first records: no event is missing with one of them. */
    @Test
    void aSpoiledSessionRecordIsNoGap() throws Exception {
        SegmentLog log = open(64);
        begin(log, "s", "t", "u");
        append(log, 0, "s", 1, 5);
        append(log, 1, "t", 1, 40);
        append(log, 0, "s", 6, 8);
        log.close();
        Path last = Spoil.segments(dir).getLast();
        Spoil.flip(last, SegmentHeader.BYTES + 60, 1);
        SegmentLog again = open(64);
        assertThat(drain(again)).hasSize(48);
        assertThat(gaps).isEmpty();
        assertThat(again.sessions()).hasSize(3);
    }

    /** Nobody knows how many: the bot hears that there were some. */
    @Test
    void whereNothingTellsHowManyItIsToldWithoutANumber() throws Exception {
        SegmentLog log = open(1_000_000);
        append(log, 0, "s", 1, 9);
        spoil(Spoil.segments(dir).getFirst(), "s", 1);
        assertThat(drain(open(1_000_000))).hasSize(8);
        assertThat(gaps).hasSize(1);
        assertThat(gaps.getFirst())
                .contains("\"reason\":\"damaged\",\"to\":\"s:1\",\"to_time\"")
                .doesNotContain("events");
    }

    /** Whatever is hit, each event comes or is announced, and none is made up. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void eachEventComesOrIsAnnounced(long seed) throws Exception {
        Random random = new Random(seed);
        int shards = 3;
        int events = 400;
        SegmentLog log = open(512);
        begin(log, "s0", "s1", "s2");
        int[] next = new int[shards];
        for (int i = 0; i < events; i++) {
            int shard = random.nextInt(shards);
            next[shard]++;
            append(log, shard, "s" + shard, next[shard], next[shard]);
        }
        log.close();
        for (Path file : Spoil.segments(dir)) {
            List<Integer> begins = events(file);
            for (int i = 0; i < 2 && begins.size() > 2; i++) {
                int at = begins.get(random.nextInt(begins.size() - 1));
                Spoil.flip(file, at + random.nextInt(80), random.nextInt(8));
            }
        }
        SegmentLog again = open(512);
        List<TreeSet<Long>> missing = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            missing.add(new TreeSet<>());
            for (long i = 1; i <= next[shard]; i++) {
                missing.get(shard).add(i);
            }
        }
        for (LogEntry entry = again.next(); entry != null; entry = again.next()) {
            entry.view(view);
            if (view.kind() == RecordKind.GAP) {
                Matcher range = RANGE.matcher(view.payloadText());
                assertThat(range.find()).as(view.payloadText()).isTrue();
                for (long i = Long.parseLong(range.group(3));
                        i <= Long.parseLong(range.group(5));
                        i++) {
                    assertThat(missing.get(view.shardId()).remove(i))
                            .as("seed %d, announced: %s", seed, view.payloadText())
                            .isTrue();
                }
            } else {
                assertThat(missing.get(view.shardId()).remove(view.sequence()))
                        .as("seed %d", seed)
                        .isTrue();
            }
            again.release(entry);
        }
        for (int shard = 0; shard < shards; shard++) {
            // What came last isn't known to the log any more: Discord is asked for it again.
            long known = again.lastSequence(shard, "s" + shard).orElse(0);
            assertThat(missing.get(shard))
                    .as("seed %d, shard %d: %s", seed, shard, reports)
                    .allMatch(sequence -> sequence > known);
        }
        assertThat(reports).as("seed %d", seed).isNotEmpty();
    }
}
