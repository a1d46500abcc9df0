package gw.supervisor.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** New workers are launched only where there is memory for them (P7). */
class MemoryBoundTest {
    private static final long MIB = 1024 * 1024;
    private static final long[] NONE = {};

    @TempDir private Path dir;

    private static MemoryBound judge(long availableMib, long[] living) {
        return MemoryBound.of(
                3, 1_024, living, Optional.of(new MachineMemory(10_000 * MIB, availableMib * MIB)));
    }

    @Test
    void saysWhatItTakesAndWhatThereIs() {
        MemoryBound bound = judge(1_344, NONE);
        assertThat(bound.fits()).isTrue();
        assertThat(bound.neededBytes()).isEqualTo((3 * 100 + 44) * MIB);
        assertThat(bound.free()).hasValue(344 * MIB);
        assertThat(bound.words())
                .isEqualTo(
                        "3 workers with 1,024 shards will take about 344 MiB; the machine has 1.3"
                                + " GiB available, of which 1,000 MiB stay free");
    }

    @Test
    void aTenthOfTheMachineStaysFree() {
        assertThat(judge(1_343, NONE).fits()).isFalse();
        assertThat(judge(1_343, NONE).words()).contains("344 MiB, which does not fit");
        assertThat(judge(200, NONE).free()).hasValue(0);
    }

    @Test
    void newWorkersWillTakeWhatThoseTakeThatRun() {
        assertThat(judge(5_000, new long[] {90 * MIB, 80 * MIB}).neededBytes())
                .isEqualTo(344 * MIB);
        assertThat(judge(5_000, new long[] {200 * MIB, 0, 220 * MIB}).neededBytes())
                .isEqualTo((3 * 210 + 44) * MIB);
    }

    @Test
    void whereTheSystemDoesNotTellItIsAllowed() {
        MemoryBound bound = MemoryBound.of(1, 1, NONE, Optional.empty());
        assertThat(bound.fits()).isTrue();
        assertThat(bound.free()).isEmpty();
        assertThat(bound.words()).contains("1 worker with 1 shard ", "not known");
    }

    @Test
    void readsWhatLinuxTells() throws Exception {
        Path meminfo = dir.resolve("meminfo");
        Files.writeString(
                meminfo,
                """
                MemTotal:       24589432 kB
                MemFree:          812344 kB
                MemAvailable:   17211936 kB
                HugePages_Total:       0
                """);
        assertThat(MachineMemory.read(meminfo))
                .hasValue(new MachineMemory(24_589_432L * 1024, 17_211_936L * 1024));
        assertThat(MachineMemory.read(dir.resolve("nowhere"))).isEmpty();
        assertThat(MachineMemory.read(MachineMemory.MEMINFO))
                .hasValueSatisfying(memory ->
                        assertThat(memory.totalBytes())
                                .isGreaterThanOrEqualTo(memory.availableBytes()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MemTotal: 5 kB\n",
                "MemAvailable: 5 kB\n",
                "MemTotal: 0 kB\nMemAvailable: 0 kB\n",
                "MemTotal: 99999999999999999999 kB\nMemAvailable: 5 kB\n",
                "MemTotal: x kB\nMemAvailable: -1 kB\n"
            })
    void whatIsNoSuchTableTellsNothing(String text) throws Exception {
        Path meminfo = dir.resolve("meminfo");
        Files.writeString(meminfo, text);
        assertThat(MachineMemory.read(meminfo)).isEmpty();
    }
}
