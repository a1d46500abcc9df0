package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Guilds that the bot joins and leaves, and guilds that are out of service. */
class GuildsTest {
    @Test
    void everySessionThatOwnsANewGuildIsTold() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient whole = sim.ready(0, 1);
            RawClient odd = sim.ready(1, 2);
            List<Long> before = sim.discord().guildIds();
            List<Long> joined = sim.discord().join(8);

            assertThat(joined).hasSize(8).isSorted().doesNotContainAnyElementsOf(before);
            assertThat(sim.discord().guildIds()).hasSize(18).isSorted().containsAll(joined);
            assertThat(ids(whole.dispatches(8))).isEqualTo(joined);
            List<Long> odds = joined.stream().filter(id -> (id >> 22) % 2 == 1).toList();
            assertThat(odds).isNotEmpty();
            assertThat(ids(odd.dispatches(odds.size()))).isEqualTo(odds);
            assertThat(sim.sent(odd.sessionId()).getLast().isOwn()).isFalse();
            assertThat(sim.ready(0, 1).sessionId()).isNotEmpty();
            assertThat(
                            sim.discord().ledger().events().stream()
                                    .filter(event -> event.name().equals("GUILD_CREATE")))
                    .hasSizeGreaterThan(18 + 8 + odds.size());
        }
    }

    private static List<Long> ids(List<RawClient.Payload> creates) {
        List<Long> ids = new ArrayList<>();
        for (RawClient.Payload one : creates) {
            assertThat(one.name()).isEqualTo("GUILD_CREATE");
            ids.add(one.d().path("id").asLong());
        }
        return ids;
    }

    @Test
    void oneSeedGivesTheSameNewGuilds() throws Exception {
        List<List<Long>> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (TestSim sim = new TestSim(TestSim.settings())) {
                runs.add(List.of());
                runs.set(i, sim.discord().join(5));
            }
        }
        assertThat(runs.getFirst()).isEqualTo(runs.getLast());
    }

    @Test
    void aGuildThatIsLeftIsGone() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            long guild = sim.discord().guildIds().getFirst();
            assertThat(sim.discord().leave(guild)).isTrue();
            RawClient.Payload delete = client.nextOp(0);
            assertThat(delete.name()).isEqualTo("GUILD_DELETE");
            assertThat(delete.d().toString()).isEqualTo("{\"id\":\"" + guild + "\"}");
            assertThat(sim.discord().guildIds()).hasSize(9).doesNotContain(guild);
            assertThat(sim.discord().leave(guild)).isFalse();
            assertThat(sim.ready(0, 1).sessionId()).isNotEmpty();
        }
    }

    @Test
    void anOutageIsNoRemoval() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            long guild = sim.discord().guildIds().getLast();
            assertThat(sim.discord().outage(guild, true)).isTrue();
            assertThat(sim.discord().outage(guild, true)).isFalse();
            assertThat(client.nextOp(0).d().toString())
                    .isEqualTo("{\"id\":\"" + guild + "\",\"unavailable\":true}");
            assertThat(sim.discord().guildIds()).contains(guild);

            // READY names it, and only nine guilds come.
            RawClient late = sim.connect();
            late.identify(sim.token(), 0, 1);
            assertThat(late.nextOp(0).d().path("guilds").size()).isEqualTo(10);
            assertThat(ids(late.dispatches(9))).doesNotContain(guild);
            assertThat(sim.discord().outage(guild, false)).isTrue();
            assertThat(ids(late.dispatches(1))).containsExactly(guild);
            assertThat(ids(client.dispatches(1))).containsExactly(guild);
            assertThat(sim.discord().outage(1, true)).isFalse();
        }
    }

    /** What the resharding of large bots is about: Discord's own limit. */
    @Test
    void aShardThatGrewBeyond2500GuildsIsRefused() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings().sized(1, 1, 2500))) {
            RawClient full = sim.ready(0, 1);
            sim.discord().join(1);
            RawClient again = sim.connect();
            again.resume(sim.token(), full.sessionId(), 1);
            assertThat(again.closeCode()).isEqualTo(4011);
            assertThat(sim.violations("shard")).isEqualTo(1);
            assertThat(sim.discord().ledger().lostSessions()).containsExactly(full.sessionId());
            RawClient sharded = sim.connect();
            sharded.identify(sim.token(), 1, 2);
            assertThat(sharded.awaitReady()).hasSizeGreaterThan(1000);
        }
    }

    /** The limit is each shard's own, not the average's. */
    @Test
    void theFullestShardIsRefused() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings().sized(2, 1, 5000))) {
            long even = sim.discord().guildIds().stream().filter(id -> (id >> 22) % 2 == 0).count();
            assertThat(even).isNotEqualTo(2500);
            RawClient over = sim.connect();
            over.identify(sim.token(), even > 2500 ? 0 : 1, 2);
            assertThat(over.closeCode()).isEqualTo(4011);
            RawClient under = sim.connect();
            under.identify(sim.token(), even > 2500 ? 1 : 0, 2);
            assertThat(under.nextOp(0).name()).isEqualTo("READY");
        }
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            assertThatThrownBy(() -> sim.discord().join(0))
                    .hasMessage("guilds: 0 (expected: >= 1)");
            assertThatThrownBy(() -> sim.discord().recommend(0))
                    .hasMessage("shards: 0 (expected: >= 1)");
        }
    }
}
