package gw.supervisor.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What was in the log is in it after a crash, whatever became of the files (P1, P3, P4). */
class LogRecoveryTest {
    private static final String BOOT = "11111111-2222-3333-4444-555555555555";

    @TempDir private Path dir;

    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(100));
    private final RecordView view = new RecordView();
    private final List<String> reports = new ArrayList<>();

    @Test
    void onlyWhatIsNotSettledComesAgain() throws Exception {
        SegmentLog log = open(BOOT);
        fill(log, 1, 100);
        for (int i = 1; i <= 50; i++) {
            LogEntry entry = next(log);
            if (i % 10 != 0) {
                log.release(entry);
            }
        }
        // Not closed: the process was killed.
        SegmentLog again = open(BOOT);
        assertThat(again.usage().events()).isEqualTo(55);
        assertThat(again.lastSequence(1, "s")).hasValue(100);
        assertThat(again.append(new Records().add(1, "s", 100, 7, "e100").batch()).duplicates())
                .isEqualTo(1);
        List<String> out = drain(again);
        assertThat(out.subList(0, 6)).containsExactly("e10", "e20", "e30", "e40", "e50", "e51");
        assertThat(out).hasSize(55);
        assertThat(reports).isEmpty();
        assertThat(open(BOOT).usage().events()).isZero();
    }

    @Test
    void sessionsAndSequencesComeBack() throws Exception {
        SegmentLog log = open(BOOT);
        log.session(session(1, "s", false));
        log.session(session(2, "t", false));
        log.session(session(3, "u", false));
        fill(log, 1, 40);
        log.session(session(3, "u", true));
        assertThat(drain(log)).hasSize(40);
        // Everything is delivered, its segments are gone; what is known of the sessions is not.
        SegmentLog again = open(BOOT);
        assertThat(again.sessions())
                .containsExactly(
                        new KeptSession(1, 10, 513, "s", "wss://resume/1", 40, false),
                        new KeptSession(2, 10, 513, "t", "wss://resume/2", 0, false),
                        new KeptSession(3, 10, 513, "u", "wss://resume/3", 0, true));
        again.session(session(3, "v", false));
        assertThat(open(BOOT).sessions().getLast().sessionId()).isEqualTo("v");
    }

    /** A process may die, or the power go, at each byte of a write. */
    @Test
    void whereverTheTailIsTornAllThatIsWholeIsKept() throws Exception {
        SegmentLog log = open(BOOT);
        log.session(session(1, "s", false));
        long head = Files.size(Spoil.segments(dir).getFirst());
        fill(log, 1, 12);
        log.close();
        Path whole = dir.resolve("whole");
        Spoil.copy(dir, whole);
        Path file = Spoil.segments(whole).getFirst();
        long size = Files.size(file);
        for (long cut = 0; cut < size; cut++) {
            Path torn = dir.resolve("torn");
            Spoil.copy(whole, torn);
            Spoil.truncate(Spoil.segments(torn).getFirst(), cut);
            SegmentLog again = open(torn, cut % 2 == 0 ? BOOT : "another boot");
            List<String> out = drain(again);
            for (int i = 0; i < out.size(); i++) {
                assertThat(out.get(i)).as("cut at %d", cut).isEqualTo("e" + (i + 1));
            }
            long recordBytes = (size - head) / 12;
            assertThat(out.size())
                    .as("cut at %d of %d", cut, size)
                    .isGreaterThanOrEqualTo((int) Math.max(0, (cut - head) / (recordBytes + 1)));
            assertThat(again.lastSequence(1, "s").orElse(0)).isEqualTo(out.size());
            assertThat(again.append(new Records().add(1, "s", 13, 7, "e13").batch()).accepted())
                    .isEqualTo(1);
            assertThat(drain(again)).containsExactly("e13");
            again.close();
        }
    }

    /**
     * Each bit of records, header and map is flipped once: nothing is made up, nothing else lost.
     */
    @Test
    void aFlippedBitCostsOneEventAtMost() throws Exception {
        SegmentLog log = open(BOOT);
        log.session(session(1, "s", false));
        fill(log, 1, 8);
        log.close();
        Path whole = dir.resolve("whole");
        Spoil.copy(dir, whole);
        long size = Files.size(Spoil.segments(whole).getFirst());
        Random random = new Random(5);
        for (long at = 0; at < size; at++) {
            Path bad = dir.resolve("bad");
            Spoil.copy(whole, bad);
            Spoil.flip(Spoil.segments(bad).getFirst(), at, random.nextInt(8));
            reports.clear();
            SegmentLog again = open(bad, BOOT);
            List<String> all = drain(again);
            List<String> out = all.stream().filter(text -> text.startsWith("e")).toList();
            assertThat(out.size()).as("byte %d: %s", at, reports).isBetween(7, 8);
            assertThat(out).isSubsetOf("e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8");
            assertThat(out).isSorted();
            if (out.size() < 8) {
                assertThat(reports).anyMatch(line -> line.contains("at byte"));
            }
            // P1: it is announced, or, when it was the last, asked of Discord again.
            boolean known = again.lastSequence(1, "s").orElse(0) == 8;
            assertThat(all.size() - out.size()).isEqualTo(known ? 8 - out.size() : 0);
            again.close();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomDamageLosesOnlyWhatItHits(long seed) throws Exception {
        Random random = new Random(seed);
        SegmentLog log = open(dir, BOOT, 1_000_000);
        int events = 3_000;
        for (int i = 1; i <= events; i++) {
            var _ =
                    log.append(
                            new Records()
                                    .add(1, "s", i, 7, "e" + i + "x".repeat(random.nextInt(400)))
                                    .batch());
        }
        log.close();
        for (Path file : Spoil.segments(dir)) {
            for (int i = 0; i < 3; i++) {
                Spoil.flip(file, random.nextLong(Files.size(file)), random.nextInt(8));
            }
        }
        SegmentLog again = open(dir, BOOT, 1_000_000);
        int last = 0;
        int got = 0;
        for (LogEntry entry = again.next(); entry != null; entry = again.next()) {
            entry.view(view);
            if (view.kind() == RecordKind.GAP) {
                again.release(entry);
                continue;
            }
            assertThat(view.payloadText()).startsWith("e" + view.sequence() + "");
            assertThat(view.sequence()).as("seed %d", seed).isGreaterThan(last);
            last = (int) view.sequence();
            got++;
            again.release(entry);
        }
        assertThat(got)
                .as("seed %d: %s", seed, reports)
                .isGreaterThan(events - 6 * Spoil.segments(dir).size() - 200);
        assertThat(reports).isNotEmpty();
    }

    @Test
    void afterAPowerCutAHoleEndsTheLogAndDiscordReplaysTheRest() throws Exception {
        SegmentLog log = open(BOOT);
        fill(log, 1, 30);
        Path file = Spoil.segments(dir).getFirst();
        long recordBytes = (Files.size(file) - SegmentHeader.BYTES) / 30;
        // The page in the middle never reached the disk.
        Spoil.zero(file, SegmentHeader.BYTES + 10 * recordBytes + 5, 100);
        SegmentLog again = open("99999999-2222-3333-4444-555555555555");
        assertThat(again.lastSequence(1, "s").orElse(0)).isLessThanOrEqualTo(10);
        int kept = (int) again.lastSequence(1, "s").orElse(0);
        for (int i = kept + 1; i <= 30; i++) {
            assertThat(again.append(new Records().add(1, "s", i, 7, "e" + i).batch()).accepted())
                    .isEqualTo(1);
        }
        List<String> out = drain(again);
        assertThat(out).hasSize(30);
        assertThat(out.getFirst()).isEqualTo("e1");
        assertThat(out.getLast()).isEqualTo("e30");
    }

    /** Two holes' worth of segments: what follows the first hole is asked of Discord again. */
    @Test
    void aHoleInAnEarlierSegmentTakesTheLaterOnesWithIt() throws Exception {
        SegmentLog log = open(dir, BOOT, 64);
        fill(log, 1, 60);
        List<Path> files = Spoil.segments(dir);
        assertThat(files).hasSizeGreaterThan(2);
        Path second = files.get(1);
        Spoil.zero(
                second, SegmentHeader.BYTES + (Files.size(second) - SegmentHeader.BYTES) / 2, 100);
        SegmentLog again = open(dir, "99999999-2222-3333-4444-555555555555", 64);
        int kept = (int) again.lastSequence(1, "s").orElse(0);
        assertThat(kept).isBetween(16, 32);
        fill(again, kept + 1, 60);
        List<String> out = drain(again);
        assertThat(out).hasSize(60);
        assertThat(out.getFirst()).isEqualTo("e1");
        assertThat(out.getLast()).isEqualTo("e60");
    }

    /** A damaged record's mark is nobody's: it must not stand for one that still waits. */
    @Test
    void aDamagedRecordThatWasSettledCostsNoOther() throws Exception {
        SegmentLog log = open(BOOT);
        fill(log, 1, 10);
        for (int i = 1; i <= 9; i++) {
            log.release(next(log));
        }
        Path file = Spoil.segments(dir).getFirst();
        long recordBytes = (Files.size(file) - SegmentHeader.BYTES) / 10;
        Spoil.flip(file, SegmentHeader.BYTES + 3 * recordBytes + 60, 2);
        assertThat(drain(open(BOOT))).containsExactly("e10");
    }

    @Test
    void whatIsCutOffTakesItsMarksWithIt() throws Exception {
        for (int cut = 1; cut < 48; cut += 5) {
            Path torn = dir.resolve("torn" + cut);
            SegmentLog log = open(torn, BOOT);
            fill(log, 1, 10);
            for (int i = 1; i <= 10; i++) {
                LogEntry entry = next(log);
                if (i != 4) {
                    log.release(entry);
                }
            }
            Spoil.truncate(
                    Spoil.segments(torn).getFirst(),
                    Files.size(Spoil.segments(torn).getFirst()) - cut);
            assertThat(drain(open(torn, "another boot"))).containsExactly("e4");
        }
    }

    @Test
    void aSegmentOfWhichOnlyDamageIsLeftGoes() throws Exception {
        SegmentLog log = open(dir, BOOT, 64);
        fill(log, 1, 40);
        log.close();
        Path first = Spoil.segments(dir).getFirst();
        Spoil.flip(first, SegmentHeader.BYTES + 60, 1);
        SegmentLog again = open(dir, BOOT, 64);
        assertThat(drain(again))
                .hasSize(40)
                .areExactly(1, new Condition<>(text -> text.contains("damaged"), "gap"));
        again.tick();
        assertThat(again.usage().events()).isZero();
        assertThat(again.usage().damagedBytes()).isPositive();
        assertThat(first).doesNotExist();
    }

    /**
     * The end of a session is told by the first record of the next: until then it is remembered.
     */
    @Test
    void anEndThatWasNotAnnouncedIsRememberedBesideTheNextSession() throws Exception {
        SegmentLog log = open(BOOT);
        log.session(session(1, "a", false));
        log.session(session(1, "a", true));
        log.session(session(1, "b", false));
        assertThat(open(BOOT).sessions())
                .extracting(KeptSession::sessionId, KeptSession::ended)
                .containsExactly(tuple("a", true), tuple("b", false));
        SegmentLog again = open(BOOT);
        var _ = again.append(new Records().add(1, "b", 1, 7, "e1").batch());
        assertThat(open(BOOT).sessions())
                .extracting(KeptSession::sessionId, KeptSession::ended)
                .containsExactly(tuple("b", false));
    }

    @Test
    void foreignFilesAreLeftAloneAndNamed() throws Exception {
        Files.writeString(dir.resolve("notes.txt"), "mine");
        Files.writeString(dir.resolve("0000000000000003.gwlog"), "not a segment at all");
        Files.write(dir.resolve("gaps"), new byte[] {1, 2, 3});
        SegmentLog log = open(BOOT);
        fill(log, 1, 3);
        assertThat(drain(log)).containsExactly("e1", "e2", "e3");
        assertThat(reports)
                .anyMatch(line -> line.contains("notes.txt"))
                .anyMatch(line -> line.contains("0000000000000003.gwlog"))
                .anyMatch(line -> line.contains("gaps"));
        assertThat(Files.readString(dir.resolve("0000000000000003.gwlog"))).startsWith("not a");
    }

    @Test
    void aLostMapMeansThatEventsComeAgain() throws Exception {
        SegmentLog log = open(BOOT);
        fill(log, 1, 5);
        assertThat(next(log)).isNotNull();
        log.release(next(log));
        log.close();
        try (Stream<Path> files = Files.list(dir)) {
            for (Path map : files.filter(f -> f.toString().endsWith(".gwack")).toList()) {
                Files.delete(map);
            }
        }
        assertThat(drain(open(BOOT))).containsExactly("e1", "e2", "e3", "e4", "e5");
        assertThat(reports).anyMatch(line -> line.contains("delivered again"));
    }

    @Test
    void aLogOfANewerVersionIsRefusedWithWords() throws Exception {
        SegmentLog log = open(BOOT);
        fill(log, 1, 1);
        log.close();
        Path file = Spoil.segments(dir).getFirst();
        SegmentHeader newer = new SegmentHeader(2, 1, 0, new byte[16]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(newer.encode(), 0);
        }
        assertThatThrownBy(() -> open(BOOT))
                .hasRootCauseInstanceOf(NewerLogException.class)
                .hasRootCauseMessage(file + " has log version 2 (expected: <= 1)");
    }

    /** P2: one event was under way when those behind it were dropped, and went after them. */
    @Test
    void announcementsKeepTheOrderOfTheirEventsThroughACrash() throws Exception {
        SegmentLog log = open(dir, BOOT, 64);
        fill(log, 1, 60);
        LogEntry first = next(log);
        first.underWay(true);
        fill(log, 61, 100);
        first.underWay(false);
        assertThat(log.isWanted(first)).isFalse();
        assertThat(drain(open(dir, BOOT, 64)).subList(0, 2))
                .satisfiesExactly(
                        one -> assertThat(one).contains("\"from\":\"s:1\",\"to\":\"s:1\""),
                        two -> assertThat(two).contains("\"from\":\"s:2\""));
    }

    /** What one says is about other events than what the next one says. */
    @Test
    void anAnnouncementDoesNotReachOverAnother() throws Exception {
        SegmentLog log = open(dir, BOOT, 64);
        fill(log, 1, 60);
        next(log).underWay(true);
        fill(log, 61, 70);
        SegmentLog again = open(dir, BOOT, 64);
        List<LogEntry> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            held.add(next(again));
        }
        fill(again, 71, 100);
        List<String> told = new ArrayList<>();
        for (LogEntry entry : held) {
            LogEntry say = again.isWanted(entry) ? entry : again.announcement(entry);
            if (say != null) {
                say.view(view);
                told.add(view.payloadText().replaceAll(".*\"from\":\"s:|\",\"from_time.*", ""));
                again.release(say);
            }
        }
        assertThat(told)
                .containsExactly("1\",\"to\":\"s:1", "2\",\"to\":\"s:16", "17\",\"to\":\"s:48");
    }

    /** P1: what a limit dropped is told after a crash, too, and in its place. */
    @Test
    void anAnnouncementSurvivesACrash() throws Exception {
        SegmentLog log = open(dir, BOOT, 64);
        for (int i = 1; i <= 100; i++) {
            var _ = log.append(new Records().add(1, "s", i, 7, "e" + i).batch());
        }
        int dropped = (int) log.usage().dropped();
        SegmentLog again = open(dir, BOOT, 64);
        List<String> out = drain(again);
        assertThat(out.getFirst()).contains("queue_full").contains("\"events\":" + dropped);
        assertThat(out.get(1)).isEqualTo("e" + (dropped + 1));
        assertThat(out).hasSize(101 - dropped);
        assertThat(drain(open(dir, BOOT, 64))).isEmpty();
    }

    private static KeptSession session(int shard, String id, boolean ended) {
        return new KeptSession(shard, 10, 513, id, "wss://resume/" + shard, 0, ended);
    }

    private static void fill(SegmentLog log, int from, int to) {
        for (int i = from; i <= to; i++) {
            var _ = log.append(new Records().add(1, "s", i, 7, "e" + i).batch());
        }
    }

    private static LogEntry next(SegmentLog log) {
        LogEntry entry = log.next();
        assertThat(entry).isNotNull();
        return entry;
    }

    private List<String> drain(SegmentLog log) {
        List<String> all = new ArrayList<>();
        for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
            entry.view(view);
            all.add(view.payloadText());
            log.release(entry);
        }
        return all;
    }

    private SegmentLog open(String boot) {
        return open(dir, boot);
    }

    private SegmentLog open(Path directory, String boot) {
        return open(directory, boot, 10_000);
    }

    private SegmentLog open(Path directory, String boot, long maxEvents) {
        LogSettings plain = LogSettings.of(directory, LogLimits.of(1L << 30, maxEvents));
        LogSettings settings =
                new LogSettings(
                        directory,
                        plain.limits(),
                        plain.maxAge(),
                        plain.ttl(),
                        plain.whenFull(),
                        LogSettings.Fsync.NEVER,
                        plain.catchUp(),
                        boot);
        try {
            return SegmentLog.open(settings, clock, Runnable::run, reports::add, _ -> {});
        } catch (IOException | NewerLogException e) {
            throw new IllegalStateException(e);
        }
    }
}
