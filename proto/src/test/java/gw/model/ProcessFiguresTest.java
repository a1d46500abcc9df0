package gw.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a process costs is told truly (P7). */
final class ProcessFiguresTest {
    @Test
    void residentMemoryIsReadFromTheStatus() {
        String status =
                """
                Name:\tjava
                VmHWM:\t  120000 kB
                VmRSS:\t  109468 kB
                Threads:\t16
                """;
        assertThat(ProcessFigures.rssBytes(status)).isEqualTo(109_468L * 1024);
        assertThat(ProcessFigures.rssBytes("Name:\tjava\n")).isZero();
    }

    @Test
    void processorTimeIsReadWhateverTheProcessIsNamed() {
        assertThat(
                        ProcessFigures.cpuNanos(
                                "77 (a) b (c) S 1 77 77 0 -1 4194560 9 0 0 0 151 49 0 0 20 0 16 0"
                                        + " 3391 2 3"))
                .isEqualTo(2_000_000_000L);
    }

    @Test
    void thisProcessCostsSomething() {
        ProcessFigures figures = ProcessFigures.now();
        assertThat(figures.heapUsedBytes()).isPositive();
        assertThat(figures.rssBytes()).isNotNegative();
        assertThat(figures.cpuNanos()).isPositive();
    }
}
