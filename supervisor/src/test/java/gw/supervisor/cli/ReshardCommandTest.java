package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardPlan;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.ShardState;
import gw.proto.v1.Status;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.control.ControlHandler;
import gw.supervisor.control.ControlRefusal;
import gw.supervisor.control.ControlServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** gw reshard says before what it costs, and follows to the end whatever happens on the way. */
@Timeout(60)
class ReshardCommandTest implements ControlHandler {
    private static final long NOW = Statuses.START + 130_000;

    private final Captured captured = new Captured();
    private final List<ReshardRequest> orders = new CopyOnWriteArrayList<>();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final CountDownLatch followed = new CountDownLatch(1);

    /** What is answered to one question after another; the last one stays. Guarded by itself. */
    private final Deque<Status> next = new ArrayDeque<>();

    private volatile ReshardResponse.Builder answer = ReshardResponse.newBuilder();
    private volatile String refusal = "";
    private volatile boolean cutOnce;
    @TempDir private Path dir;
    private Path behind;
    private ControlServer server;
    private volatile Door door;

    @BeforeEach
    void serve() throws Exception {
        behind = dir.resolve("behind.sock");
        server = ControlServer.start(new ControlAddress.Unix(behind), this, List.of());
        door = Door.open(dir.resolve("control.sock"), behind);
        captured.with("GW_STATE_DIR", dir.toString());
        answers(idle());
    }

    @AfterEach
    void end() {
        door.close();
        server.close();
    }

    @Test
    void saysWhatItCostsAndFollowsToTheEnd() {
        answers(
                idle(),
                phase(ReshardPhase.RESHARD_PHASE_PREPARING, 3),
                phase(ReshardPhase.RESHARD_PHASE_PREPARING, 9),
                phase(ReshardPhase.RESHARD_PHASE_OVERLAPPING, 12),
                phase(ReshardPhase.RESHARD_PHASE_SWITCHING, 12),
                phase(ReshardPhase.RESHARD_PHASE_SETTLING, 12),
                ended("done", 1));
        assertThat(captured.gw("reshard", "--to", 12)).isZero();
        assertThat(orders).containsExactly(ReshardRequest.newBuilder().setShardCount(12).build());
        assertThat(captured.out())
                .isEqualTo(
                        """
                        gw: 8 -> 12 shards, in 3 new workers beside those that serve
                        gw: session starts: 12 needed, 987 left, 10 of them in reserve
                        gw: it takes at least 1 m 6 s: 56 s to identify, 10 s side by side
                        gw: memory: about 300 MiB for the new workers until the old ones are gone, 2 GiB free
                        gw: it begins now
                        gw: preparing: the new shards come up, the old ones serve
                        gw: overlapping: old and new shards run side by side
                        gw: switching: the old shards end
                        gw: settling: the new shards serve, what comes late is matched
                        gw: resharded: 8 -> 12 shards in 1 m 30 s
                        gw: 4321 events of both generations went out once, 12 that only the new one had were added, 0 duplicates possible
                        """);
        assertThat(captured.err()).isEmpty();
    }

    @Test
    void showsABarAndTheTimeLeftOnATerminal() {
        Captured onTerminal =
                new Captured(new Terminal(true, false, () -> new Terminal.Size(100, 24)));
        answers(idle(), phase(ReshardPhase.RESHARD_PHASE_PREPARING, 3), ended("done", 1));
        assertThat(onTerminal.gw("reshard", "--state-dir", dir)).isZero();
        assertThat(onTerminal.out())
                .contains(
                        "gw: [#####...............] preparing · 8 -> 12 shards · 3 of 12 shards"
                                + " ready · about 50 s to go\n    waits for shard 3 to be ready");
    }

    /** P6: the command goes on with the supervisor that comes back. */
    @Test
    void followsAcrossARestartOfTheSupervisor() {
        cutOnce = true;
        answers(
                idle(),
                phase(ReshardPhase.RESHARD_PHASE_PREPARING, 3),
                phase(ReshardPhase.RESHARD_PHASE_PREPARING, 9),
                ended("done", 1));
        assertThat(captured.gw("reshard", "--to", 12)).isZero();
        assertThat(cutOnce).isFalse();
        assertThat(captured.out()).contains("gw: resharded: 8 -> 12 shards");
    }

    /** A supervisor that came back knows which generation serves, if nothing else. */
    @Test
    void takesANewGenerationForTheEnd() {
        Status.Builder back = idle().toBuilder();
        back.getReshardBuilder().setGeneration(1).setLastEndedMs(0);
        answers(idle(), phase(ReshardPhase.RESHARD_PHASE_SWITCHING, 12), back.build());
        assertThat(captured.gw("reshard", "--to", 12)).isZero();
    }

    @Test
    void saysWhyItWasGivenUp() {
        answers(
                idle(),
                phase(ReshardPhase.RESHARD_PHASE_PREPARING, 3),
                ended("shard 7 was not ready within 10 m", 0));
        assertThat(captured.gw("reshard", "--to", 12)).isEqualTo(1);
        assertThat(captured.err())
                .isEqualTo(
                        """
                        gw: the reshard was given up: 8 -> 12 shards: shard 7 was not ready within 10 m
                          The shards that served go on. gw status shows how they are; gw reshard tries again.
                        """);
    }

    @Test
    void printsOneObjectAtTheEnd() {
        answers(idle(), phase(ReshardPhase.RESHARD_PHASE_PREPARING, 3), ended("done", 1));
        assertThat(captured.gw("reshard", "--to", 12, "--json")).isZero();
        assertThat(captured.out())
                .startsWith("{\n  \"done\" : true,\n  \"outcome\" : \"done\",")
                .contains(
                        "\"millis\" : 90000",
                        "\"merged\" : 4321",
                        "\"duplicatesPossible\" : 0",
                        "\"toShardCount\" : 12")
                .endsWith("}\n");
        answers(idle(), ended("cancelled", 0));
        assertThat(captured.gw("reshard", "--to", 12, "--json")).isEqualTo(1);
        assertThat(captured.out()).contains("\"done\" : false", "\"outcome\" : \"cancelled\"");
        assertThat(captured.err()).isEmpty();
    }

    /** P4: to ask costs nothing. */
    @Test
    void aDryRunOnlyAsks() {
        assertThat(captured.gw("reshard", "--dry-run")).isZero();
        assertThat(orders).containsExactly(ReshardRequest.newBuilder().setDryRun(true).build());
        assertThat(captured.out())
                .contains("gw: 8 -> 12 shards")
                .endsWith("gw: it would begin at once\n");
        assertThat(captured.gw("reshard", "--dry-run", "--json")).isZero();
        assertThat(captured.out())
                .startsWith("{\n  \"accepted\" : false,\n  \"possible\" : true,")
                .contains("\"waitsUntilMs\" : null", "\"identifies\" : 12");
    }

    @Test
    void saysWhenItBeginsAndWhy() {
        answer.setWaitsUntilMs(NOW + 10_920_000).setReason("12 are needed, 5 can be spent");
        assertThat(captured.gw("reshard", "--to", 12, "--detach")).isZero();
        assertThat(captured.out())
                .endsWith(
                        """
                        gw: it waits until 17:04:10 (for 3 h 2 m): 12 are needed, 5 can be spent
                        gw: gw status shows how it gets on, gw reshard --cancel gives it up
                        """);
        answer.setWaitsUntilMs(-1).setReason("the limit is 10 a day");
        assertThat(captured.gw("reshard", "--to", 12, "--dry-run")).isEqualTo(10);
        assertThat(captured.out()).endsWith("gw: it can never begin: the limit is 10 a day\n");
    }

    @Test
    void passesTheWholeWishOn() {
        assertThat(
                        captured.gw(
                                "reshard",
                                "--to=64",
                                "--first=0",
                                "--last=31",
                                "--intents=GUILDS,GUILD_MESSAGES",
                                "--now",
                                "--detach"))
                .isZero();
        assertThat(orders)
                .containsExactly(
                        ReshardRequest.newBuilder()
                                .setShardCount(64)
                                .setFirstShard(0)
                                .setLastShard(31)
                                .setIntents(513)
                                .setNow(true)
                                .build());
    }

    @Test
    void givesAReshardUp() {
        assertThat(captured.gw("reshard", "--cancel")).isZero();
        assertThat(captured.out())
                .isEqualTo("gw: the reshard is given up: the shards that serve go on\n");
        assertThat(cancelled).hasValue(1);
        refusal = "no reshard is under way";
        assertThat(captured.gw("reshard", "--cancel")).isEqualTo(10);
        assertThat(captured.err()).isEqualTo("gw: no reshard is under way\n");
        assertThat(captured.gw("reshard", "--to", 9)).isEqualTo(10);
        assertThat(orders).isEmpty();
    }

    /** P5: one machine's order doesn't make it hold the shards of the others. */
    @Test
    void whoHoldsAPartMustSayWhichPartOfTheNewCount() {
        Status.Builder part = idle().toBuilder();
        part.getPlanBuilder().setShardCount(8).setFirstShard(4).setLastShard(7);
        answers(part.build());
        assertThat(captured.gw("reshard", "--to", 12, "--detach")).isEqualTo(10);
        assertThat(captured.err())
                .startsWith(
                        "gw: this supervisor holds the shards 4..7 of 8 alone: which of 12 it is to"
                                + " hold must be said\n");
        assertThat(orders).isEmpty();
        assertThat(captured.gw("reshard", "--to", 8, "--detach")).isZero();
        assertThat(orders)
                .containsExactly(
                        ReshardRequest.newBuilder()
                                .setShardCount(8)
                                .setFirstShard(4)
                                .setLastShard(7)
                                .build());
    }

    @Test
    void whoStopsFollowingIsToldThatItGoesOn() throws Exception {
        answers(idle(), phase(ReshardPhase.RESHARD_PHASE_PREPARING, 3));
        AtomicInteger code = new AtomicInteger(-1);
        Thread command = new Thread(() -> code.set(captured.gw("reshard", "--to", 12)));
        command.start();
        assertThat(followed.await(20, TimeUnit.SECONDS)).isTrue();
        command.interrupt();
        command.join();
        assertThat(code).hasValue(1);
        assertThat(captured.err())
                .isEqualTo(
                        "gw: not followed any more; the reshard goes on: gw status shows how, gw"
                                + " reshard --cancel gives it up\n");
        assertThat(cancelled).hasValue(0);
    }

    /** As Ctrl-C does, a signal ends the process by its shutdown hooks. */
    @Test
    void whoEndsTheCommandByASignalIsToldThatItGoesOn() throws Exception {
        answers(idle(), phase(ReshardPhase.RESHARD_PHASE_PREPARING, 3));
        Process command =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "reshard",
                                "--to=12",
                                "--state-dir=" + dir)
                        .start();
        try (BufferedReader out = command.inputReader()) {
            assertThat(out.lines().anyMatch(line -> line.startsWith("gw: preparing"))).isTrue();
            // The process itself would close the streams, too.
            assertThat(command.toHandle().destroy()).isTrue();
            assertThat(command.errorReader().lines())
                    .anyMatch(line -> line.startsWith("gw: not followed any more; the reshard"));
            assertThat(command.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            command.destroyForcibly();
        }
        assertThat(cancelled).hasValue(0);
    }

    /** P7: the wait for a supervisor that is gone has a limit. */
    @Test
    void givesUpOnASupervisorThatStaysAway() {
        cutOnce = true;
        assertThat(captured.gw("reshard", "--to", 12, "--timeout", 0)).isEqualTo(9);
        assertThat(captured.err()).startsWith("gw: no supervisor answers for 0 ms");
        answers(idle(), idle());
        door.close();
        reopen();
        assertThat(captured.gw("reshard", "--to", 12, "--timeout", 1)).isEqualTo(1);
        assertThat(captured.err())
                .startsWith("gw: the supervisor says nothing of the reshard for 1 s\n");
    }

    private void answers(Status... statuses) {
        synchronized (next) {
            next.clear();
            next.addAll(List.of(statuses));
        }
    }

    /** Eight shards that serve; a reshard ended long ago. */
    private static Status idle() {
        Status.Builder status =
                Statuses.many(8, _ -> ShardState.SHARD_STATE_READY)
                        .clearProblems()
                        .setReshard(
                                ReshardStatus.newBuilder()
                                        .setPhase(ReshardPhase.RESHARD_PHASE_NONE)
                                        .setLastOutcome("done")
                                        .setLastEndedMs(Statuses.START - 86_400_000));
        status.getPlanBuilder().setShardCount(8).setFirstShard(0).setLastShard(7);
        return status.build();
    }

    private static Status phase(ReshardPhase phase, int ready) {
        Status.Builder status = idle().toBuilder();
        status.getReshardBuilder()
                .setPhase(phase)
                .setOrdered(true)
                .setPlan(plan())
                .setStartedAtMs(NOW + 1_000)
                .setDoneAtMs(NOW + 50_000)
                .setShardsReady(ready)
                .setShardsTotal(12)
                .setWaitsFor("shard " + ready + " to be ready");
        return status.build();
    }

    private static Status ended(String outcome, int generation) {
        Status.Builder status = idle().toBuilder();
        status.getReshardBuilder()
                .setGeneration(generation)
                .setLastOutcome(outcome)
                .setLastEndedMs(NOW + 91_000)
                .setLastFromShardCount(8)
                .setLastToShardCount(12)
                .setMerged(4_321)
                .setAdded(12);
        return status.build();
    }

    private static ReshardPlan plan() {
        return ReshardPlan.newBuilder()
                .setFromShardCount(8)
                .setToShardCount(12)
                .setLastShard(11)
                .setWorkers(3)
                .setIdentifies(12)
                .setIdentifiesLeft(987)
                .setReserve(10)
                .setIdentifyMs(56_100)
                .setOverlapMs(10_000)
                .setMemoryNeededBytes(300L << 20)
                .setMemoryFreeBytes(2L << 30)
                .setFromIntents(513)
                .setToIntents(513)
                .build();
    }

    @Override
    public CompletableFuture<Status> status() {
        synchronized (next) {
            Status status = next.size() > 1 ? next.remove() : next.element();
            boolean underWay = ReshardWords.underWay(status.getReshard());
            if (underWay || !orders.isEmpty()) {
                followed.countDown();
                if (cutOnce) {
                    cutOnce = false;
                    door.close();
                    CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
                            .execute(this::reopen);
                    return new CompletableFuture<>();
                }
            }
            return CompletableFuture.completedFuture(status);
        }
    }

    private void reopen() {
        try {
            Files.deleteIfExists(dir.resolve("control.sock"));
            door = Door.open(dir.resolve("control.sock"), behind);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletableFuture<ReshardResponse> reshard(ReshardRequest request) {
        if (!refusal.isEmpty()) {
            return refused();
        }
        orders.add(request);
        return CompletableFuture.completedFuture(
                answer.clone().setPlan(plan()).setAccepted(!request.getDryRun()).build());
    }

    @Override
    public CompletableFuture<Void> cancelReshard() {
        if (!refusal.isEmpty()) {
            return refused();
        }
        cancelled.incrementAndGet();
        return CompletableFuture.completedFuture(null);
    }

    private <T> CompletableFuture<T> refused() {
        return CompletableFuture.failedFuture(
                new ControlRefusal(ControlRefusal.Kind.NOT_NOW, refusal));
    }

    @Override
    public CompletableFuture<Void> restartShard(int shardId, boolean fresh) {
        throw new IllegalStateException("nobody asked for it");
    }

    @Override
    public CompletableFuture<Long> restartWorker(int worker) {
        throw new IllegalStateException("nobody asked for it");
    }

    @Override
    public CompletableFuture<Stopping> stop(boolean keepSessions) {
        throw new IllegalStateException("nobody asked for it");
    }

    @Override
    public CompletableFuture<Upgrading> upgrade() {
        throw new IllegalStateException("nobody asked for it");
    }
}
