package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Phase;
import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardPlan;
import gw.proto.v1.ShardState;
import gw.proto.v1.Status;

import org.junit.jupiter.api.Test;

import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;

/** People see what is wrong first, and everything at one look, whatever its size. */
class StatusViewTest {
    private static final int SCREEN = 60;

    @Test
    void showsProblemsFirstAndEachPartBelow() {
        assertThat(text(Statuses.example(), 120))
                .isEqualTo(
                        """
                        PROBLEMS
                          ! events wait for the bot: connection refused

                        supervisor  running · pid 4242 · gw 0.1.0 · up for 2 m 10 s · memory 100 MiB (heap 24 MiB)
                                    state in /var/lib/gw
                        plan        shards 100..103 of 885 · 2 clusters of up to 2 shards · zstd-stream
                                    bot quizbot (80351110224678912)
                                    intents GUILDS, GUILD_MEMBERS (privileged), GUILD_MESSAGES
                                    gateway wss://gateway.discord.gg · api https://discord.com/api

                        workers     1 of 2 attached
                          worker   pid  shards    ready  state     restarts  memory  events/s  notes
                               0  4250  100..101    1/2  attached         0  80 MiB       120
                               1     -  102..103    0/2  waiting          1       -         -  next launch in 1 s · last exit: killed by signal 9 (kill), 1 s ago, log in /var/lib/gw/workers/worker-1.log

                        shards      1 of 4 ready
                             100  .qBB
                                  q 1 queued   . 1 ready   B 2 backing off
                          shard  worker  state         for  queue  reason
                            102       1  backing off   1 s      -  worker died
                            103       1  backing off   1 s      -  worker died
                            101       0  queued       30 s      1  op 9: invalid session

                        identify    987 of 1000 session starts left · full again in 3 h 2 m · 10 kept in reserve · 4 spent since the start
                                    1 bucket, an identify every 5 s in each · 1 queued, done in 5 s
                        capacity    4804 guilds · fullest shard 102 with 1203, 48.1 % of 2500 · 14 more a day · 80 % on 2027-01-21
                        reshard     by itself from 80 % on · next look in 57 m 50 s
                                    nothing to do: the fullest shard has 1203 guilds, 48.1 % of 2500
                                    last one 3 d ago: 640 -> 885 shards · 48,211 events of both generations went out once, 37 that only the new one had were added, 0 duplicates possible
                        delivery    http://127.0.0.1:8080/events · events don't get through
                                    queue 1234 events of 1.3 MiB · on disk 17 MiB of 4 GiB · oldest 6.2 s · 1 in flight
                                    12,345 delivered · 0 events/s · 17 retries
                                    from Discord's socket to the bot: p50 0.2 ms, p99 0.2 ms since the start
                                    3 events dropped (ttl 3); 1 gap announced to the bot
                                    1 session ended by Discord, each a gap
                                    1 event refused by the bot for good, kept in /var/lib/gw/dead-letters.jsonl
                                    last error 500 ms ago: connection refused
                        deferral    ephemeral, after 2 s · 28 interactions deferred · 5 waiting · 2 answered by the bot before
                                    not deferred: 1 too late
                                    last error 1 s ago: Discord answered 502\
                        """);
    }

    @Test
    void showsAReshardAndTellsTheWorkersOfTwoGenerationsApart() {
        Status.Builder status = Statuses.example().toBuilder();
        status.getReshardBuilder()
                .setPhase(ReshardPhase.RESHARD_PHASE_PREPARING)
                .setOrdered(true)
                .setPlan(ReshardPlan.newBuilder().setFromShardCount(885).setToShardCount(1_000))
                .setStartedAtMs(Statuses.START + 90_000)
                .setDoneAtMs(Statuses.START + 170_000)
                .setShardsReady(1)
                .setShardsTotal(4)
                .setWaitsFor("session starts of bucket 0");
        status.addWorkers(
                Statuses.worker(7, 4300, 1).toBuilder()
                        .setGeneration(2)
                        .setShardCount(1_000)
                        .setFirstShard(100)
                        .setLastShard(103));
        assertThat(text(status.build(), 120))
                .contains(
                        """
                          worker   pid  shards                   ready  state     restarts  memory  events/s  notes
                               0  4250  100..101 of 885, gen 1     1/2  attached         0  80 MiB       120
                        """,
                        "       7  4300  100..103 of 1000, gen 2    1/4  attached",
                        """
                        reshard     [#####...............] preparing · 885 -> 1000 shards · 1 of 4 shards ready · about 40 s to go
                                    waits for session starts of bucket 0
                                    the new shards come up, the old ones serve · ordered by gw reshard 40 s ago
                        """);
    }

    @Test
    void saysThatAReshardWasGivenUpAndThatAShardIsFull() {
        Status.Builder status = Statuses.example().toBuilder();
        status.getReshardBuilder().setAutomatic(false).setLastOutcome("cancelled");
        status.getCapacityBuilder().setFullestPercent(80.04).clearGrowthPerDay().clearFullAtMs();
        assertThat(text(status.build(), 120))
                .contains(
                        "80.0 % of 2500 · growth not known yet\n",
                        "reshard     by gw reshard alone",
                        "last one 3 d ago: 640 -> 885 shards given up: cancelled\n");
        status.getCapacityBuilder().setGrowthPerDay(-3);
        assertThat(text(status.build(), 120)).contains(" · 3 fewer a day\n");
    }

    /** A supervisor of an older build knows nothing of it. */
    @Test
    void saysNothingOfReshardingWhereNothingIsKnown() {
        Status old = Statuses.example().toBuilder().clearReshard().clearCapacity().build();
        assertThat(text(old, 120)).doesNotContain("reshard", "capacity");
    }

    @Test
    void showsAllFactsOfOneShard() {
        Status status = Statuses.example();
        assertThat(text(ShardView.lines(status.getShards(0), Statuses.START + 130_000)))
                .isEqualTo(
                        """
                        shard 100           ready for 2 m
                          reason            READY
                          worker            0
                          session           0f1e2d3c4b5a69788796a5b4c3d2e1f0
                          resume url        wss://gateway-us-east1-b.discord.gg
                          sequence          4213
                          durable sequence  4212
                          heartbeat         sent 30 s ago · answered 29 s ago · acknowledged · every 41 s
                          latency           41.2 ms
                          guilds            1203, 2 unavailable
                          dispatches        4213, the last one 300 ms ago
                          connections       1 reconnect · 1 resume · 1 identify\
                        """);
    }

    @Test
    void fitsAThousandShardsOnAScreen() {
        Status status =
                Statuses.many(
                                1_000,
                                id ->
                                        id % 7 == 3 && id > 800 && id < 850
                                                ? ShardState.SHARD_STATE_RESUMING
                                                : ShardState.SHARD_STATE_READY)
                        .clearWorkers()
                        .build();
        for (int columns : new int[] {80, 132}) {
            List<Line> lines = StatusView.lines(status, columns, ZoneOffset.UTC);
            assertThat(lines).hasSizeLessThan(SCREEN);
            assertThat(ShardGrid.lines(status.getShardsList(), columns))
                    .allMatch(line -> line.width() <= columns);
        }
        assertThat(text(ShardGrid.lines(status.getShardsList(), 132))).contains("r");
    }

    /** P7: five thousand shards and two hundred workers, all in trouble, stay readable. */
    @Test
    void boundsWhatItShowsOfFiveThousandShards() {
        Status broken =
                Statuses.many(
                                5_000,
                                id ->
                                        id % 2 == 0
                                                ? ShardState.SHARD_STATE_QUEUED
                                                : ShardState.SHARD_STATE_BACKOFF)
                        .build();
        assertThat(StatusView.lines(broken, 80, ZoneOffset.UTC)).hasSizeLessThan(140);
        assertThat(text(broken, 80)).contains("and 4980 more, see --json", "and 160 more");

        Status well = Statuses.many(5_000, _ -> ShardState.SHARD_STATE_READY).build();
        assertThat(text(ShardGrid.lines(well.getShardsList(), 80)))
                .isEqualTo(
                        """
                               0  all ready up to 4999
                                  . 5000 ready\
                        """);
    }

    /** What others wrote reaches the terminal without its escape sequences. */
    @Test
    void takesEscapeSequencesOutOfWhatOthersWrote() {
        String hostile = "\u001B[2J\u001B]0;owned\u0007 a\r\nb\u009B31m\u202Ereversed";
        Status.Builder status = Statuses.example().toBuilder();
        status.setProblems(0, hostile);
        status.getPlanBuilder().setUserName(hostile).setGatewayUrl(hostile);
        status.getPlanBuilder().setIntentNames(0, hostile);
        status.getSupervisorBuilder().setVersion(hostile).setStateDir(hostile);
        status.getWorkersBuilder(1).setLastExit(hostile).setLogFile(hostile);
        status.getShardsBuilder(3).setReason(hostile);
        status.getDeliveryBuilder().setLastError(hostile).setUrl(hostile);

        List<Line> lines = StatusView.lines(status.build(), 200, ZoneOffset.UTC);
        for (Line line : lines) {
            assertThat(line.plain().codePoints())
                    .noneMatch(Character::isISOControl)
                    .noneMatch(point -> point == 0x202E);
            assertThat(line.render(true, 200).replaceAll("\u001B\\[[0-9;]*m", ""))
                    .isEqualTo(line.plain());
        }
        assertThat(text(lines)).contains("owned");
    }

    @Test
    void saysThatItWaitsForSessionStarts() {
        Status.Builder status = Statuses.example().toBuilder();
        status.getIdentifyBuilder()
                .setRemaining(10)
                .setWaitingUntilMs(Statuses.START + 130_000 + 3_600_000);
        assertThat(text(status.build(), 120))
                .contains("waits until 15:02:10 (for 1 h): the session start limit is spent");
    }

    @Test
    void cutsLinesToTheTerminalWithoutBreakingColours() {
        Line line = Line.of(Tone.BAD, "abcdef").add("ghi");
        assertThat(line.render(true, 9)).isEqualTo("\u001B[1;31mabcdef\u001B[0mghi");
        assertThat(line.render(true, 5)).isEqualTo("\u001B[1;31mabcd\u001B[0m…");
        assertThat(line.render(false, 8)).isEqualTo("abcdefg…");
    }

    @Test
    void namesEachPhase() {
        assertThat(StateWords.name(Phase.PHASE_STARTING)).isEqualTo("starting");
        assertThat(StateWords.name(Phase.PHASE_RUNNING)).isEqualTo("running");
        assertThat(StateWords.name(Phase.PHASE_STOPPING)).isEqualTo("stopping");
        assertThat(StateWords.name(Phase.PHASE_UPGRADING)).isEqualTo("upgrading");
    }

    private static String text(Status status, int columns) {
        return text(StatusView.lines(status, columns, ZoneOffset.UTC));
    }

    private static String text(List<Line> lines) {
        return lines.stream().map(Line::plain).collect(Collectors.joining("\n"));
    }
}
