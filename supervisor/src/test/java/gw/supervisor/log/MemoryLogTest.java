package gw.supervisor.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is in the log is safe, once, within the limit (P1, P3, P7). */
class MemoryLogTest {
    private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);
    private final RecordView view = new RecordView();

    @Test
    void givesBackWhatWasAppendedInOrder() {
        MemoryLog log = log(1_000_000, 100);
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
        MemoryLog log = log(1_000_000, 100);
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
        MemoryLog log = log(1_000_000, 100);
        byte[] bytes =
                new Records().add(1, "s", 1, 5, "a").add(1, "s", 2, 5, "b").batch().toByteArray();
        bytes[bytes.length - 1] ^= 1;
        AppendResult result = log.append(ByteString.copyFrom(bytes));
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.problem()).isPresent();
        bytes[bytes.length - 1] ^= 1;
        AppendResult again = log.append(ByteString.copyFrom(bytes));
        assertThat(again.duplicates()).isEqualTo(1);
        assertThat(again.accepted()).isEqualTo(1);
        assertThat(payloads(log)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void garbageIsRefusedWithinItsBounds(long seed) {
        Random random = new Random(seed);
        MemoryLog log = log(1_000_000, 100);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            assertThat(log.append(ByteString.copyFrom(bytes)).problem())
                    .as("seed %d", seed)
                    .isPresent();
        }
        assertThat(log.usage().events()).isZero();
        assertThat(log.usage().bad()).isEqualTo(2_000);
    }

    @Test
    void atTheLimitTheOldestGoCountedAndAnnouncedInTheirPlace() {
        MemoryLog log = log(1_000_000, 3);
        for (int i = 1; i <= 6; i++) {
            var _ = log.append(new Records().add(1, "s", i, i % 2 + 7, "e" + i).batch());
        }
        assertThat(log.usage().dropped()).isEqualTo(3);
        assertThat(log.usage().events()).isEqualTo(3);
        List<String> out = payloads(log);
        assertThat(out).hasSize(5);
        assertThat(out.get(0))
                .contains("\"reason\":\"queue_full\"")
                .contains("\"events\":2")
                .contains("\"from\":\"s:1\"")
                .contains("\"to\":\"s:3\"")
                .contains("\"guild_id\":\"8\"");
        assertThat(out.get(1)).contains("\"events\":1").contains("\"guild_id\":\"7\"");
        assertThat(out.subList(2, 5)).containsExactly("e4", "e5", "e6");
        assertThat(log.usage().gaps()).isEqualTo(2);
    }

    @Test
    void showsEachRecordOnceWhenItIsTaken() {
        List<Long> shown = new ArrayList<>();
        MemoryLog log =
                new MemoryLog(
                        LogLimits.of(1_000_000, 2), clock, record -> shown.add(record.sequence()));
        for (int i = 1; i <= 4; i++) {
            var _ = log.append(new Records().add(1, "s", i, 7, "e").add(1, "s", 1, 7, "e").batch());
        }
        assertThat(shown).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void theBytesAreALimitToo() {
        MemoryLog log = log(10_000, 1_000);
        for (int i = 1; i <= 100; i++) {
            var _ = log.append(new Records().add(1, "s", i, 7, "x".repeat(900)).batch());
        }
        assertThat(log.usage().bytes()).isLessThanOrEqualTo(10_000);
        assertThat(log.usage().dropped()).isGreaterThan(80);
    }

    @Test
    void releasedEventsMakeRoom() {
        MemoryLog log = log(1_000_000, 2);
        for (int i = 1; i <= 100; i++) {
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
    }

    private MemoryLog log(long bytes, long events) {
        return new MemoryLog(LogLimits.of(bytes, events), clock);
    }

    private List<String> payloads(MemoryLog log) {
        List<String> all = new ArrayList<>();
        for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
            entry.view(view);
            assertThat(view.kind() == RecordKind.GAP).isEqualTo(view.name().equals("GW_GAP"));
            all.add(view.payloadText());
        }
        return all;
    }
}
