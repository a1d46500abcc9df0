package gw.supervisor.plan;

import gw.model.ShardRange;
import gw.supervisor.json.JsonTree;
import gw.supervisor.plan.Generations.Coming;
import gw.supervisor.plan.Generations.Ended;
import gw.supervisor.plan.Generations.Wanted;
import gw.supervisor.state.SmallFile;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** {@link Generations} on disk, of one bot. Used by one thread at a time. */
public final class GenerationsFile {
    private static final int VERSION = 1;
    private static final int MOST = 1 << 20;

    private final SmallFile file;
    private final String bot;

    /**
     * The file of one bot.
     *
     * @param bot names the bot, and is no secret; empty: unknown
     */
    public GenerationsFile(SmallFile file, String bot) {
        this.file = file;
        this.bot = bot;
    }

    /** Where it is. */
    public Path path() {
        return file.path();
    }

    /**
     * What was kept; empty: nothing, or of another bot.
     *
     * @param problems takes a line when it can't be read; it then counts as nothing
     */
    public Optional<Generations> read(Consumer<String> problems) {
        try {
            Optional<byte[]> content = file.read();
            return content.isPresent() ? parse(JsonTree.read(content.get())) : Optional.empty();
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            problems.accept(
                    file.path()
                            + " is ignored ("
                            + (e instanceof JacksonException ? "it is not JSON" : e.getMessage())
                            + "): the shard count is the configuration's again");
            return Optional.empty();
        }
    }

    private Optional<Generations> parse(JsonNode root) {
        if (root.path("version").asInt(0) != VERSION) {
            throw new IllegalArgumentException("it is not of this version of gw");
        }
        if (!root.path("bot").asString("").equals(bot)) {
            return Optional.empty();
        }
        JsonNode coming = root.path("coming");
        JsonNode wanted = root.path("wanted");
        return Optional.of(
                new Generations(
                        spec(root.path("serving")),
                        coming.isObject()
                                ? Optional.of(
                                        new Coming(
                                                spec(coming),
                                                whole(coming, "switchAtMs", Long.MAX_VALUE),
                                                whole(coming, "startedAtMs", Long.MAX_VALUE),
                                                coming.path("ordered").asBoolean(false),
                                                coming.path("reason").asString("")))
                                : Optional.empty(),
                        new Wanted(
                                optional(wanted, "maxShards"),
                                optional(wanted, "firstShard"),
                                optional(wanted, "lastShard"),
                                whole(wanted, "intents", Long.MAX_VALUE)),
                        last(root.path("last"))));
    }

    private static GenerationSpec spec(JsonNode node) {
        String url = node.path("gatewayUrl").isString() ? node.path("gatewayUrl").asString() : "";
        if (url.isEmpty()) {
            throw new IllegalArgumentException("it has no \"gatewayUrl\"");
        }
        return new GenerationSpec(
                number(node, "generation"),
                new ShardRange(
                        number(node, "firstShard"),
                        number(node, "lastShard"),
                        number(node, "shardCount")),
                number(node, "firstWorker"),
                whole(node, "intents", Long.MAX_VALUE),
                url);
    }

    private static Optional<Ended> last(JsonNode node) {
        return node.isObject()
                ? Optional.of(
                        new Ended(
                                node.path("outcome").asString(""),
                                node.path("atMs").asLong(0),
                                node.path("from").asInt(0),
                                node.path("to").asInt(0),
                                node.path("merged").asLong(0),
                                node.path("added").asLong(0),
                                node.path("possible").asLong(0)))
                : Optional.empty();
    }

    private static int number(JsonNode node, String name) {
        return (int) whole(node, name, MOST);
    }

    private static OptionalInt optional(JsonNode node, String name) {
        return node.has(name) ? OptionalInt.of(number(node, name)) : OptionalInt.empty();
    }

    /** A number from 0 to {@code most}: what is not understood must not count as another one. */
    private static long whole(JsonNode node, String name, long most) {
        JsonNode value = node.path(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > most) {
            throw new IllegalArgumentException("it has no good \"" + name + "\"");
        }
        return value.longValue();
    }

    /**
     * Keeps them, safe from a power cut.
     *
     * @throws IOException when they can't be written; what was kept before still is
     */
    public void write(Generations generations) throws IOException {
        ObjectNode root = JsonTree.object();
        root.put("version", VERSION);
        root.put("bot", bot);
        root.set("serving", node(generations.serving()));
        generations
                .coming()
                .ifPresent(coming -> {
                    ObjectNode node = node(coming.spec());
                    root.set("coming", node);
                    node.put("switchAtMs", coming.switchAtMillis());
                    node.put("startedAtMs", coming.startedAtMillis());
                    node.put("ordered", coming.ordered());
                    node.put("reason", coming.reason());
                });
        ObjectNode wanted = JsonTree.object();
        root.set("wanted", wanted);
        generations.wanted().maxShards().ifPresent(count -> wanted.put("maxShards", count));
        generations.wanted().first().ifPresent(first -> wanted.put("firstShard", first));
        generations.wanted().last().ifPresent(last -> wanted.put("lastShard", last));
        wanted.put("intents", generations.wanted().intents());
        generations
                .last()
                .ifPresent(last -> {
                    ObjectNode node = JsonTree.object();
                    root.set("last", node);
                    node.put("outcome", last.words());
                    node.put("atMs", last.atMillis());
                    node.put("from", last.fromCount());
                    node.put("to", last.toCount());
                    node.put("merged", last.merged());
                    node.put("added", last.added());
                    node.put("possible", last.possible());
                });
        file.replace(JsonTree.bytes(root), true);
    }

    private static ObjectNode node(GenerationSpec spec) {
        ObjectNode node = JsonTree.object();
        node.put("generation", spec.number());
        node.put("firstShard", spec.shards().first());
        node.put("lastShard", spec.shards().last());
        node.put("shardCount", spec.shards().count());
        node.put("firstWorker", spec.firstWorker());
        node.put("intents", spec.intents());
        node.put("gatewayUrl", spec.gatewayUrl());
        return node;
    }
}
