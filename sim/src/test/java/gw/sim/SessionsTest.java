package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import gw.sim.fault.Fault;
import gw.sim.gateway.AbandonedSession;
import gw.sim.gateway.GatewayTimings;
import gw.sim.gateway.SimEvent;
import gw.sim.gateway.SimSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Sessions: what they get, what they replay, when they end. */
class SessionsTest {
    @Test
    void identifyGivesReadyThenEveryGuildOfTheShard() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.connect();
            client.identify(sim.token(), 1, 2);
            List<RawClient.Payload> all = client.awaitReady();

            RawClient.Payload ready = all.getFirst();
            assertThat(ready.sequence()).isEqualTo(1);
            assertThat(ready.d().path("v").asInt()).isEqualTo(10);
            assertThat(ready.d().path("session_id").asString()).matches("[0-9a-f]{32}");
            assertThat(ready.d().path("resume_gateway_url").asString())
                    .startsWith("ws://127.0.0.1:")
                    .isNotEqualTo(sim.url());
            assertThat(ready.d().path("shard").toString()).isEqualTo("[1,2]");
            assertThat(ready.d().path("application").path("id").asString()).matches("[0-9]+");
            List<Long> own =
                    sim.discord().guildIds().stream().filter(id -> (id >> 22) % 2 == 1).toList();
            assertThat(own).isNotEmpty().hasSizeLessThan(10);
            for (int i = 0; i < own.size(); i++) {
                RawClient.Payload guild = all.get(1 + i);
                assertThat(guild.name()).isEqualTo("GUILD_CREATE");
                assertThat(guild.sequence()).isEqualTo(2 + i);
                assertThat(guild.d().path("id").asLong()).isEqualTo(own.get(i));
            }
            sim.assertExactly(all, client.sessionId(), 0);
        }
    }

    @Test
    void heartbeatsAreAcknowledged() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.connect();
            client.send("{\"op\":1,\"d\":null}");
            assertThat(client.next().op()).isEqualTo(11);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resumeReplaysExactlyWhatCameAfterItsSequence(boolean viaResumeHost) throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient first = sim.connect();
            first.identify(sim.token(), 0, 1);
            List<RawClient.Payload> ready = first.awaitReady();
            String resumeUrl = ready.getFirst().d().path("resume_gateway_url").asString();
            sim.discord().burst(20).get(5, TimeUnit.SECONDS);
            first.dispatches(20);
            first.heartbeat(15);
            first.nextOp(11);
            first.vanish();
            TestSim.await(() -> sim.discord().stats().connections() == 0);
            sim.discord().burst(30).get(5, TimeUnit.SECONDS);

            RawClient second = sim.connect(viaResumeHost ? resumeUrl : sim.url(), TestSim.QUERY);
            second.resume(sim.token(), first.sessionId(), 18);
            List<RawClient.Payload> replayed = second.dispatches(11 + 20 + 30 - 18 + 1);

            sim.assertExactly(replayed, first.sessionId(), 18);
            assertThat(replayed.getLast().name()).isEqualTo("RESUMED");
            assertThat(replayed.getLast().sequence()).isEqualTo(62);
            sim.discord().emit(0);
            assertThat(second.nextOp(0).sequence()).isEqualTo(63);
            assertThat(sim.discord().stats().identifies()).isEqualTo(1);
            assertThat(sim.discord().stats().resumes()).isEqualTo(1);
            assertThat(sim.discord().stats().violations()).isEmpty();
        }
    }

    /**
     * Far more than a socket takes at once: its room comes and goes while the replay is written.
     */
    @Test
    void aLongReplayIsExact() throws Exception {
        int events = 20_000;
        try (TestSim sim = new TestSim(replaying(2 * events))) {
            RawClient first = sim.ready(0, 1);
            first.vanish();
            TestSim.await(() -> sim.discord().stats().connections() == 0);
            byte[] data = ("\"" + "x".repeat(500) + "\"").getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < events; i++) {
                sim.discord().emit(new SimEvent("LONG", 0, data));
            }
            TestSim.await(() -> sim.discord().stats().sent() >= 11 + events);
            RawClient second = sim.connect();
            second.resume("t", first.sessionId(), 11);
            sim.assertExactly(second.dispatches(events + 1), first.sessionId(), 11);
            sim.discord().emit(0);
            assertThat(second.nextOp(0).sequence()).isEqualTo(11 + events + 2);
        }
    }

    /** P4: an old connection that nobody closed must not cost the session. */
    @Test
    void resumeTakesTheSessionFromItsOldConnection() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient first = sim.ready(0, 1);
            RawClient second = sim.connect();
            second.resume(sim.token(), first.sessionId(), 11);
            assertThat(second.nextOp(0).name()).isEqualTo("RESUMED");
            assertThat(first.end()).isEqualTo("closed");
            sim.discord().emit(0);
            assertThat(second.nextOp(0).sequence()).isEqualTo(13);
        }
    }

    @Test
    void resumeFromBeforeAnAcknowledgedHeartbeatIsRefused() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient first = sim.ready(0, 1);
            first.heartbeat(8);
            first.nextOp(11);
            RawClient second = sim.connect();
            second.resume(sim.token(), first.sessionId(), 7);
            assertThat(second.nextOp(9).d().asBoolean()).isFalse();
            assertThat(sim.discord().ledger().lostSessions()).containsExactly(first.sessionId());
            assertThat(sim.discord().stats().sessionsEnded()).isEqualTo(1);
            second.identify(sim.token(), 0, 1);
            assertThat(second.awaitReady()).hasSize(11);
        }
    }

    @Test
    void resumeOfMoreThanTheReplayBufferHoldsIsRefused() throws Exception {
        try (TestSim sim = new TestSim(replaying(40))) {
            RawClient first = sim.ready(0, 1);
            first.vanish();
            TestSim.await(() -> sim.discord().stats().connections() == 0);
            for (int i = 0; i < 41; i++) {
                sim.discord().emit(0);
            }
            RawClient second = sim.connect();
            second.resume("t", first.sessionId(), 11);
            assertThat(second.nextOp(9).d().asBoolean()).isFalse();
            assertThat(sim.discord().ledger().lostSessions()).containsExactly(first.sessionId());
        }
    }

    /** P7: who doesn't read loses the session, not the sim its memory. */
    @Test
    void aClientThatDoesNotReadLosesItsSession() throws Exception {
        try (TestSim sim = new TestSim(replaying(20))) {
            RawClient client = sim.ready(0, 1);
            client.stopReading();
            byte[] large = ("\"" + "x".repeat(1024 * 1024) + "\"").getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 60; i++) {
                sim.discord().emit(new SimEvent("LARGE", 0, large));
            }
            TestSim.await(() -> sim.discord().stats().sessionsEnded() == 1);
            assertThat(sim.discord().ledger().lostSessions()).containsExactly(client.sessionId());
        }
    }

    private static SimSettings replaying(int events) {
        return new SimSettings(
                1,
                0,
                "t",
                1,
                1,
                1000,
                1000,
                Duration.ZERO,
                Duration.ofSeconds(41),
                SimSettings.KNOWN_INTENTS,
                10,
                events,
                100_000,
                Duration.ZERO,
                Duration.ofDays(1));
    }

    @Test
    void unknownSessionIsRefused() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.connect();
            client.resume(sim.token(), "0123456789abcdef0123456789abcdef", 1);
            assertThat(client.nextOp(9).d().asBoolean()).isFalse();
        }
    }

    /** P4: only 1000 and 1001 say goodbye. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 4200, 1011})
    void onlyGoodbyeEndsTheSession(int code) throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient first = sim.ready(0, 1);
            first.close(code);
            first.end();
            TestSim.await(() -> sim.discord().stats().connections() == 0);
            boolean goodbye = code <= 1001;
            assertThat(sim.violations("session_ended_by_client")).isEqualTo(goodbye ? 1 : 0);
            RawClient second = sim.connect();
            second.resume(sim.token(), first.sessionId(), 11);
            assertThat(second.next().op()).isEqualTo(goodbye ? 9 : 0);
            // What the client gave up is still owed.
            assertThat(sim.discord().ledger().lostSessions()).isEmpty();
        }
    }

    @Test
    void goodbyeWithoutASessionIsFree() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.connect();
            client.close(1000);
            assertThat(client.end()).isEqualTo("closed");
            assertThat(sim.discord().stats().violations()).isEmpty();
        }
    }

    @Test
    void aSessionWithoutConnectionExpires() throws Exception {
        GatewayTimings hasty =
                new GatewayTimings(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2));
        try (TestSim sim = new TestSim(TestSim.settings(), hasty)) {
            RawClient client = sim.ready(0, 1);
            client.vanish();
            TestSim.await(() -> sim.discord().stats().sessions() == 0);
            assertThat(sim.discord().ledger().lostSessions()).containsExactly(client.sessionId());
            assertThat(sim.discord().stats().sessionsEnded()).isEqualTo(1);
        }
    }

    /** Resharding without a gap rests on this. */
    @Test
    void severalShardCountsLiveSideBySide() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient whole = sim.ready(0, 1);
            RawClient twin = sim.ready(0, 1);
            RawClient even = sim.ready(0, 2);
            RawClient odd = sim.ready(1, 2);
            long oddGuild =
                    sim.discord().guildIds().stream()
                            .filter(id -> (id >> 22) % 2 == 1)
                            .findFirst()
                            .orElseThrow();
            byte[] data = ("{\"guild_id\":\"" + oddGuild + "\"}").getBytes(StandardCharsets.UTF_8);
            sim.discord().emit(new SimEvent("TYPING_START", oddGuild, data));
            sim.discord().emit(new SimEvent("USER_UPDATE", 0, data));

            assertThat(List.of(whole.nextOp(0).name(), whole.nextOp(0).name()))
                    .containsExactly("TYPING_START", "USER_UPDATE");
            assertThat(List.of(twin.nextOp(0).name(), twin.nextOp(0).name()))
                    .containsExactly("TYPING_START", "USER_UPDATE");
            assertThat(odd.nextOp(0).name()).isEqualTo("TYPING_START");
            assertThat(even.nextOp(0).name()).isEqualTo("USER_UPDATE");
            assertThat(sim.discord().stats().sessions()).isEqualTo(4);
        }
    }

    /** P1: what the client gets is, byte for byte, what the ledger holds. */
    @ParameterizedTest
    @ValueSource(strings = {"", "payload", "zlib-stream", "zstd-stream"})
    void everyCompressionCarriesTheExactBytes(String compression) throws Exception {
        boolean payload = compression.equals("payload");
        String query =
                compression.isEmpty() || payload
                        ? TestSim.QUERY
                        : TestSim.QUERY + "&compress=" + compression;
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.connect(sim.url(), query);
            client.send(
                    RawClient.identifyJson(sim.token(), 0, 1, payload ? "\"compress\":true," : ""));
            List<RawClient.Payload> got = new ArrayList<>(client.awaitReady());
            byte[] large =
                    ("{\"content\":\"" + "éx".repeat(200_000) + "\"}")
                            .getBytes(StandardCharsets.UTF_8);
            sim.discord().emit(new SimEvent("LARGE", 0, large));
            sim.discord().burst(200).get(5, TimeUnit.SECONDS);
            got.addAll(client.dispatches(201));
            sim.discord().inject(new Fault.SplitFrames(Duration.ofSeconds(60)));
            sim.discord().emit(new SimEvent("LARGE", 0, large));
            sim.discord().burst(200).get(5, TimeUnit.SECONDS);
            got.addAll(client.dispatches(201));
            sim.assertExactly(got, client.sessionId(), 0);
        }
    }

    @Test
    void oneSeedGivesOneRun() throws Exception {
        assertThat(run(7)).isEqualTo(run(7)).isNotEqualTo(run(8));
    }

    /** Guilds, sessions, events and the shards that faults strike. */
    private static List<String> run(long seed) throws Exception {
        List<String> seen = new ArrayList<>();
        try (TestSim sim = new TestSim(TestSim.settings().withSeed(seed))) {
            sim.discord().guildIds().forEach(id -> seen.add("guild " + id));
            List<RawClient> clients = new ArrayList<>();
            for (int shard = 0; shard < 4; shard++) {
                RawClient client = sim.ready(shard, 4);
                seen.add("session " + client.sessionId());
                clients.add(client);
            }
            sim.discord().burst(50).get(5, TimeUnit.SECONDS);
            // READY names a port, which no seed chooses.
            sim.discord().ledger().events().stream()
                    .filter(event -> event.sequence() > 1)
                    .forEach(event -> seen.add(event.id() + " " + event.payloadHash()));
            for (int i = 0; i < 3; i++) {
                sim.discord().inject(new Fault.CloseCode(4000));
                int before = 4 - i;
                TestSim.await(() -> sim.discord().stats().connections() == before - 1);
            }
            clients.forEach(client -> seen.add("open " + client.isOpen()));
        }
        return seen;
    }

    @Test
    void guildIdsAreSnowflakesSpreadOverAllShards() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings().sized(16, 1, 1000))) {
            List<Long> ids = sim.discord().guildIds();
            assertThat(ids).hasSize(1000).isSorted().doesNotHaveDuplicates();
            assertThat(ids).allMatch(id -> id > 1L << 56 && id < 1L << 61);
            Set<Long> shards = new HashSet<>();
            ids.forEach(id -> shards.add((id >> 22) % 16));
            assertThat(shards).hasSize(16);
        }
    }

    @Test
    void rateIsKeptAndStops() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            long start = System.nanoTime();
            sim.discord().rate(1000);
            client.dispatches(500);
            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(seconds).isBetween(0.4, 10.0);
            sim.discord().rate(0);
            long sent = sim.discord().stats().sent();
            sim.discord().emit(0);
            assertThat(sim.discord().stats().sent()).isEqualTo(sent + 1);
        }
    }

    /** P7: a full-speed stream waits for a reader that is slow, and loses nothing. */
    @Test
    void fullSpeedWaitsForTheSockets() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            sim.discord().rate(Double.POSITIVE_INFINITY);
            List<RawClient.Payload> got = client.dispatches(10_000);
            sim.discord().rate(0);
            for (int i = 0; i < got.size(); i++) {
                assertThat(got.get(i).sequence()).isEqualTo(12 + i);
            }
            assertThat(sim.discord().stats().sessionsEnded()).isZero();
        }
    }

    @Test
    void aBurstWaitsForASession() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            var done = sim.discord().burst(5);
            RawClient client = sim.ready(0, 1);
            client.dispatches(5);
            assertThat(done).succeedsWithin(RawClient.PATIENCE);
        }
    }

    /** P4: who counts identifies must know which of them answered nothing but a lost READY. */
    @Test
    void tellsASessionWhoseClientNeverKnewItFromOneThatWasThrownAway() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient unaware = sim.ready(0, 1);
            vanish(sim, unaware);
            RawClient aware = sim.ready(0, 1);
            aware.heartbeat(1);
            assertThat(aware.nextOp(11).op()).isEqualTo(11);
            vanish(sim, aware);
            RawClient last = sim.ready(0, 1);
            assertThat(sim.discord().abandoned())
                    .extracting(AbandonedSession::sessionId, AbandonedSession::acknowledged)
                    .containsExactly(
                            tuple(unaware.sessionId(), false), tuple(aware.sessionId(), true));

            // The end of a session forces an identify, unless it was replaced already.
            RawClient late = sim.connect();
            late.resume(sim.token(), unaware.sessionId(), 99);
            assertThat(late.closeCode()).isEqualTo(4007);
            assertThat(sim.discord().stats().sessionsEnded()).isZero();
            sim.discord().inject(new Fault.CloseCode(4009), 0);
            assertThat(last.closeCode()).isEqualTo(4009);
            assertThat(sim.discord().stats().sessionsEnded()).isEqualTo(1);
            assertThat(sim.discord().stats().identifies()).isEqualTo(3);
        }
    }

    private static void vanish(TestSim sim, RawClient client) {
        client.vanish();
        TestSim.await(() -> sim.discord().stats().connections() == 0);
    }
}
