package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Phase;
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
