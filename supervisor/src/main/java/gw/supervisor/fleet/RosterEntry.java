package gw.supervisor.fleet;

import gw.model.ShardRange;

import java.util.Optional;

/**
 * A worker process as the supervisor that launched it wrote it down.
 *
 * @param cluster the worker's number
 * @param pid its process
 * @param started as {@link ProcessStart} told it then
 * @param incarnation by which it presents itself
 * @param shards those it was given
 * @param configDigest of the configuration that it was given
 * @param socket where it dials
 * @param startedAtMillis when it was launched, for people
 */
record RosterEntry(
        int cluster,
        long pid,
        String started,
        String incarnation,
        ShardRange shards,
        String configDigest,
        String socket,
        long startedAtMillis) {

    /** The process, if it is still there. */
    Optional<ProcessHandle> living() {
        // The handle first: it stands for the process of this moment, of which the start is then
        // compared.
        return ProcessHandle.of(pid)
                .filter(_ -> ProcessStart.of(pid).filter(started::equals).isPresent());
    }

    /**
     * Why this process can't be the worker of that cluster as it is to be now.
     *
     * @param now the cluster of the same number; empty: there is none any more
     * @return empty when it can
     */
    Optional<String> misfit(Optional<ShardRange> now, String digestNow, String socketNow) {
        if (now.isEmpty()) {
            return Optional.of("there are fewer workers now");
        }
        if (!shards.equals(now.get())) {
            return Optional.of("it has the shards " + shards + ", not " + now.get());
        }
        if (!configDigest.equals(digestNow)) {
            return Optional.of("it was given another token or configuration");
        }
        return socket.equals(socketNow)
                ? Optional.empty()
                : Optional.of("it looks for its supervisor elsewhere");
    }
}
