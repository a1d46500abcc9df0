package gw.supervisor.cli;

import gw.supervisor.config.ControlAddress;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A supervisor that may be running.
 *
 * @param address where its control API is expected
 * @param stateDir its state directory; empty when only the address is known
 */
record ControlTarget(ControlAddress address, Optional<Path> stateDir) {
    /** Known by its address alone. */
    static ControlTarget at(ControlAddress address) {
        return new ControlTarget(address, Optional.empty());
    }

    /** The one that owns this state directory. */
    static ControlTarget of(Path stateDir, Console console) {
        Path absolute = stateDir.toAbsolutePath().normalize();
        return new ControlTarget(
                new ControlAddress.Unix(absolute.resolve("control.sock")), Optional.of(absolute));
    }

    /** The one that owns the state directory that the environment names, or the usual one. */
    static ControlTarget of(Console console) {
        String variable = console.variable(SupervisorOptions.STATE_DIR_VARIABLE);
        if (!variable.isEmpty()) {
            return of(Path.of(variable), console);
        }
        String state = console.variable("XDG_STATE_HOME");
        return of(
                state.isEmpty()
                        ? Path.of(console.variable("HOME"), ".local/state/gw")
                        : Path.of(state, "gw"),
                console);
    }

    /** Names it in a sentence, for example "on /var/lib/gw" or "at 127.0.0.1:7000". */
    String words() {
        return stateDir.map(dir -> "on " + dir).orElseGet(() -> "at " + address);
    }
}
