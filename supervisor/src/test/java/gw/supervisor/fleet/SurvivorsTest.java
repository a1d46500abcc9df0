package gw.supervisor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.ShardRange;
import gw.supervisor.plan.Cluster;
import gw.supervisor.plan.ShardPlan;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who fits goes on, who doesn't has to leave: no shard is ever held twice (P4, P6). */
class SurvivorsTest {
    private static final Path SOCKET = Path.of("/s/link.sock");
    private static final ProcessHandle PROCESS = ProcessHandle.current();
    private static final ShardPlan PLAN =
            new ShardPlan(
                    new ShardRange(0, 3, 8),
                    List.of(
                            new Cluster(0, new ShardRange(0, 1, 8)),
                            new Cluster(1, new ShardRange(2, 3, 8))),
                    Optional.empty());

    @Test
    void livingOnesThatFitAreAdopted() {
        Survivors survivors = living(entry(0, 0, 1, 8, "d"), entry(1, 2, 3, 8, "d"));
        Survivors.Sorted sorted = survivors.sort(PLAN, "d", SOCKET);
        assertThat(sorted.adopted()).containsOnlyKeys(0, 1);
        assertThat(sorted.misfits()).isEmpty();
        assertThat(survivors.shardsHeld(PLAN, "d", SOCKET)).isEqualTo(4);
        assertThat(survivors.shardCount()).hasValue(8);
    }

    @Test
    void othersAreMisfitsWithWords() {
        assertThat(misfit(entry(0, 0, 2, 8, "d")))
                .isEqualTo("it has the shards 0..2 of 8, not 0..1 of 8");
        assertThat(misfit(entry(1, 2, 3, 16, "d")))
                .isEqualTo("it has the shards 2..3 of 16, not 2..3 of 8");
        assertThat(misfit(entry(0, 0, 1, 8, "e")))
                .isEqualTo("it was given another token or configuration");
        assertThat(misfit(entry(2, 4, 5, 8, "d"))).isEqualTo("there are fewer workers now");
        Survivors elsewhere = living(entry(0, 0, 1, 8, "d"));
        assertThat(elsewhere.sort(PLAN, "d", Path.of("/run/link.sock")).misfits())
                .singleElement()
                .extracting(Survivors.Misfit::why)
                .isEqualTo("it looks for its supervisor elsewhere");
    }

    @Test
    void theDeadAreNeither() {
        RosterEntry dead = entry(0, 0, 1, 8, "d");
        Survivors survivors = Survivors.of(List.of(dead), _ -> Optional.empty());
        assertThat(survivors.sort(PLAN, "d", SOCKET).adopted()).isEmpty();
        assertThat(survivors.sort(PLAN, "d", SOCKET).misfits()).isEmpty();
        assertThat(survivors.gone()).containsExactly(dead);
        assertThat(survivors.shardCount()).isEmpty();
        assertThat(survivors.shardsHeld(PLAN, "d", SOCKET)).isZero();
    }

    @Test
    void workersOfDifferentCountsHaveNone() {
        assertThat(living(entry(0, 0, 1, 8, "d"), entry(1, 2, 3, 4, "d")).shardCount()).isEmpty();
    }

    /** Process ids are used again: only the start tells one from another. */
    @Test
    void aProcessOfTheSameIdThatStartedAtAnotherTimeIsAnother() {
        long pid = PROCESS.pid();
        String started = ProcessStart.of(pid).orElseThrow();
        assertThat(entry(pid, started).living()).map(ProcessHandle::pid).hasValue(pid);
        assertThat(entry(pid, started + "0").living()).isEmpty();
        assertThat(entry(Integer.MAX_VALUE, started).living()).isEmpty();
        assertThat(entry(Long.MAX_VALUE, started).living()).isEmpty();
    }

    private static String misfit(RosterEntry entry) {
        Survivors.Sorted sorted = living(entry).sort(PLAN, "d", SOCKET);
        assertThat(sorted.adopted()).isEmpty();
        return sorted.misfits().getFirst().why();
    }

    private static Survivors living(RosterEntry... entries) {
        return Survivors.of(List.of(entries), _ -> Optional.of(PROCESS));
    }

    private static RosterEntry entry(long pid, String started) {
        return new RosterEntry(
                0, pid, started, "i", new ShardRange(0, 1, 8), "d", SOCKET.toString(), 1);
    }

    private static RosterEntry entry(int cluster, int first, int last, int count, String digest) {
        return new RosterEntry(
                cluster,
                1,
                "s",
                "i",
                new ShardRange(first, last, count),
                digest,
                SOCKET.toString(),
                1);
    }
}
