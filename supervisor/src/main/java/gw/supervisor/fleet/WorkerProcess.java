package gw.supervisor.fleet;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;

/** A worker's process, launched here or taken over from the supervisor before. */
sealed interface WorkerProcess permits LaunchedProcess, AdoptedProcess {
    long pid();

    /** Done when it has ended, with how it ended in words; on any thread. */
    CompletableFuture<String> exited();

    /** Looks whether it has ended, where the system doesn't tell by itself. */
    void look();

    /** The same for a while: there is a sign that it has ended. */
    void lookClosely(ScheduledExecutorService control);

    /** SIGTERM: it leaves resumably. */
    void destroy();

    /** SIGKILL. */
    void destroyForcibly();

    /** Whether another supervisor launched it. */
    boolean isAdopted();
}
