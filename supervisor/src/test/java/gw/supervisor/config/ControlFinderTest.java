package gw.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.supervisor.exit.UserError;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

class ControlFinderTest {
    private static final Path HERE = Path.of("/here");

    private static ControlAddress find(String control, String stateDir, Map<String, String> more)
            throws UserError {
        return ControlFinder.find(given(control), given(stateDir), more, HERE).address();
    }

    private static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static ControlAddress unix(String path) {
        return new ControlAddress.Unix(Path.of(path));
    }

    @Test
    void optionsWinOverTheEnvironmentAndAnAddressOverADirectory() throws UserError {
        Map<String, String> environment =
                Map.of("HOME", "/h", "GW_CONTROL", "127.0.0.1:1", "GW_STATE_DIR", "/env");
        assertThat(find("127.0.0.1:2", "/s", environment))
                .isEqualTo(new ControlAddress.Tcp("127.0.0.1", 2));
        assertThat(find("", "s", environment)).isEqualTo(unix("/here/s/control.sock"));
        assertThat(find("", "", environment)).isEqualTo(new ControlAddress.Tcp("127.0.0.1", 1));
        assertThat(find("", "", Map.of("HOME", "/h", "GW_STATE_DIR", "~/env")))
                .isEqualTo(unix("/h/env/control.sock"));
        assertThat(find("", "", Map.of("HOME", "/h")))
                .isEqualTo(unix("/h/.local/state/gw/control.sock"));
    }

    @Test
    void saysWhereAWrongAddressStands() {
        assertThatThrownBy(() -> find("", "", Map.of("GW_CONTROL", "7625")))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("GW_CONTROL: 7625 (expected: host:port");
        assertThatThrownBy(() -> find("x", "", Map.of()))
                .hasMessageStartingWith("--control: x (expected: host:port");
    }
}
