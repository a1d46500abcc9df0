package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Phase;
import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardPlan;
import gw.proto.v1.ShardState;
import gw.proto.v1.Status;
import gw.proto.v1.WorkerState;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** What gw start says while shards come up, and what it says afterwards and no more. */
class StartViewTest {
    private static final int SHARDS = 50;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final StartView plain = view(false, Integer.MAX_VALUE);
    private long nowMillis = Statuses.START;

    @Test
    void tellsHowFarItHasGotNowAndThenAndSumsUpOnce() {
        plain.banner(List.of("gw 0.1.0, 50 shards"));
        step(100, 0, _ -> {});
        step(1_000, 1, _ -> {});
        step(1_000, 2, _ -> {});
        step(4_000, 3, _ -> {});
        step(6_000, 3, _ -> {});
        step(118_000, SHARDS, _ -> {});
        step(1_000, SHARDS, _ -> {});
        assertThat(printed())
                .isEqualTo(
                        """
                        gw 0.1.0, 50 shards
                        gw: 0 of 50 shards ready · 2 of 2 workers up · 987 of 1000 session starts left · about 2 m 9 s to go
                        gw: 3 of 50 shards ready · 2 of 2 workers up · 987 of 1000 session starts left · about 2 m 3 s to go
                        gw: 50 of 50 shards ready in 2 m 10 s · bot quizbot · 2 workers · 987 of 1000 session starts left · events go to http://127.0.0.1:8080/events
                        """);
    }

    @Test
    void rewritesABlockOnATerminal() {
        try (StartView live = view(true, 60)) {
            live.update(status(0, _ -> {}));
            assertThat(printed())
                    .isEqualTo(
                            """
                            gw: [....................] 0 of 50 shards ready · about 2 …
                                2 of 2 workers up · 987 of 1000 session starts left\
                            """);
            live.update(status(25, _ -> {}));
            assertThat(printed())
                    .startsWith("\u001B[1A\r\u001B[Jgw: [##########..........] 25 of 50");
            live.line("something happened");
            assertThat(printed())
                    .startsWith("\u001B[1A\r\u001B[Jsomething happened\ngw: [##########");
            live.update(status(SHARDS, _ -> {}));
            assertThat(printed())
                    .startsWith("\u001B[1A\r\u001B[Jgw: 50 of 50 shards ready")
                    .endsWith("/events\n");
        }
        assertThat(printed()).isEmpty();
    }

    /** P4: what a killed supervisor left goes on, and costs nothing. */
    @Test
    void tellsOnceThatWorkersWereTakenOverWhenTheyAreAllThere() {
        Consumer<Status.Builder> oneIsMissing =
                status -> {
                    status.getWorkersBuilder(0).setAdopted(true);
                    status.getWorkersBuilder(1)
                            .setAdopted(true)
                            .setState(WorkerState.WORKER_STATE_STARTING);
                };
        Consumer<Status.Builder> allThere =
                status -> {
                    status.getWorkersBuilder(0).setAdopted(true);
                    status.getWorkersBuilder(1).setAdopted(true);
                };
        step(1_000, SHARDS - 1, oneIsMissing);
        assertThat(printed()).doesNotContain("took over");
        step(1_000, SHARDS - 1, allThere);
        step(1_000, SHARDS, allThere);
        assertThat(printed().lines().filter(line -> line.contains("took over")))
                .singleElement()
                .asString()
                .endsWith(
                        "took over 2 workers of the supervisor before (50 shards, no identify"
                                + " spent)");
    }

    /** P6: the death of a worker is told once, and its shards' return too. */
    @Test
    void tellsTheDeathOfAWorkerAndTheReturnOfItsShards() {
        start();
        Consumer<Status.Builder> dead =
                status ->
                        status.getWorkersBuilder(1)
                                .setPid(0)
                                .setState(WorkerState.WORKER_STATE_WAITING)
                                .setLastExit("killed by signal 9 (kill)")
                                .setLastExitMs(Statuses.START + 20_000)
                                .setNextLaunchMs(nowMillis + 2_000);
        step(1_000, 25, dead);
        step(1_000, 25, dead);
        Consumer<Status.Builder> again =
                status ->
                        status.getWorkersBuilder(1)
                                .setPid(7_000)
                                .setLastExitMs(Statuses.START + 20_000);
        step(1_000, 25, again);
        step(1_000, 25, again);
        step(1_000, 40, again);
        step(1_000, SHARDS, again);
        step(1_000, SHARDS, again);
        assertThat(printed())
                .isEqualTo(
                        """
                        14:00:01 worker 1 (pid 5001) ended: killed by signal 9 (kill); the next one starts in 2 s
                        14:00:03 worker 1 runs again: pid 7000
                        14:00:04 25 shards of worker 1 are down (25..49), resuming: READY
                        14:00:06 25 shards of worker 1 are ready again after 5 s
                        """);
    }

    @Test
    void tellsHowAReshardGetsOnAndHowItEnded() {
        start();
        step(1_000, SHARDS, reshard(ReshardPhase.RESHARD_PHASE_PREPARING, 3));
        step(1_000, SHARDS, reshard(ReshardPhase.RESHARD_PHASE_PREPARING, 9));
        step(1_000, SHARDS, reshard(ReshardPhase.RESHARD_PHASE_SWITCHING, 60));
        // Its shards are others' now: that it ended is no loss.
        Consumer<Status.Builder> left =
                status ->
                        status.getWorkersBuilder(1)
                                .setPid(0)
                                .setState(WorkerState.WORKER_STATE_STOPPED)
                                .setLastExit("exit 0")
                                .setLastExitMs(nowMillis);
        step(1_000, SHARDS, left.andThen(ended("done")));
        step(1_000, SHARDS, left.andThen(ended("done")));
        assertThat(printed())
                .isEqualTo(
                        """
                        14:00:01 reshard: preparing · 50 -> 60 shards · 3 of 60 shards ready · the new shards come up, the old ones serve
                        14:00:03 reshard: switching · 50 -> 60 shards · 60 of 60 shards ready · the old shards end
                        14:00:04 resharded: 50 -> 60 shards · 48,211 events of both generations went out once, 37 that only the new one had were added, 0 duplicates possible
                        """);
        nowMillis += 1_000;
        step(1_000, SHARDS, left.andThen(ended("cancelled")));
        assertThat(printed())
                .isEqualTo(
                        "14:00:07 reshard given up: 50 -> 60 shards: cancelled; the shards that"
                                + " served go on\n");
    }

    @Test
    void showsAReshardAsABlockOnATerminal() {
        try (StartView live = view(true, 90)) {
            live.update(status(SHARDS, _ -> {}));
            assertThat(printed()).endsWith("/events\n");
            live.update(status(SHARDS, reshard(ReshardPhase.RESHARD_PHASE_PREPARING, 30)));
            assertThat(printed())
                    .endsWith(
                            "gw: [##########..........] preparing · 50 -> 60 shards · 30 of 60"
                                    + " shards ready");
            live.update(status(SHARDS, _ -> {}));
            assertThat(printed()).isEqualTo("\r\u001B[J");
        }
    }

    private static Consumer<Status.Builder> reshard(ReshardPhase phase, int ready) {
        return status ->
                status.getReshardBuilder()
                        .setPhase(phase)
                        .setPlan(ReshardPlan.newBuilder().setFromShardCount(50).setToShardCount(60))
                        .setShardsReady(ready)
                        .setShardsTotal(60);
    }

    private static Consumer<Status.Builder> ended(String outcome) {
        return status ->
                status.getReshardBuilder()
                        .setLastFromShardCount(50)
                        .setLastToShardCount(60)
                        .setLastOutcome(outcome)
                        .setLastEndedMs(Statuses.START + (outcome.equals("done") ? 4_000 : 7_000));
    }

    /** Discord asks each shard to reconnect several times a day: that is no news. */
    @Test
    void keepsQuietAboutAShardThatIsBackAtOnce() {
        start();
        step(1_000, SHARDS - 1, _ -> {});
        step(1_000, SHARDS, _ -> {});
        assertThat(printed()).isEmpty();
    }

    @Test
    void tellsWhoIsStillMissing() {
        start();
        step(1_000, SHARDS - 2, _ -> {});
        step(4_000, SHARDS - 2, _ -> {});
        step(1_000, SHARDS - 1, _ -> {});
        step(5_000, SHARDS - 1, _ -> {});
        step(1_000, SHARDS, _ -> {});
        assertThat(printed())
                .isEqualTo(
                        """
                        14:00:05 2 shards of worker 1 are down (48..49), resuming: READY
                        14:00:11 shard 48 is ready again after 10 s, 1 of it still down
                        14:00:12 shard 49 is ready again after 11 s
                        """);
    }

    /** P1: what got lost is said. */
    @Test
    void tellsOfFailingDeliveriesAndOfWhatGotLost() {
        start();
        Consumer<Status.Builder> away =
                status ->
                        status.addProblems("events wait for the bot: connection refused")
                                .getDeliveryBuilder()
                                .setHealthy(false)
                                .setLastError("connection refused")
                                .setQueuedEvents(1_234);
        step(1_000, SHARDS, away);
        step(1_000, SHARDS, away.andThen(status -> status.getDeliveryBuilder().setDropped(10)));
        step(1_000, SHARDS, away.andThen(status -> status.getDeliveryBuilder().setDropped(700)));
        step(12_000, SHARDS, away.andThen(status -> status.getDeliveryBuilder().setDropped(900)));
        Consumer<Status.Builder> back =
                status ->
                        status.getDeliveryBuilder()
                                .setQueuedEvents(1)
                                .setDropped(900)
                                .setGaps(1)
                                .setSessionsLost(2);
        step(1_000, SHARDS, back);
        step(1_000, SHARDS, back.andThen(status -> status.getDeliveryBuilder().setHealthy(false)));
        assertThat(printed())
                .isEqualTo(
                        """
                        14:00:01 problem: events wait for the bot: connection refused
                        14:00:02 10 events dropped by a limit (gw status says which)
                        14:00:15 890 events dropped by a limit (gw status says which)
                        14:00:16 solved: events wait for the bot: connection refused
                        14:00:16 events get through to the bot again after 15 s; 1 event waits
                        14:00:16 1 gap announced to the bot
                        14:00:16 Discord ended 2 sessions: a gap in the events of each, the shards identify anew
                        14:00:17 events don't get through to the bot; 1 event waits
                        """);
    }

    @Test
    void tellsUntilWhenIdentifyingWaits() {
        start();
        Consumer<Status.Builder> spent =
                status -> status.getIdentifyBuilder().setWaitingUntilMs(Statuses.START + 3_600_000);
        step(1_000, SHARDS, spent);
        step(1_000, SHARDS, spent);
        step(1_000, SHARDS, _ -> {});
        assertThat(printed())
                .isEqualTo(
                        """
                        14:00:01 the session start limit is spent (987 of 1000 session starts left): identifying waits until 15:00:00, for 59 m 59 s
                        14:00:03 identifying goes on: 987 of 1000 session starts left
                        """);
    }

    /** P7: trouble never floods. */
    @Test
    void neverFloods() {
        start();
        step(1_000, SHARDS, status -> manyProblems(status, 'a'));
        step(1_000, SHARDS, status -> manyProblems(status, 'b'));
        step(10_000, SHARDS, status -> manyProblems(status, 'b'));
        List<String> lines = printed().lines().toList();
        assertThat(lines).hasSize(13);
        assertThat(lines.getLast())
                .isEqualTo("14:00:12 and 33 more; gw status shows how it stands");
    }

    /** A problem whose figures change is the same problem. */
    @Test
    void tellsAProblemOnceWhileItsFiguresChange() {
        start();
        step(1_000, SHARDS, status -> status.addProblems("no event for 10 min on shard 3"));
        step(1_000, SHARDS, status -> status.addProblems("no event for 11 min on shard 3"));
        step(1_000, SHARDS, _ -> {});
        assertThat(printed())
                .isEqualTo(
                        """
                        14:00:01 problem: no event for 10 min on shard 3
                        14:00:03 solved: no event for 11 min on shard 3
                        """);
    }

    @Test
    void saysThatItStopsAndThenNothingOfShardsThatGo() {
        start();
        step(1_000, SHARDS, status -> status.getSupervisorBuilder().setPhase(Phase.PHASE_STOPPING));
        step(5_000, 0, status -> status.getSupervisorBuilder().setPhase(Phase.PHASE_STOPPING));
        plain.stopping();
        assertThat(printed()).isEqualTo("gw: stopping\n");
    }

    @Test
    void takesEscapeSequencesOutOfWhatOthersWrote() {
        String hostile = "\u001B[2J\u001B]0;owned\u0007\u009B31m";
        plain.banner(List.of(hostile));
        plain.line(hostile);
        start(status -> status.getPlanBuilder().setUserName(hostile));
        step(1_000, SHARDS, status -> status.addProblems(hostile));
        step(
                1_000,
                SHARDS,
                status -> status.getDeliveryBuilder().setHealthy(false).setLastError(hostile));
        assertThat(printed().codePoints())
                .noneMatch(point -> Character.isISOControl(point) && point != '\n');
    }

    private static void manyProblems(Status.Builder status, char kind) {
        for (char name = 'a'; name < 'p'; name++) {
            status.addProblems("problem " + kind + name);
        }
    }

    private void start() {
        start(_ -> {});
    }

    /** All shards are ready, and what was said until then is forgotten. */
    private void start(Consumer<Status.Builder> change) {
        step(0, SHARDS, change);
        assertThat(printed()).contains("gw: 50 of 50 shards ready");
    }

    private void step(long millis, int ready, Consumer<Status.Builder> change) {
        nowMillis += millis;
        plain.update(status(ready, change));
    }

    private Status status(int ready, Consumer<Status.Builder> change) {
        IntFunction<ShardState> states =
                id -> id < ready ? ShardState.SHARD_STATE_READY : ShardState.SHARD_STATE_RESUMING;
        Status.Builder status = Statuses.many(SHARDS, states).clearProblems();
        status.getSupervisorBuilder().setNowMs(nowMillis);
        status.getIdentifyBuilder().setDoneAtMs(Statuses.START + 130_000);
        status.getDeliveryBuilder()
                .setHealthy(true)
                .setLastError("")
                .setSessionsLost(0)
                .setDeadLettered(0);
        change.accept(status);
        return status.build();
    }

    private StartView view(boolean live, int columns) {
        return new StartView(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                live,
                columns,
                false,
                () -> Instant.ofEpochMilli(nowMillis),
                ZoneOffset.UTC);
    }

    /** What was printed since the last look. */
    private String printed() {
        String text = printed.toString(StandardCharsets.UTF_8);
        printed.reset();
        return text;
    }
}
