package gw.supervisor.fleet;

import gw.supervisor.launch.InheritedChild;
import gw.supervisor.launch.InheritedChild.Seen;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A process that an earlier supervisor launched. It need not be a child of this one, and then
 * nobody but the system learns how it ended. It may be one all the same, and lie about after its
 * end: {@link ProcessStart} takes that for gone.
 */
final class AdoptedProcess implements WorkerProcess {
    static final String EXIT = "it ended (how is unknown: a supervisor before launched it)";

    private static final long LOOK_CLOSELY_MILLIS = 20;
    private static final int CLOSE_LOOKS = 50;

    private final ProcessHandle process;
    private final String started;
    private final CompletableFuture<String> exited = new CompletableFuture<>();

    /** Takes the process of a living entry. */
    AdoptedProcess(ProcessHandle process, String started) {
        this.process = process;
        this.started = started;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public CompletableFuture<String> exited() {
        return exited;
    }

    @Override
    public void look() {
        // After a hand-over within one process it is a child of this one, though not of this JVM.
        switch (InheritedChild.look(process.pid())) {
            case Seen.Ended(int exitValue) -> exited.complete(ExitWords.of(exitValue));
            case Seen.Running _ -> {}
            case Seen.Stranger _ -> {
                if (ProcessStart.of(process.pid()).filter(started::equals).isEmpty()) {
                    exited.complete(EXIT);
                }
            }
        }
    }

    @Override
    public void lookClosely(ScheduledExecutorService control) {
        lookClosely(control, CLOSE_LOOKS);
    }

    private void lookClosely(ScheduledExecutorService control, int times) {
        look();
        if (times > 0 && !exited.isDone()) {
            var _ =
                    control.schedule(
                            () -> lookClosely(control, times - 1),
                            LOOK_CLOSELY_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    /** The JDK compares the process's start before it signals: no other of its id is hit. */
    @Override
    public void destroy() {
        var _ = process.destroy();
    }

    @Override
    public void destroyForcibly() {
        var _ = process.destroyForcibly();
    }

    @Override
    public boolean isAdopted() {
        return true;
    }
}
