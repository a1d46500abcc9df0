package gw.supervisor.identify;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The budget on disk: a small JSON file that is replaced as a whole, so that none is ever half. */
final class BudgetFile {
    private static final int VERSION = 1;
    private static final int MAX_BYTES = 1 << 20;

    private final Path path;
    private final JsonMapper json =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    BudgetFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /**
     * What the file says.
     *
     * @return empty when there is no file
     * @throws IOException when it can't be read or isn't what {@link #write} writes; with words
     */
    Optional<BudgetState> read() throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is not a file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException("it is larger than " + MAX_BYTES + " bytes");
        }
        try {
            return Optional.of(parse(json.readTree(bytes)));
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
        ObjectNode root = json.createObjectNode();
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
        Path next = path.resolveSibling(path.getFileName() + ".tmp");
        try (FileChannel out =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(root));
            while (bytes.hasRemaining()) {
                var _ = out.write(bytes);
            }
            if (force) {
                out.force(true);
            }
        }
        var _ =
                Files.move(
                        next,
                        path,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
        Path directory = path.toAbsolutePath().getParent();
        if (force && directory != null) {
            try (FileChannel listing = FileChannel.open(directory, StandardOpenOption.READ)) {
                listing.force(true);
            }
        }
    }
}
