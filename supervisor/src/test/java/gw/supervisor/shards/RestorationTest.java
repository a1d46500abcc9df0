package gw.supervisor.shards;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.Session;
import gw.model.ShardRange;
import gw.proto.v1.GatewaySession;
import gw.proto.v1.ShardAssignment;
import gw.proto.v1.ShardState;
import gw.proto.v1.ShardUpdate;
import gw.supervisor.log.KeptSession;
import gw.supervisor.plan.Cluster;
import gw.supervisor.plan.ShardPlan;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Sessions outlive every process (P4); one that can't go on is announced as a gap (P1). */
class RestorationTest {
    private static final Cluster CLUSTER = new Cluster(0, new ShardRange(0, 3, 4));
    private static final ShardPlan PLAN =
            new ShardPlan(CLUSTER.shards(), List.of(CLUSTER), Optional.empty());
    private static final long INTENTS = 513;

    @Test
    void whatFitsIsResumed() {
        Restoration restored =
                restore(kept(0, 4, INTENTS, "a", false), kept(3, 4, INTENTS, "d", false));
        assertThat(restored.sessions())
                .isEqualTo(
                        Map.of(
                                0,
                                new Session("a", "wss://resume.test", 7),
                                3,
                                new Session("d", "wss://resume.test", 7)));
        assertThat(restored.losses()).isEmpty();
        assertThat(restored.notices()).isEmpty();
        List<ShardAssignment> told = table(restored).assignmentsFor(CLUSTER);
        assertThat(told.get(0).getSession().getSessionId()).isEqualTo("a");
        assertThat(told.get(0).getSession().getSequence()).isEqualTo(7);
        assertThat(told.get(1).hasSession()).isFalse();
        assertThat(told.get(3).getSession().getSessionId()).isEqualTo("d");
    }

    @Test
    void whatIsOverIsAnnounced() {
        Restoration restored = restore(kept(1, 4, INTENTS, "b", true));
        ShardTable table = table(restored);
        ShardAssignment told = table.assignmentsFor(CLUSTER).get(1);
        assertThat(told.hasSession()).isFalse();
        assertThat(told.getLostSessionId()).isEqualTo("b");
        assertThat(table.hasLostSession(1)).isTrue();
        assertThat(table.sessionsLost()).as("the supervisor before counted it").isZero();
        assertThat(restored.notices()).isEmpty();
    }

    @Test
    void otherIntentsAreSaidAndAnnounced() {
        Restoration restored = restore(kept(1, 4, 1, "b", false), kept(2, 4, 1, "c", false));
        assertThat(restored.sessions()).isEmpty();
        assertThat(restored.losses()).isEqualTo(Map.of(1, "b", 2, "c"));
        assertThat(restored.notices())
                .containsExactly("intents changed: 2 sessions are not resumed");
        assertThat(table(restored).sessionsLost()).isEqualTo(2);
    }

    /** Its guilds may be another shard's now; the bot is told that events may be missing. */
    @Test
    void anotherCountIsSaidAndAnnounced() {
        Restoration restored =
                restore(kept(1, 8, INTENTS, "b", false), kept(2, 8, INTENTS, "c", true));
        assertThat(restored.sessions()).isEmpty();
        assertThat(restored.losses()).isEqualTo(Map.of(1, "b"));
        assertThat(restored.notices())
                .containsExactly("the shard count is 4 now: 1 session is not resumed");
    }

    @Test
    void theLastOfAShardCountsAndNonsenseDoesNot() {
        Restoration restored =
                restore(
                        kept(0, 4, INTENTS, "old", true),
                        kept(0, 4, INTENTS, "new", false),
                        kept(1, 4, INTENTS, "", false),
                        kept(9, 10, INTENTS, "other machine", false),
                        new KeptSession(2, 4, INTENTS, "c", "", -1, false));
        assertThat(restored.sessions())
                .isEqualTo(Map.of(0, new Session("new", "wss://resume.test", 7)));
        assertThat(restored.losses()).isEmpty();
        assertThat(restored.notices()).isEmpty();
    }

    /** A worker that lived on knows better than the log. */
    @Test
    void aLivingWorkersWordWins() {
        ShardTable table =
                table(restore(kept(0, 4, INTENTS, "a", false), kept(1, 4, INTENTS, "b", true)));
        assertThat(
                        table.update(
                                ShardUpdate.newBuilder()
                                        .setShardId(0)
                                        .setState(ShardState.SHARD_STATE_READY)
                                        .setSession(session("a2"))
                                        .setLostSessionId("a")
                                        .build()))
                .isTrue();
        assertThat(
                        table.update(
                                ShardUpdate.newBuilder()
                                        .setShardId(1)
                                        .setState(ShardState.SHARD_STATE_READY)
                                        .setSession(session("b2"))
                                        .build()))
                .isTrue();
        List<ShardAssignment> told = table.assignmentsFor(CLUSTER);
        assertThat(told.get(0).getSession().getSessionId()).isEqualTo("a2");
        assertThat(told.get(1).getSession().getSessionId()).isEqualTo("b2");
        assertThat(told.get(1).getLostSessionId()).isEmpty();
    }

    /** It holds the same session: neither side may take it back to where it was. */
    @Test
    void theHigherSequenceOfOneSessionHolds() {
        ShardTable table = table(restore(kept(0, 4, INTENTS, "a", false)));
        var _ =
                table.update(
                        ShardUpdate.newBuilder()
                                .setShardId(0)
                                .setState(ShardState.SHARD_STATE_READY)
                                .setSession(session("a"))
                                .build());
        assertThat(table.assignmentsFor(CLUSTER).getFirst().getSession().getSequence())
                .isEqualTo(7);
    }

    private static GatewaySession session(String id) {
        return GatewaySession.newBuilder().setSessionId(id).setSequence(3).build();
    }

    private static Restoration restore(KeptSession... kept) {
        return Restoration.of(List.of(kept), PLAN, INTENTS);
    }

    private static KeptSession kept(
            int shardId, int count, long intents, String session, boolean ended) {
        return new KeptSession(shardId, count, intents, session, "wss://resume.test", 7, ended);
    }

    private static ShardTable table(Restoration restored) {
        ShardTable table =
                new ShardTable(PLAN, (_, _) -> OptionalLong.empty(), () -> Instant.EPOCH);
        table.restore(restored);
        return table;
    }
}
