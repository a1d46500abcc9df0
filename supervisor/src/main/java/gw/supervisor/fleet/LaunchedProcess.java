package gw.supervisor.fleet;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** A child of this JVM. */
final class LaunchedProcess implements WorkerProcess {
    private final Process process;
    private final CompletableFuture<String> exited;

    LaunchedProcess(Process process) {
        this.process = process;
        this.exited = process.onExit().thenApply(ended -> ExitWords.of(ended.exitValue()));
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
        // The JVM awaits its children.
    }

    @Override
    public void lookClosely(ScheduledExecutorService control) {
        // The same.
    }

    @Override
    public void destroy() {
        process.destroy();
    }

    @Override
    public void destroyForcibly() {
        process.destroyForcibly();
    }

    @Override
    public boolean isAdopted() {
        return false;
    }
}
