package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.fault.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.http.HttpResponse;
import java.time.Duration;

/** Discord's REST routes and the sim's own. */
class RestTest {
    private static final String BOT = "Bot sim-token";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static JsonNode json(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        return JSON.readTree(response.body());
    }

    @Test
    void gatewayBotTellsWhereToConnectAndHowOften() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings().sized(4, 2, 10).limited(900, 800, 513))) {
            sim.ready(0, 4);
            HttpResponse<String> response = sim.call("GET", "/api/v10/gateway/bot", BOT);
            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode body = json(response);
            assertThat(body.path("url").asString()).isEqualTo(sim.url());
            assertThat(body.path("shards").asInt()).isEqualTo(4);
            JsonNode limit = body.path("session_start_limit");
            assertThat(limit.path("total").asInt()).isEqualTo(900);
            assertThat(limit.path("remaining").asInt()).isEqualTo(799);
            assertThat(limit.path("max_concurrency").asInt()).isEqualTo(2);
            assertThat(limit.path("reset_after").asLong())
                    .isBetween(86_000_000L, Duration.ofDays(1).toMillis());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v10/gateway/bot, '', 401",
        "GET, /api/v10/gateway/bot, sim-token, 401",
        "GET, /api/v10/gateway/bot, Bot other, 401",
        "GET, /api/v9/gateway/bot, Bot sim-token, 404",
        "GET, /api/gateway/bot, Bot sim-token, 404",
        "GET, /api/v10/users/@me, Bot sim-token, 404",
        "POST, /api/v10/gateway/bot, Bot sim-token, 405",
        "GET, /api/v10/gateway, '', 200"
    })
    void otherCallsAreAnsweredInJson(String method, String path, String token, int status)
            throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            HttpResponse<String> response = sim.call(method, path, token);
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(json(response).has(status == 200 ? "url" : "message")).isTrue();
        }
    }

    @Test
    void aFloodIsStoppedAndCounted() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            for (int i = 0; i < 10; i++) {
                assertThat(sim.call("GET", "/api/v10/gateway/bot", BOT).statusCode())
                        .isEqualTo(200);
            }
            assertThat(sim.discord().stats().violations()).isEmpty();
            assertThat(sim.call("GET", "/api/v10/gateway/bot", BOT).statusCode()).isEqualTo(429);
            assertThat(sim.violations("rest_too_fast")).isEqualTo(1);
        }
    }

    @Test
    void statusFaultsAnswerTheNextCalls() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            sim.discord().inject(new Fault.RestStatus(502, 2));
            sim.discord().inject(new Fault.RestStatus(429, 1));
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> broken = sim.call("GET", "/api/v10/gateway/bot", BOT);
                assertThat(broken.statusCode()).isEqualTo(502);
                assertThat(broken.body()).startsWith("<html>");
            }
            HttpResponse<String> limited = sim.call("GET", "/api/v10/gateway/bot", BOT);
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("retry-after")).hasValue("2");
            assertThat(json(limited).path("retry_after").asDouble()).isEqualTo(1.5);
            assertThat(sim.discord().stats().violations()).isEmpty();
            // Not waiting is a violation of its own.
            assertThat(sim.call("GET", "/api/v10/gateway/bot", BOT).statusCode()).isEqualTo(429);
            assertThat(sim.violations("rest_too_fast")).isEqualTo(1);
        }
    }

    @Test
    void adminRoutesInjectAndTell() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            JsonNode stats = json(sim.call("GET", "/sim/stats", ""));
            assertThat(stats.path("sessions").asInt()).isEqualTo(1);
            assertThat(stats.path("violations").isObject()).isTrue();
            JsonNode faults = json(sim.call("GET", "/sim/faults", ""));
            assertThat(faults.size()).isEqualTo(Fault.byName().size());
            assertThat(faults.path("reconnect").asString()).isEqualTo("op 7");
            assertThat(sim.call("POST", "/sim/rate/100", "").statusCode()).isEqualTo(200);
            assertThat(client.nextOp(0).name()).isEqualTo("MESSAGE_CREATE");
            assertThat(sim.call("POST", "/sim/rate/0", "").statusCode()).isEqualTo(200);
            assertThat(sim.call("POST", "/sim/faults/reconnect?shard=0", "").statusCode())
                    .isEqualTo(200);
            client.nextOp(7);
            assertThat(sim.call("POST", "/sim/faults/close-4321", "").statusCode()).isEqualTo(200);
            assertThat(client.closeCode()).isEqualTo(4321);
        }
    }

    @Test
    void theBotGrowsAndDiscordRecommendsMoreShards() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            HttpResponse<String> joined = sim.call("POST", "/sim/guilds/join/3", "");
            assertThat(json(joined).path("guilds").asInt()).isEqualTo(13);
            assertThat(client.dispatches(3)).allMatch(one -> one.name().equals("GUILD_CREATE"));
            assertThat(sim.call("POST", "/sim/shards/7", "").statusCode()).isEqualTo(200);
            JsonNode bot = json(sim.call("GET", "/api/v10/gateway/bot", BOT));
            assertThat(bot.path("shards").asInt()).isEqualTo(7);
            sim.discord().recommend(9);
            bot = json(sim.call("GET", "/api/v10/gateway/bot", BOT));
            assertThat(bot.path("shards").asInt()).isEqualTo(9);
            JsonNode stats = json(sim.call("GET", "/sim/stats", ""));
            assertThat(stats.path("sessionsByCount").path("1").asInt()).isEqualTo(1);
        }
    }

    @Test
    void theSessionStartLimitTellsItsOwnPeriod() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings().withStartReset(Duration.ofMinutes(10)))) {
            JsonNode bot = json(sim.call("GET", "/api/v10/gateway/bot", BOT));
            assertThat(bot.path("session_start_limit").path("reset_after").asLong())
                    .isBetween(500_000L, 600_000L);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /sim/faults/earthquake, 404",
        "POST, /sim/faults/reconnect, 400",
        "POST, /sim/faults/reconnect?shard=3, 400",
        "POST, /sim/faults/reconnect?shard=x, 400",
        "POST, /sim/rate/-1, 400",
        "POST, /sim/rate/NaN, 400",
        "POST, /sim/rate/much, 400",
        "POST, /sim/guilds/join/0, 400",
        "POST, /sim/guilds/join/x, 400",
        "POST, /sim/shards/0, 400",
        "POST, /sim/shards/99999, 400",
        "GET, /sim/guilds/join/1, 404",
        "GET, /sim/rate/1, 404",
        "GET, /sim/nothing, 404"
    })
    void adminErrorsSayWhatWasExpected(String method, String path, int status) throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            HttpResponse<String> response = sim.call(method, path, "");
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(json(response).path("error").asString()).isNotEmpty();
        }
    }
}
