package gw.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.SessionStartLimit;
import gw.supervisor.state.SmallFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** What Discord said is remembered for the same bot, and never more than what it said (P5). */
class PlanCacheTest {
    private static final URI API = URI.create("https://discord.test/api");
    private static final GatewayBot ANSWER =
            new GatewayBot(
                    URI.create("wss://gateway.test"),
                    8,
                    new SessionStartLimit(1000, 990, Duration.ofHours(3), 16));

    @TempDir private Path dir;
    private Instant now = Instant.parse("2026-11-25T12:00:00Z");

    @Test
    void givesTheAnswerBackAsItStandsNow() throws IOException {
        cache("1", API).write(ANSWER);
        now = now.plus(Duration.ofHours(1));
        assertThat(cache("1", API).read())
                .hasValue(
                        ANSWER.withLimit(
                                new SessionStartLimit(1000, 990, Duration.ofHours(2), 16)));
        now = now.plus(Duration.ofHours(5));
        assertThat(cache("1", API).read().orElseThrow().limit().resetAfter())
                .isEqualTo(Duration.ZERO);
    }

    @Test
    void isOfOneBotAndOneApi() throws IOException {
        assertThat(cache("1", API).read()).isEmpty();
        cache("1", API).write(ANSWER);
        assertThat(cache("2", API).read()).isEmpty();
        assertThat(cache("1", URI.create("https://proxy.test/api")).read()).isEmpty();
        assertThat(cache("1", API).read()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{\"version\":2}",
                "{\"version\":1,\"bot\":\"1\",\"apiUrl\":\"https://discord.test/api\"}",
                "{\"version\":1,\"bot\":\"1\",\"apiUrl\":\"https://discord.test/api\","
                        + "\"url\":\"http://no.gateway\",\"shards\":1,\"total\":1,\"remaining\":1,"
                        + "\"resetsAtMs\":1,\"maxConcurrency\":1}",
                "{\"version\":1,\"bot\":\"1\",\"apiUrl\":\"https://discord.test/api\","
                        + "\"url\":\"wss://gateway.test\",\"shards\":\"many\",\"total\":1,"
                        + "\"remaining\":1,\"resetsAtMs\":1,\"maxConcurrency\":1}",
                "{\"version\":1,\"bot\":\"1\",\"apiUrl\":\"https://discord.test/api\","
                        + "\"url\":\"wss://gateway.test\",\"shards\":1,\"total\":1,"
                        + "\"remaining\":5,\"resetsAtMs\":9223372036854775807,"
                        + "\"maxConcurrency\":1}"
            })
    void garbageIsNoAnswer(String content) throws IOException {
        Files.writeString(dir.resolve("plan.json"), content);
        assertThat(cache("1", API).read()).isEmpty();
    }

    private PlanCache cache(String bot, URI api) {
        return new PlanCache(new SmallFile(dir.resolve("plan.json")), bot, api, () -> now);
    }
}
