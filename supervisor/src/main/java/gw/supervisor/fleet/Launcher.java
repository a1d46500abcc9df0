package gw.supervisor.fleet;

import gw.supervisor.launch.JvmCommand;

import java.io.File;
import java.io.IOException;

/** Starts worker processes and writes each down. Owned by the control thread. */
final class Launcher {
    private final FleetSettings settings;
    private final WorkerFiles files;
    private final Roster roster;

    Launcher(FleetSettings settings, WorkerFiles files, Roster roster) {
        this.settings = settings;
        this.files = files;
        this.roster = roster;
    }

    /**
     * Starts the process of this slot's incarnation.
     *
     * @throws IOException when it can't be started; with words
     */
    WorkerProcess launch(WorkerSlot slot) throws IOException {
        int cluster = slot.cluster.index();
        files.beforeLaunch(cluster);
        File log = files.log(cluster).toFile();
        ProcessBuilder builder =
                new ProcessBuilder(
                                WorkerCommand.of(
                                        settings,
                                        cluster,
                                        slot.cluster.shards().size(),
                                        slot.incarnation))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        // Secrets reach a worker over its link alone (P8).
        JvmCommand.hideSecrets(builder);
        Process process = builder.start();
        ProcessStart.of(process.pid())
                .ifPresent(started ->
                        roster.write(
                                new RosterEntry(
                                        cluster,
                                        process.pid(),
                                        started,
                                        slot.incarnation,
                                        slot.cluster.shards(),
                                        slot.configDigest,
                                        settings.socket().toString(),
                                        slot.startedAtMillis)));
        return new LaunchedProcess(process);
    }
}
