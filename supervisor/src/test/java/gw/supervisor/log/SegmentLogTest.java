package gw.supervisor.log;

import static org.assertj.core.api.Assertions.assertThat;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What is in the log is safe, once, within the limit (P1, P3, P7). */
class SegmentLogTest {
    @TempDir private Path dir;

    private Instant now = Instant.EPOCH;
    private final RecordView view = new RecordView();

    @Test
    void givesBackWhatWasAppendedInOrder() {
        SegmentLog log = log(1_000_000, 100);
        AppendResult result =
                log.append(new Records().add(1, "s", 1, 5, "a").add(1, "s", 2, 0, "b").batch());
        assertThat(result.accepted()).isEqualTo(2);
        assertThat(payloads(log)).containsExactly("a", "b");
        assertThat(log.lastSequence(1, "s")).hasValue(2);
        assertThat(log.lastSequence(1, "t")).isEmpty();
        assertThat(log.lastSequence(2, "s")).isEmpty();
    }

    @Test
    void dropsWhatItKnowsByShardSessionAndSequence() {
        SegmentLog log = log(1_000_000, 100);
        var _ = log.append(new Records().add(1, "s", 1, 5, "a").add(1, "s", 2, 5, "b").batch());
        AppendResult again =
                log.append(
                        new Records()
                                .add(1, "s", 2, 5, "b")
                                .add(1, "s", 3, 5, "c")
                                .add(1, "t", 2, 5, "d")
                                .add(2, "s", 2, 5, "e")
                                .batch());
        assertThat(again.duplicates()).isEqualTo(1);
        assertThat(payloads(log)).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void damageEndsABatchButLosesNothingThatWasGood() {
        SegmentLog log = log(1_000_000, 100);
        byte[] bytes = new Records().add(1, "s", 1, 5, "a").add(1, "s", 2, 5, "b").batch();
        bytes[bytes.length - 1] ^= 1;
        AppendResult result = log.append(bytes);
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.problem()).isPresent();
        bytes[bytes.length - 1] ^= 1;
        AppendResult again = log.append(bytes);
        assertThat(again.duplicates()).isEqualTo(1);
        assertThat(again.accepted()).isEqualTo(1);
        assertThat(payloads(log)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void garbageIsRefusedWithinItsBounds(long seed) {
        Random random = new Random(seed);
        SegmentLog log = log(1_000_000, 100);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            assertThat(log.append(bytes).problem()).as("seed %d", seed).isPresent();
        }
        assertThat(log.usage().events()).isZero();
        assertThat(log.usage().bad()).isEqualTo(2_000);
    }

    @Test
    void atTheLimitTheOldestGoCountedAndAnnouncedInTheirPlace() {
        SegmentLog log = log(1_000_000, 64);
        for (int i = 1; i <= 100; i++) {
            var _ = log.append(new Records().add(1, "s", i, i % 2 + 7, "e" + i).batch());
        }
        LogUsage usage = log.usage();
        int dropped = (int) usage.dropped();
        assertThat(dropped).isBetween(36, 36 + 16);
        assertThat(usage.events()).isEqualTo(100 - dropped + 2);
        assertThat(usage.drops())
                .containsExactly(
                        new LogUsage.Drop(DropReason.QUEUE_FULL, "MESSAGE_CREATE", dropped));
        List<String> out = payloads(log);
        assertThat(out).hasSize(100 - dropped + 2);
        assertThat(out.get(0))
                .contains("\"reason\":\"queue_full\"")
                .contains("\"events\":" + dropped / 2)
                .contains("\"from\":\"s:1\"")
                .contains("\"from_time\":\"1970-01-01T00:00:01Z\"")
                .contains("\"shard_id\":1")
                .contains("\"guild_id\":\"8\"");
        assertThat(out.get(1)).isEqualTo("e" + (dropped + 1));
        assertThat(out.get(2)).contains("\"from\":\"s:2\"").contains("\"guild_id\":\"7\"");
        assertThat(out.get(3)).isEqualTo("e" + (dropped + 2));
        // Handed out, and not taken yet.
        assertThat(log.usage().gaps()).isZero();
    }

    /** The end of a session keeps its place among what was dropped before and behind it (P2). */
    @Test
    void theEndOfASessionIsToldBetweenWhatWasDroppedAroundIt() {
        SegmentLog log = log(1_000_000, 64);
        for (int i = 1; i <= 20; i++) {
            var _ = log.append(new Records().add(1, "a", i, 0, "e" + i).batch());
        }
        var _ = log.append(new Records().gap(1, "b", "{\"session_ended\":1}").batch());
        for (int i = 1; i <= 80; i++) {
            var _ = log.append(new Records().add(1, "b", i, 0, "f" + i).batch());
        }
        List<String> out = payloads(log);
        assertThat(out.get(0)).contains("\"events\":20,\"from\":\"a:1\",\"to\":\"a:20\"");
        assertThat(out.get(1)).isEqualTo("{\"session_ended\":1}");
        assertThat(out.get(2)).contains("\"from\":\"b:1\"");
        assertThat(out.stream().filter(text -> text.startsWith("{"))).hasSize(3);
    }

    @Test
    void theBytesAreALimitToo() {
        SegmentLog log = log(1_000_000, 1_000_000);
        for (int i = 1; i <= 3_000; i++) {
            var _ = log.append(new Records().add(1, "s", i, 7, "x".repeat(900)).batch());
        }
        assertThat(log.usage().diskBytes()).isLessThanOrEqualTo(1_000_000);
        assertThat(log.usage().dropped()).isGreaterThan(1_900);
    }

    @Test
    void releasedEventsMakeRoom() {
        SegmentLog log = log(1_000_000, 20);
        for (int i = 1; i <= 1_000; i++) {
            var _ = log.append(new Records().add(1, "s", i, 7, "e").batch());
            LogEntry entry = log.next();
            assertThat(entry).isNotNull();
            log.release(entry);
            log.release(entry);
        }
        assertThat(log.usage().dropped()).isZero();
        assertThat(log.usage().events()).isZero();
        assertThat(log.usage().bytes()).isZero();
        assertThat(log.usage().oldestAtMicros()).isZero();
        assertThat(log.usage().segments()).isLessThanOrEqualTo(2);
    }

    @Test
    void aFullQueueThatPausesTakesNothingAndLosesNothing() {
        SegmentLog log = open(with(LogSettings.WhenFull.PAUSE, Map.of(), Optional.empty()));
        int taken = 0;
        AppendResult result = log.append(new Records().add(1, "s", 1, 7, "e1").batch());
        while (!result.full()) {
            taken++;
            result = log.append(new Records().add(1, "s", taken + 1, 7, "e").batch());
        }
        assertThat(taken).isEqualTo(64);
        assertThat(log.lastSequence(1, "s")).hasValue(64);
        assertThat(log.usage().problem()).isPresent();
        LogEntry first = log.next();
        assertThat(first).isNotNull();
        log.release(first);
        assertThat(log.append(new Records().add(1, "s", 65, 7, "e").batch()).accepted())
                .isEqualTo(1);
        assertThat(log.usage().dropped()).isZero();
    }

    @Test
    void whatIsTooOldIsDroppedCountedAndAnnounced() {
        SegmentLog log =
                open(
                        with(
                                LogSettings.WhenFull.DROP_OLDEST,
                                Map.of("INTERACTION_CREATE", Duration.ofMinutes(15)),
                                Optional.of(Duration.ofHours(1))));
        now = Instant.ofEpochSecond(10_000);
        long micros = 10_000_000_000L;
        var _ =
                log.append(
                        new Records()
                                .add("TYPING_START", 1, "s", 1, 7, micros - 3_700_000_000L, "old")
                                .add("MESSAGE_CREATE", 1, "s", 2, 7, micros - 3_500_000_000L, "m")
                                .add("INTERACTION_CREATE", 1, "s", 3, 7, micros - 901_000_000L, "i")
                                .add("INTERACTION_CREATE", 1, "s", 4, 7, micros - 899_000_000L, "j")
                                .batch());
        List<String> out = payloads(log);
        assertThat(out).hasSize(4);
        assertThat(out.get(0)).contains("max_age").contains("\"events\":1");
        assertThat(out.get(1)).isEqualTo("m");
        assertThat(out.get(2)).contains("\"reason\":\"ttl\"").contains("\"from\":\"s:3\"");
        assertThat(out.get(3)).isEqualTo("j");
        assertThat(log.usage().drops())
                .containsExactly(
                        new LogUsage.Drop(DropReason.MAX_AGE, "TYPING_START", 1),
                        new LogUsage.Drop(DropReason.TTL, "INTERACTION_CREATE", 1));
    }

    @Test
    void whatWaitsForTooLongGoesWithoutBeingRead() {
        SegmentLog log =
                open(
                        with(
                                LogSettings.WhenFull.DROP_OLDEST,
                                Map.of(),
                                Optional.of(Duration.ofHours(1))));
        for (int i = 1; i <= 40; i++) {
            var _ = log.append(new Records().add(1, "s", i, 7, "e").batch());
        }
        now = Instant.ofEpochSecond(4_000);
        log.tick();
        log.tick();
        assertThat(log.usage().dropped()).isGreaterThanOrEqualTo(32);
        // What whole segments lost is one announcement, what the cursor came to another.
        assertThat(payloads(log)).hasSize(2).allMatch(text -> text.contains("max_age"));
        assertThat(log.usage().dropped()).isEqualTo(40);
    }

    @Test
    void aFreshInteractionOvertakesTheBacklogWhenAskedTo() {
        SegmentLog log = interactionsFirst();
        var _ = log.append(new Records().add(1, "s", 1, 7, "a").add(1, "s", 2, 7, "b").batch());
        var _ =
                log.append(
                        new Records()
                                .add("INTERACTION_CREATE", 1, "s", 3, 7, 1_000_000, "i")
                                .add(1, "s", 4, 7, "c")
                                .batch());
        LogEntry first = log.next();
        assertThat(first).isNotNull();
        assertThat(first.overtakes()).isTrue();
        assertThat(payloads(log)).containsExactly("a", "b", "c");
    }

    /**
     * The first record of a new segment is an interaction, and the cursor stands before it already.
     */
    @Test
    void whatOvertakesIsHandedOutOnceEvenAtTheEdgeOfASegment() {
        SegmentLog log = interactionsFirst();
        List<LogEntry> out = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            var _ =
                    log.append(
                            new Records()
                                    .add("INTERACTION_CREATE", 1, "s", i, 7, 1_000_000, "e" + i)
                                    .batch());
            if (i % 3 == 0) {
                for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
                    out.add(entry);
                }
            }
        }
        assertThat(out).hasSize(60);
        out.forEach(log::release);
        assertThat(log.usage().events()).isZero();
        assertThat(log.usage().bytes()).isZero();
        log.tick();
        assertThat(log.usage().segments()).isEqualTo(1);
    }

    @Test
    void whatWasGivenBackComesAgainInOrderAfterARewind() {
        SegmentLog log = log(1_000_000, 10_000);
        for (int i = 1; i <= 6; i++) {
            var _ = log.append(new Records().add(1, "s", i, 7, "e" + i).batch());
        }
        List<LogEntry> all = new ArrayList<>();
        for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
            all.add(entry);
        }
        log.release(all.get(0));
        log.giveBack(all.get(1));
        log.giveBack(all.get(3));
        log.release(all.get(4));
        assertThat(payloads(log)).isEmpty();
        log.rewind(all.get(1).place());
        assertThat(payloads(log)).containsExactly("e2", "e4");
        assertThat(log.usage().events()).isEqualTo(4);
    }

    @Test
    void showsEachRecordOnceWhenItIsTaken() throws Exception {
        List<Long> shown = new ArrayList<>();
        SegmentLog log =
                SegmentLog.open(
                        with(LogSettings.WhenFull.PAUSE, Map.of(), Optional.empty()),
                        () -> now,
                        Runnable::run,
                        _ -> {},
                        record -> shown.add(record.sequence()));
        for (int i = 1; i <= 70; i++) {
            var _ = log.append(new Records().add(1, "s", i, 7, "e").batch());
            var _ = log.append(new Records().add(1, "s", i, 7, "e").batch());
        }
        assertThat(shown).hasSize(64).doesNotHaveDuplicates();
    }

    /** What doesn't fit into memory is read from the disk, once, and is the same. */
    @Test
    void aBacklogLargerThanItsMemoryComesBackWhole() {
        SegmentLog log = log(1L << 40, 1_000_000);
        String payload = "x".repeat(10_000);
        for (int i = 1; i <= 3_000; i++) {
            var _ = log.append(new Records().add(1, "s", i, i, i + payload).batch());
        }
        int next = 1;
        for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
            entry.view(view);
            assertThat(view.sequence()).isEqualTo(next);
            assertThat(view.payloadText()).isEqualTo(next + payload);
            if (next % 7 == 0) {
                entry.detach();
                entry.view(view);
                assertThat(view.payloadText()).isEqualTo(next + payload);
            }
            log.release(entry);
            next++;
        }
        assertThat(next).isEqualTo(3_001);
        assertThat(log.usage().events()).isZero();
    }

    private LogSettings with(
            LogSettings.WhenFull whenFull, Map<String, Duration> ttl, Optional<Duration> maxAge) {
        return new LogSettings(
                dir,
                LogLimits.of(1_000_000, 64),
                maxAge,
                ttl,
                whenFull,
                LogSettings.Fsync.INTERVAL,
                LogSettings.CatchUp.OLDEST_FIRST,
                "");
    }

    private SegmentLog interactionsFirst() {
        LogSettings plain = with(LogSettings.WhenFull.DROP_OLDEST, Map.of(), Optional.empty());
        return open(
                new LogSettings(
                        plain.directory(),
                        plain.limits(),
                        plain.maxAge(),
                        plain.ttl(),
                        plain.whenFull(),
                        plain.fsync(),
                        LogSettings.CatchUp.INTERACTIONS_FIRST,
                        plain.bootId()));
    }

    private SegmentLog open(LogSettings settings) {
        return Logs.open(settings, () -> now, Runnable::run);
    }

    private SegmentLog log(long bytes, long events) {
        return open(LogSettings.of(dir, LogLimits.of(bytes, events)));
    }

    private List<String> payloads(SegmentLog log) {
        List<String> all = new ArrayList<>();
        for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
            entry.view(view);
            assertThat(view.kind() == RecordKind.GAP).isEqualTo(view.name().equals("GW_GAP"));
            all.add(view.payloadText());
        }
        return all;
    }
}
