package gw.supervisor.plan;

import gw.model.SessionStartLimit;
import gw.supervisor.json.JsonTree;
import gw.supervisor.state.SmallFile;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What Discord last said to {@code /gateway/bot}, on disk: workers that live on need not wait for
 * it to say it again. Of one bot and one API; what was said to another is not used. Used by one
 * thread at a time.
 */
public final class PlanCache {
    private static final int VERSION = 1;

    private final SmallFile file;
    private final String bot;
    private final URI apiUrl;
    private final InstantSource clock;

    /**
     * The cache of one bot.
     *
     * @param bot names the bot, and is no secret; empty: unknown
     * @param apiUrl who was asked
     * @param clock for what is left until the limit's reset
     */
    public PlanCache(SmallFile file, String bot, URI apiUrl, InstantSource clock) {
        this.file = file;
        this.bot = bot;
        this.apiUrl = apiUrl;
        this.clock = clock;
    }

    /**
     * The answer, with the limit's reset as far away as it is now; empty: none that can be used.
     */
    public Optional<GatewayBot> read() {
        try {
            Optional<byte[]> content = file.read();
            return content.isPresent() ? parse(JsonTree.read(content.get())) : Optional.empty();
        } catch (IOException
                | JacksonException
                | IllegalArgumentException
                | ArithmeticException e) {
            // Discord is asked, as it would be without the file.
            return Optional.empty();
        }
    }

    private Optional<GatewayBot> parse(JsonNode root) {
        if (root.path("version").asInt(0) != VERSION
                || !root.path("bot").asString("").equals(bot)
                || !root.path("apiUrl").asString("").equals(apiUrl.toString())) {
            return Optional.empty();
        }
        Instant resetsAt = Instant.ofEpochMilli(root.path("resetsAtMs").asLong());
        Duration left = Duration.between(clock.instant(), resetsAt);
        return Optional.of(
                new GatewayBot(
                        URI.create(root.path("url").asString()),
                        root.path("shards").asInt(),
                        new SessionStartLimit(
                                root.path("total").asInt(),
                                root.path("remaining").asInt(),
                                left.isNegative() ? Duration.ZERO : left,
                                root.path("maxConcurrency").asInt())));
    }

    /**
     * Forgets it: no session is left that belongs to its shard count.
     *
     * @throws IOException when it can't be removed
     */
    public void forget() throws IOException {
        file.remove();
    }

    /**
     * Keeps an answer.
     *
     * @throws IOException when it can't be written
     */
    public void write(GatewayBot answer) throws IOException {
        SessionStartLimit limit = answer.limit();
        ObjectNode root = JsonTree.object();
        root.put("version", VERSION);
        root.put("bot", bot);
        root.put("apiUrl", apiUrl.toString());
        root.put("url", answer.url().toString());
        root.put("shards", answer.shards());
        root.put("total", limit.total());
        root.put("remaining", limit.remaining());
        root.put("resetsAtMs", clock.instant().plus(limit.resetAfter()).toEpochMilli());
        root.put("maxConcurrency", limit.maxConcurrency());
        file.replace(JsonTree.bytes(root));
    }
}
