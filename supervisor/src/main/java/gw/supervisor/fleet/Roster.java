package gw.supervisor.fleet;

import gw.model.ShardRange;
import gw.supervisor.json.JsonTree;
import gw.supervisor.state.SmallFile;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The worker processes on disk, one small file for each: so a supervisor finds those of one that
 * was killed. Used by one thread at a time. A file that can't be read or written is said, and never
 * a reason to stop.
 */
final class Roster {
    private static final int VERSION = 1;
    private static final Pattern NAME = Pattern.compile("worker-([0-9]{1,6})\\.json");

    private final Path directory;
    private final Consumer<String> problems;

    /**
     * A roster in a directory that exists.
     *
     * @param problems takes a line, without a full stop
     */
    Roster(Path directory, Consumer<String> problems) {
        this.directory = directory;
        this.problems = problems;
    }

    /** All that were written down and not removed, by number; whether they live is not asked. */
    List<RosterEntry> read() {
        List<RosterEntry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    read(Integer.parseInt(name.group(1)), file, entries);
                }
            }
        } catch (IOException e) {
            problems.accept(directory + " can't be read: " + e.getClass().getSimpleName());
        }
        entries.sort(Comparator.comparingInt(RosterEntry::cluster));
        return entries;
    }

    private void read(int cluster, Path file, List<RosterEntry> entries) {
        try {
            SmallFile small = new SmallFile(file);
            var content = small.read();
            if (content.isPresent()) {
                entries.add(parse(cluster, JsonTree.read(content.get())));
            }
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            String why =
                    e instanceof JacksonException
                            ? "it is not JSON"
                            : String.valueOf(e.getMessage());
            problems.accept(
                    file + " is ignored (" + why + "): a worker that it named leaves by itself");
        }
    }

    private static RosterEntry parse(int cluster, JsonNode root) {
        if (!root.isObject() || root.path("version").asInt(0) != VERSION) {
            throw new IllegalArgumentException("it is not of this version of gw");
        }
        return new RosterEntry(
                cluster,
                number(root, "pid", Long.MAX_VALUE),
                text(root, "started"),
                text(root, "incarnation"),
                new ShardRange(
                        shard(root, "firstShard"),
                        shard(root, "lastShard"),
                        shard(root, "shardCount")),
                text(root, "configDigest"),
                text(root, "socket"),
                number(root, "startedAtMs", Long.MAX_VALUE));
    }

    private static int shard(JsonNode root, String name) {
        return (int) number(root, name, Integer.MAX_VALUE);
    }

    private static long number(JsonNode root, String name, long most) {
        JsonNode value = root.path(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0
                || value.longValue() > most) {
            throw new IllegalArgumentException("it has no good \"" + name + "\"");
        }
        return value.longValue();
    }

    private static String text(JsonNode root, String name) {
        String value = root.path(name).asString("");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("it has no good \"" + name + "\"");
        }
        return value;
    }

    /** Writes a process down in place of the one before. */
    void write(RosterEntry entry) {
        ObjectNode root = JsonTree.object();
        root.put("version", VERSION);
        root.put("pid", entry.pid());
        root.put("started", entry.started());
        root.put("incarnation", entry.incarnation());
        root.put("firstShard", entry.shards().first());
        root.put("lastShard", entry.shards().last());
        root.put("shardCount", entry.shards().count());
        root.put("configDigest", entry.configDigest());
        root.put("socket", entry.socket());
        root.put("startedAtMs", entry.startedAtMillis());
        SmallFile file = file(entry.cluster());
        try {
            file.replace(JsonTree.bytes(root));
        } catch (IOException e) {
            problems.accept(
                    file.path()
                            + " can't be written ("
                            + e.getClass().getSimpleName()
                            + "): the next supervisor could not take this worker over");
        }
    }

    /** The process is gone. */
    void remove(int cluster) {
        SmallFile file = file(cluster);
        try {
            file.remove();
        } catch (IOException e) {
            // Its process is told from others by its start.
            problems.accept(file.path() + " can't be removed: " + e.getClass().getSimpleName());
        }
    }

    private SmallFile file(int cluster) {
        return new SmallFile(directory.resolve("worker-" + cluster + ".json"));
    }
}
