package gw.supervisor.identify;

import gw.supervisor.json.JsonTree;
import gw.supervisor.state.SmallFile;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The budget on disk: a small JSON file that is replaced as a whole, so that none is ever half. */
final class BudgetFile {
    private static final int VERSION = 1;
    private static final int MAX_BYTES = 1 << 20;

    private final SmallFile file;

    BudgetFile(Path path) {
        file = new SmallFile(path);
    }

    Path path() {
        return file.path();
    }

    /**
     * What the file says.
     *
     * @return empty when there is no file
     * @throws IOException when it can't be read or isn't what {@link #write} writes; with words
     */
    Optional<BudgetState> read() throws IOException {
        Optional<byte[]> bytes = file.read(MAX_BYTES);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(JsonTree.read(bytes.get())));
        } catch (JacksonException e) {
            throw new IOException("it is not JSON", e);
        }
    }

    private static BudgetState parse(JsonNode root) throws IOException {
        if (!root.isObject() || root.path("version").asInt(0) != VERSION) {
            throw new IOException("it is not of this version of gw");
        }
        int total = number(root, "total");
        int remaining = number(root, "remaining");
        if (remaining > total) {
            throw new IOException("remaining: " + remaining + " (expected: 0.." + total + ")");
        }
        List<BudgetState.Use> uses = new ArrayList<>();
        for (JsonNode use : root.path("buckets")) {
            uses.add(
                    new BudgetState.Use(
                            number(use, "bucket"),
                            millis(use, "usedAtMs"),
                            use.path("out").asBoolean(false)));
        }
        return new BudgetState(
                root.path("bot").asString(""),
                total,
                remaining,
                millis(root, "resetsAtMs"),
                number(root, "maxConcurrency"),
                millis(root, "allUsedAtMs"),
                uses);
    }

    private static int number(JsonNode parent, String name) throws IOException {
        JsonNode value = parent.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw new IOException("it has no good \"" + name + "\"");
        }
        return value.intValue();
    }

    private static long millis(JsonNode parent, String name) throws IOException {
        JsonNode value = parent.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new IOException("it has no good \"" + name + "\"");
        }
        return value.longValue();
    }

    /**
     * Replaces the file.
     *
     * @param force wait until it is on disk, safe from a power cut; a killed process loses nothing
     *     either way
     */
    void write(BudgetState state, boolean force) throws IOException {
        ObjectNode root = JsonTree.object();
        root.put("version", VERSION);
        root.put("bot", state.bot());
        root.put("total", state.total());
        root.put("remaining", state.remaining());
        root.put("resetsAtMs", state.resetsAtMillis());
        root.put("maxConcurrency", state.maxConcurrency());
        root.put("allUsedAtMs", state.allUsedMillis());
        ArrayNode buckets = root.putArray("buckets");
        for (BudgetState.Use use : state.uses()) {
            buckets.addObject()
                    .put("bucket", use.bucket())
                    .put("usedAtMs", use.atMillis())
                    .put("out", use.out());
        }
        file.replace(JsonTree.bytes(root), force);
    }
}
