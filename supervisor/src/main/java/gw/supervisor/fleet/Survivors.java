package gw.supervisor.fleet;

import gw.model.ShardRange;
import gw.supervisor.plan.ShardPlan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The worker processes of a supervisor before that are still there. Immutable; any thread. */
public final class Survivors {
    private final List<Survivor> all;
    private final List<RosterEntry> gone;

    /** One that lives. */
    record Survivor(RosterEntry entry, ProcessHandle process) {}

    /**
     * What a worker of that number has to be.
     *
     * @param configDigest of the configuration that it is given
     */
    record Expected(ShardRange shards, String configDigest) {}

    /**
     * One that lives and is of no use.
     *
     * @param why in words
     */
    record Misfit(Survivor survivor, String why) {}

    /**
     * What becomes of them.
     *
     * @param adopted by cluster: they go on under the new supervisor
     * @param misfits they have to leave before their shards start elsewhere
     */
    record Sorted(Map<Integer, Survivor> adopted, List<Misfit> misfits) {}

    private Survivors(List<Survivor> all, List<RosterEntry> gone) {
        this.all = all;
        this.gone = gone;
    }

    /**
     * Looks who is there.
     *
     * @param directory where workers are written down; exists
     * @param problems takes a line for each file that was not understood
     */
    public static Survivors in(Path directory, Consumer<String> problems) {
        return of(new Roster(directory, problems).read(), RosterEntry::living);
    }

    /** Asks of each entry whether its process lives. */
    static Survivors of(
            List<RosterEntry> entries, Function<RosterEntry, Optional<ProcessHandle>> living) {
        List<Survivor> all = new ArrayList<>();
        List<RosterEntry> gone = new ArrayList<>();
        for (RosterEntry entry : entries) {
            Optional<ProcessHandle> process = living.apply(entry);
            if (process.isPresent()) {
                all.add(new Survivor(entry, process.get()));
            } else {
                gone.add(entry);
            }
        }
        return new Survivors(List.copyOf(all), List.copyOf(gone));
    }

    /** The shard count that they serve; empty when there are none or they don't agree. */
    public OptionalInt shardCount() {
        List<Integer> counts =
                all.stream().map(each -> each.entry().shards().count()).distinct().toList();
        return counts.size() == 1 ? OptionalInt.of(counts.getFirst()) : OptionalInt.empty();
    }

    /**
     * How many shards of this plan are held by those that fit.
     *
     * @param configDigest of the configuration that workers are given now
     * @param socket where they have to dial
     */
    public int shardsHeld(ShardPlan plan, String configDigest, Path socket) {
        return sort(plan, configDigest, socket).adopted().values().stream()
                .mapToInt(each -> each.entry().shards().size())
                .sum();
    }

    /** Decides for each, where this plan is all there is. */
    Sorted sort(ShardPlan plan, String configDigest, Path socket) {
        Map<Integer, Expected> expected = new TreeMap<>();
        plan.clusters()
                .forEach(cluster ->
                        expected.put(
                                cluster.index(), new Expected(cluster.shards(), configDigest)));
        return sort(expected, socket);
    }

    /** Decides for each: it goes on, or it has to leave. */
    Sorted sort(Map<Integer, Expected> expected, Path socket) {
        Map<Integer, Survivor> adopted = new TreeMap<>();
        List<Misfit> misfits = new ArrayList<>();
        for (Survivor each : all) {
            int cluster = each.entry().cluster();
            Expected now = expected.get(cluster);
            each.entry()
                    .misfit(
                            Optional.ofNullable(now).map(Expected::shards),
                            now == null ? "" : now.configDigest(),
                            socket.toString())
                    .ifPresentOrElse(
                            why -> misfits.add(new Misfit(each, why)),
                            () -> adopted.put(cluster, each));
        }
        return new Sorted(adopted, List.copyOf(misfits));
    }

    /** Those that were written down and are no more. */
    List<RosterEntry> gone() {
        return gone;
    }
}
