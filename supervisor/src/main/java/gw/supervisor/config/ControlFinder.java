package gw.supervisor.config;

import gw.supervisor.exit.UserError;
import gw.supervisor.state.SocketPaths;
import gw.supervisor.state.StateDirectory;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds a supervisor's control API, for the commands that talk to it. Creates nothing. */
public final class ControlFinder {
    private ControlFinder() {}

    /**
     * Where it should be.
     *
     * @param address where the control API should listen
     * @param stateDir the supervisor's, absolute; need not exist
     */
    public record Found(ControlAddress address, Path stateDir) {}

    /**
     * Looks at the options, then at {@code GW_CONTROL} and {@code GW_STATE_DIR}; in each place the
     * address wins over the directory.
     *
     * @param control {@code --control} as it was written
     * @param stateDir {@code --state-dir} as it was written
     * @param environment the process's variables
     * @param workingDirectory where relative paths start; absolute
     * @throws UserError when what was written is no address
     */
    public static Found find(
            Optional<String> control,
            Optional<String> stateDir,
            Map<String, String> environment,
            Path workingDirectory)
            throws UserError {
        Given.Folders folders = Given.Folders.of(workingDirectory, environment);
        Map<Setting<?>, Given> ofOptions = new LinkedHashMap<>();
        control.ifPresent(
                text -> ofOptions.put(RunSettings.CONTROL, Given.text(text, "--control", folders)));
        stateDir.ifPresent(text ->
                ofOptions.put(RunSettings.STATE_DIR, Given.text(text, "--state-dir", folders)));
        Map<Setting<?>, Given> ofVariables = Environment.read(environment, folders);
        for (Map<Setting<?>, Given> place : List.of(ofOptions, ofVariables)) {
            Given dirGiven = place.get(RunSettings.STATE_DIR);
            Path dir =
                    dirGiven == null
                            ? StateDirectory.defaultPath(environment)
                            : dirGiven.as(Given::path);
            Given addressGiven = place.get(RunSettings.CONTROL);
            if (addressGiven != null) {
                return new Found(addressGiven.as(Addresses::control), dir);
            }
            if (dirGiven != null) {
                return inside(dir, environment);
            }
        }
        return inside(StateDirectory.defaultPath(environment), environment);
    }

    private static Found inside(Path dir, Map<String, String> environment) {
        Path socket = SocketPaths.of(dir, environment).control();
        return new Found(new ControlAddress.Unix(socket), dir);
    }
}
