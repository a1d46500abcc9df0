package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.fault.Fault;
import gw.sim.gateway.SimEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** The REST routes by which a bot answers interactions, over HTTP. */
class InteractionRoutesTest {
    private static final String CALLBACK = "/api/v10/interactions/1/tok/callback";
    private static final String WEBHOOK = "/api/v10/webhooks/7/tok";
    private static final String DEFER = "{\"type\":5,\"data\":{\"flags\":64}}";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static TestSim simWithInteraction() throws IOException {
        TestSim sim = new TestSim(TestSim.settings());
        RawClient client = sim.ready(0, 1);
        String data = "{\"id\":\"1\",\"application_id\":\"7\",\"type\":2,\"token\":\"tok\"}";
        sim.discord()
                .emit(new SimEvent("INTERACTION_CREATE", 0, data.getBytes(StandardCharsets.UTF_8)));
        assertThat(client.nextOp(0).d().path("token").asString()).isEqualTo("tok");
        return sim;
    }

    private static void assertRefused(HttpResponse<String> response, int status, int code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode body = JSON.readTree(response.body());
        assertThat(body.path("code").asInt()).isEqualTo(code);
        assertThat(body.path("message").asString()).isNotEmpty();
    }

    @Test
    void aDeferredAnswerIsFollowedByTheWebhook() throws Exception {
        try (TestSim sim = simWithInteraction()) {
            assertRefused(sim.send("POST", WEBHOOK, "{\"content\":\"hi\"}"), 404, 10015);
            HttpResponse<String> taken = sim.send("POST", CALLBACK, DEFER);
            assertThat(taken.statusCode()).isEqualTo(204);
            assertThat(taken.headers().firstValue("x-ratelimit-limit")).hasValue("5");
            assertThat(taken.headers().firstValue("x-ratelimit-remaining")).hasValue("4");
            assertRefused(sim.send("POST", CALLBACK, DEFER), 400, 40060);
            String original = WEBHOOK + "/messages/@original";
            HttpResponse<String> edited = sim.send("PATCH", original, "{\"content\":\"done\"}");
            assertThat(edited.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(edited.body()).path("content").asString()).isEqualTo("done");
            assertThat(sim.send("POST", WEBHOOK, "{\"content\":\"hi\"}").statusCode())
                    .isEqualTo(200);
            assertThat(sim.discord().stats().interactions().followUps()).isEqualTo(2);
            assertThat(sim.discord().stats().violations()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /api/v10/interactions/1/tok/callback | '' | 400 | 50035",
                "POST | /api/v10/interactions/1/tok/callback | [5] | 400 | 50035",
                "POST | /api/v10/interactions/1/tok/callback | {\"type\":\"5\"} | 400 | 50035",
                "POST | /api/v10/interactions/1/tok/callback | {\"type\":3} | 400 | 50035",
                "POST | /api/v10/interactions/1/tok/callback | {\"type\":6} | 400 | 50035",
                "POST | /api/v10/interactions/1/tok/callback | {\"type\":5,\"data\":{\"flags\":1}}"
                        + " | 400 | 50035",
                "POST | /api/v10/interactions/2/tok/callback | {\"type\":5} | 404 | 10062",
                "POST | /api/v10/interactions/1/no/callback | {\"type\":5} | 404 | 10062",
                "GET | /api/v10/interactions/1/tok/callback | {} | 405 | 0",
                "POST | /api/v10/interactions/1/tok | {} | 404 | 0",
                "POST | /api/v10/webhooks/7/no | {\"content\":\"a\"} | 404 | 10015",
                "PATCH | /api/v10/webhooks/7/tok | {} | 405 | 0"
            })
    void wrongCallsAreRefusedInDiscordsWords(
            String method, String path, String body, int status, int code) throws Exception {
        try (TestSim sim = simWithInteraction()) {
            assertRefused(sim.send(method, path, body), status, code);
        }
    }

    @Test
    void aCallWithoutJsonIsABadForm() throws Exception {
        try (TestSim sim = simWithInteraction()) {
            assertRefused(sim.call("POST", CALLBACK, ""), 400, 50035);
        }
    }

    @Test
    void theLimitIsTheInteractionsOwn() throws Exception {
        try (TestSim sim = simWithInteraction()) {
            for (int i = 0; i < 5; i++) {
                assertRefused(sim.send("POST", CALLBACK, "{}"), 400, 50035);
            }
            HttpResponse<String> limited = sim.send("POST", CALLBACK, DEFER);
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(limited.headers().firstValue("retry-after")).isPresent();
            assertThat(JSON.readTree(limited.body()).path("retry_after").asDouble())
                    .isBetween(0.0, 2.0);
            assertThat(sim.discord().stats().violations()).isEmpty();
            assertThat(sim.send("POST", CALLBACK, DEFER).statusCode()).isEqualTo(429);
            assertThat(sim.violations("rest_too_fast")).isEqualTo(1);
            // Others are not held up by it.
            for (int i = 0; i < 10; i++) {
                assertThat(
                                sim.call("GET", "/api/v10/gateway/bot", "Bot " + sim.token())
                                        .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void faultsAnswerTheNextCallsOfThisKindAlone() throws Exception {
        try (TestSim sim = simWithInteraction()) {
            sim.discord().inject(Fault.named("interaction-503"));
            sim.discord().inject(Fault.named("interaction-429"));
            assertThat(sim.call("GET", "/api/v10/gateway", "").statusCode()).isEqualTo(200);
            assertThat(sim.send("POST", CALLBACK, DEFER).statusCode()).isEqualTo(503);
            HttpResponse<String> limited = sim.send("POST", CALLBACK, DEFER);
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(JSON.readTree(limited.body()).path("retry_after").asDouble()).isEqualTo(0.5);
        }
    }
}
