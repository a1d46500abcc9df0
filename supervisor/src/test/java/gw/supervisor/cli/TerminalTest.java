package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class TerminalTest {
    @Test
    void coloursUnlessToldNotTo() {
        assertThat(Terminal.of(Map.of("TERM", "xterm")).colour()).isTrue();
        assertThat(Terminal.of(Map.of("TERM", "xterm", "NO_COLOR", "")).colour()).isTrue();
        Terminal plain = Terminal.of(Map.of("TERM", "xterm", "NO_COLOR", "1"));
        assertThat(plain.colour()).isFalse();
        assertThat(plain.live()).isTrue();
    }

    @Test
    void rewritesNothingOnADumbTerminal() {
        Terminal dumb = Terminal.of(Map.of("TERM", "dumb"));
        assertThat(dumb.live()).isFalse();
        assertThat(dumb.colour()).isFalse();
    }

    @Test
    void readsTheSizeAndFallsBackToTheUsualOne() {
        assertThat(Terminal.parse("50 132\n")).isEqualTo(new Terminal.Size(132, 50));
        for (String odd : new String[] {"", "0 0", "x", "24", "80 x"}) {
            assertThat(Terminal.parse(odd)).isEqualTo(new Terminal.Size(80, 24));
        }
    }
}
