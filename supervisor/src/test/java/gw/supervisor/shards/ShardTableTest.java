package gw.supervisor.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import gw.model.ShardRange;
import gw.proto.v1.GatewaySession;
import gw.proto.v1.ShardAssignment;
import gw.proto.v1.ShardFacts;
import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.ShardUpdate;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.plan.Cluster;
import gw.supervisor.plan.ShardPlan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

class ShardTableTest {
    private static final Cluster FIRST = new Cluster(0, new ShardRange(10, 12, 100));
    private static final Cluster SECOND = new Cluster(1, new ShardRange(13, 14, 100));
    private static final ShardPlan PLAN =
            new ShardPlan(new ShardRange(10, 14, 100), List.of(FIRST, SECOND), Optional.empty());

    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final Map<String, Long> log = new HashMap<>();
    private final ShardTable table =
            new ShardTable(
                    PLAN,
                    (shard, session) -> {
                        Long sequence = log.get(shard + " " + session);
                        return sequence == null ? OptionalLong.empty() : OptionalLong.of(sequence);
                    },
                    () -> now);

    @Test
    void nothingIsReadyAtFirst() {
        assertThat(table.readyCount()).isZero();
        assertThat(table.size()).isEqualTo(5);
        assertThat(table.statuses(_ -> 0))
                .extracting(ShardStatus::getShardId)
                .containsExactly(10, 11, 12, 13, 14);
        assertThat(table.assignmentsFor(FIRST)).noneMatch(ShardAssignment::hasSession).hasSize(3);
        assertThat(table.problems(now)).isEmpty();
    }

    /** P4: a worker's death spends no identify. */
    @Test
    void sessionsOutliveTheirWorkerAndResumeFromTheLog() {
        ready(10, "a", 1);
        ready(11, "b", 1);
        ready(13, "c", 1);
        log.put("10 a", 77L);
        log.put("11 b", 9L);

        table.workerLost(0);

        assertThat(table.assignmentsFor(FIRST))
                .extracting(it -> it.getSession().getSessionId(), it -> sequence(it))
                .containsExactly(tuple("a", 77L), tuple("b", 9L), tuple("", 0L));
        assertThat(status(10).getState()).isEqualTo(ShardState.SHARD_STATE_BACKOFF);
        assertThat(status(10).getReason()).isEqualTo("worker died");
    }

    /** P6: the death of one process touches its own shards alone. */
    @Test
    void theDeathOfAWorkerTouchesItsOwnShardsAlone() {
        ready(10, "a", 1);
        ready(13, "c", 1);

        table.workerLost(0);

        assertThat(table.readyCount(FIRST)).isZero();
        assertThat(table.readyCount(SECOND)).isEqualTo(1);
        assertThat(table.readyCount()).isEqualTo(1);
    }

    @Test
    void asksTheWorkersOwnWordWhenTheLogHasForgottenTheSession() {
        ready(10, "a", 5);
        table.facts(ShardFacts.newBuilder().setShardId(10).setDurableSequence(41).build());

        assertThat(sequence(table.assignmentsFor(FIRST).getFirst())).isEqualTo(41);
    }

    /** P4: a worker that is told to stop names no session; the next one resumes it all the same. */
    @Test
    void keepsTheSessionOfAWorkerThatStops() {
        ready(10, "a", 5);
        table.update(update(10, ShardState.SHARD_STATE_IDLE).setReason("stopped").build());

        assertThat(table.assignmentsFor(FIRST).getFirst().getSession().getSessionId())
                .isEqualTo("a");
    }

    /** P1: a session that Discord ended is counted. */
    @Test
    void forgetsAndCountsASessionThatDiscordEnded() {
        ready(10, "a", 5);
        ShardUpdate lost =
                update(10, ShardState.SHARD_STATE_BACKOFF)
                        .setLostSessionId("a")
                        .setCloseCode(4009)
                        .build();
        table.update(lost);
        table.update(lost);

        assertThat(table.sessionsLost()).isEqualTo(1);
        assertThat(table.closeCodes()).containsEntry(4009, 2L);
        assertThat(table.assignmentsFor(FIRST)).noneMatch(ShardAssignment::hasSession);

        ready(10, "b", 1);
        assertThat(table.assignmentsFor(FIRST).getFirst().getSession().getSessionId())
                .isEqualTo("b");
    }

    @Test
    void aShardThatAsksForASessionHasNone() {
        ready(10, "a", 5);
        table.update(update(10, ShardState.SHARD_STATE_QUEUED).build());

        assertThat(table.assignmentsFor(FIRST)).noneMatch(ShardAssignment::hasSession);
        assertThat(table.sessionsLost()).isZero();
    }

    /** P4: what Discord refused for good is tried again only when a person wants it. */
    @Test
    void aRefusedShardStaysRefusedOverItsWorkersDeathUntilItIsForgiven() {
        ready(11, "b", 1);
        table.update(
                update(10, ShardState.SHARD_STATE_FATAL)
                        .setCloseCode(4011)
                        .setReason("close code 4011")
                        .build());
        table.workerLost(0);
        table.update(update(10, ShardState.SHARD_STATE_QUEUED).setReason("starting").build());
        assertThat(table.isRefused(10)).isTrue();
        assertThat(table.isRefused(11)).isFalse();
        assertThat(table.allRefused()).isFalse();
        assertThat(status(10).getState()).isEqualTo(ShardState.SHARD_STATE_FATAL);

        assertThat(table.forgive(10)).isTrue();
        assertThat(table.isRefused(10)).isFalse();
        assertThat(table.fatal()).isEmpty();
        table.update(update(10, ShardState.SHARD_STATE_QUEUED).setReason("asked").build());
        assertThat(status(10).getState()).isEqualTo(ShardState.SHARD_STATE_QUEUED);
        assertThat(table.forgive(11)).isFalse();
    }

    /** P1: the worker that was to tell of the gap may die before it does. */
    @Test
    void theNextWorkerIsToldOfALossThatMayNotBeAnnounced() {
        ready(10, "a", 5);
        table.update(update(10, ShardState.SHARD_STATE_BACKOFF).setLostSessionId("a").build());
        table.workerLost(0);
        assertThat(table.assignmentsFor(FIRST).getFirst().getLostSessionId()).isEqualTo("a");
        assertThat(table.hasLostSession(10)).isTrue();
        ready(10, "b", 1);
        assertThat(table.assignmentsFor(FIRST).getFirst().getLostSessionId()).isEmpty();
        assertThat(table.hasLostSession(10)).isFalse();
    }

    /** READY, which lists the guilds, came to the worker before. */
    @Test
    void aWorkerThatResumesDoesNotMakeTheGuildsForgotten() {
        ready(10, "a", 5);
        table.workerLost(0);
        table.update(update(10, ShardState.SHARD_STATE_READY).setSession(session("a", 5)).build());
        assertThat(status(10).getGuilds()).isEqualTo(2);
        table.update(update(10, ShardState.SHARD_STATE_READY).setSession(session("b", 1)).build());
        assertThat(status(10).getGuilds()).isZero();
    }

    @Test
    void sinceMovesWithTheStateAndNotWithItsReason() {
        ready(10, "a", 5);
        long since = status(10).getSinceMs();
        now = now.plusSeconds(60);
        table.update(
                update(10, ShardState.SHARD_STATE_READY)
                        .setReason("guilds are here")
                        .setSession(session("a", 5))
                        .build());
        assertThat(status(10).getSinceMs()).isEqualTo(since);
        assertThat(status(10).getReason()).isEqualTo("guilds are here");

        table.update(update(10, ShardState.SHARD_STATE_BACKOFF).setReason("op 7").build());
        assertThat(status(10).getSinceMs()).isEqualTo(since + 60_000);
    }

    @Test
    void knowsTheBotOnceAShardIsReady() {
        assertThat(table.user()).isEmpty();
        table.update(
                update(10, ShardState.SHARD_STATE_READY).setUserId(7).setUserName("bot").build());
        ready(11, "b", 1);
        assertThat(table.user()).contains(new BotUser(7, "bot"));
    }

    @ParameterizedTest
    @CsvSource({
        "4004,TOKEN_REFUSED,token",
        "4010,DISCORD_REFUSED,--first",
        "4011,DISCORD_REFUSED,--max-shards",
        "4012,DISCORD_REFUSED,update",
        "4013,DISCORD_REFUSED,--intents",
        "4014,DISCORD_REFUSED,portal"
    })
    void saysWhatToDoWhenDiscordRefusesForGood(int code, ExitCode exit, String advice) {
        table.update(update(11, ShardState.SHARD_STATE_FATAL).setCloseCode(code).build());
        table.update(update(12, ShardState.SHARD_STATE_FATAL).setCloseCode(4010).build());

        FatalClose fatal = table.fatal().orElseThrow();
        assertThat(fatal.shardId()).isEqualTo(11);
        assertThat(fatal.exitCode()).isEqualTo(exit);
        assertThat(fatal.message() + fatal.advice()).contains(advice).contains("" + code);
        assertThat(fatal.toUserError()).hasMessage(fatal.message());
        assertThat(table.problems(now)).first().asString().contains(fatal.message());

        table.workerLost(0);
        assertThat(status(11).getState()).isEqualTo(ShardState.SHARD_STATE_FATAL);
    }

    @ParameterizedTest
    @CsvSource({"1000", "1006", "4000", "4008", "4009", "4999"})
    void otherCloseCodesAreNotFatal(int code) {
        table.update(update(11, ShardState.SHARD_STATE_BACKOFF).setCloseCode(code).build());
        assertThat(table.fatal()).isEmpty();
    }

    /** P5: a limit that was crossed is said loudly. */
    @Test
    void saysThatALimitWasCrossed() {
        table.update(update(11, ShardState.SHARD_STATE_BACKOFF).setCloseCode(4008).build());
        assertThat(table.problems(now)).singleElement().asString().contains("4008");
    }

    @Test
    void aShardThatIsSilentWhileItsSiblingsAreNotIsAProblem() {
        for (int id = 10; id <= 13; id++) {
            ready(id, "s" + id, 1);
        }
        now = now.plus(Duration.ofMinutes(11));
        for (int id = 10; id <= 12; id++) {
            dispatchAt(id, now.minusSeconds(1));
        }
        assertThat(table.problems(now))
                .singleElement()
                .asString()
                .contains("shard 13")
                .contains("gw restart --shard 13");

        dispatchAt(13, now);
        assertThat(table.problems(now)).isEmpty();
    }

    @Test
    void aQuietNightIsNoProblem() {
        for (int id = 10; id <= 13; id++) {
            ready(id, "s" + id, 1);
        }
        now = now.plus(Duration.ofHours(3));
        assertThat(table.problems(now)).isEmpty();
        dispatchAt(10, now);
        assertThat(table.problems(now)).isEmpty();
    }

    @Test
    void refusesWhatIsNotInThePlan() {
        assertThat(table.update(update(9, ShardState.SHARD_STATE_READY).build())).isFalse();
        assertThat(table.update(update(-1, ShardState.SHARD_STATE_FATAL).build())).isFalse();
        assertThat(table.facts(ShardFacts.newBuilder().setShardId(15).build())).isFalse();
        assertThat(table.fatal()).isEmpty();
        assertThat(table.contains(9)).isFalse();
    }

    @Test
    void takesNoSessionThatCouldNotBeResumed() {
        ready(10, "a", 5);
        table.update(update(10, ShardState.SHARD_STATE_READY).setSession(session("", 3)).build());
        table.update(update(10, ShardState.SHARD_STATE_READY).setSession(session("x", -3)).build());
        table.facts(ShardFacts.newBuilder().setShardId(10).setDurableSequence(-9).build());

        assertThat(status(10).getSession()).isEqualTo(session("a", 5));
    }

    @Test
    void showsPlacesInTheIdentifyQueueAndGuilds() {
        table.update(
                update(10, ShardState.SHARD_STATE_QUEUED)
                        .setGuilds(4)
                        .setGuildsUnavailable(1)
                        .build());
        ShardStatus status = table.statuses(id -> id == 10 ? 3 : 0).getFirst();
        assertThat(status.getQueuePosition()).isEqualTo(3);
        assertThat(status.getGuilds()).isEqualTo(4);
        assertThat(status.getGuildsUnavailable()).isEqualTo(1);
    }

    private void ready(int shard, String session, long sequence) {
        assertThat(
                        table.update(
                                update(shard, ShardState.SHARD_STATE_READY)
                                        .setReason("READY")
                                        .setGuilds(2)
                                        .setSession(session(session, sequence))
                                        .build()))
                .isTrue();
    }

    private void dispatchAt(int shard, Instant when) {
        table.facts(
                ShardFacts.newBuilder()
                        .setShardId(shard)
                        .setLastDispatchMs(when.toEpochMilli())
                        .build());
    }

    private ShardStatus status(int shard) {
        return table.statuses(_ -> 0).stream()
                .filter(it -> it.getShardId() == shard)
                .findFirst()
                .orElseThrow();
    }

    private static long sequence(ShardAssignment assignment) {
        return assignment.getSession().getSequence();
    }

    private static ShardUpdate.Builder update(int shard, ShardState state) {
        return ShardUpdate.newBuilder().setShardId(shard).setState(state);
    }

    private static GatewaySession session(String id, long sequence) {
        return GatewaySession.newBuilder()
                .setSessionId(id)
                .setResumeUrl("wss://resume.example")
                .setSequence(sequence)
                .build();
    }
}
