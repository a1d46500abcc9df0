package gw.supervisor.cli;

import gw.supervisor.config.ControlAddress;
import gw.supervisor.config.ControlFinder;
import gw.supervisor.state.SocketPaths;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A supervisor that may be running.
 *
 * @param address where its control API is expected
 * @param stateDir its state directory; empty when it was named by its address alone
 */
record ControlTarget(ControlAddress address, Optional<Path> stateDir) {
    static ControlTarget of(ControlFinder.Found found, Console console) {
        Path socket = SocketPaths.of(found.stateDir(), console.environment()).control();
        boolean byDirectory = found.address().equals(new ControlAddress.Unix(socket));
        return new ControlTarget(
                found.address(), byDirectory ? Optional.of(found.stateDir()) : Optional.empty());
    }

    /** Names it in a sentence, for example "on /var/lib/gw" or "at 127.0.0.1:7000". */
    String words() {
        return stateDir.map(dir -> "on " + dir).orElseGet(() -> "at " + address);
    }
}
