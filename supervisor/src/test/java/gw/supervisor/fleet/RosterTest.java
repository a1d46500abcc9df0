package gw.supervisor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.ShardRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A worker is found again by the next supervisor, and nothing else is taken for one (P4, P6). */
class RosterTest {
    private static final RosterEntry ENTRY =
            new RosterEntry(
                    3,
                    4250,
                    "ticks:77@boot",
                    "abcd",
                    new ShardRange(6, 8, 100),
                    "d1",
                    "/s/link.sock",
                    1_795_615_201_000L);

    @TempDir private Path dir;
    private final List<String> problems = new ArrayList<>();

    @Test
    void readsWhatItHasWrittenUntilItIsRemoved() {
        Roster roster = new Roster(dir, problems::add);
        RosterEntry other =
                new RosterEntry(
                        0, 1, "ms:5", "x", new ShardRange(0, 0, 1), "d2", "/s/link.sock", 0);
        roster.write(ENTRY);
        roster.write(other);
        assertThat(new Roster(dir, problems::add).read()).containsExactly(other, ENTRY);
        roster.remove(3);
        roster.remove(3);
        assertThat(roster.read()).containsExactly(other);
        assertThat(problems).isEmpty();
    }

    @Test
    void otherFilesAreNotItsOwn() throws IOException {
        Files.writeString(dir.resolve("worker-0.log"), "hello");
        Files.writeString(dir.resolve("worker-0.json.tmp"), "{");
        Files.writeString(dir.resolve("worker-1-crash-7.log"), "");
        assertThat(new Roster(dir, problems::add).read()).isEmpty();
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{\"version\":99,\"pid\":1}",
                "{\"version\":1}",
                "{\"version\":1,\"pid\":-4,\"started\":\"x\"}",
                "{\"version\":1,\"pid\":1,\"started\":\"x\",\"incarnation\":\"i\",\"firstShard\":5,"
                    + "\"lastShard\":4,\"shardCount\":9,\"configDigest\":\"d\",\"socket\":\"s\","
                    + "\"startedAtMs\":1}",
                "{\"version\":1,\"pid\":1,\"started\":\"x\",\"incarnation\":\"i\",\"firstShard\":1,"
                        + "\"lastShard\":4e99,\"shardCount\":9,\"configDigest\":\"d\","
                        + "\"socket\":\"s\",\"startedAtMs\":1}"
            })
    void garbageIsIgnoredWithWords(String content) throws IOException {
        Roster roster = new Roster(dir, problems::add);
        roster.write(ENTRY);
        Files.writeString(dir.resolve("worker-0.json"), content);
        assertThat(roster.read()).containsExactly(ENTRY);
        assertThat(problems).singleElement().asString().contains("worker-0.json is ignored (");
    }

    @Test
    void aDirectoryInItsPlaceAndAHugeFileAreIgnoredWithWords() throws IOException {
        Files.createDirectory(dir.resolve("worker-0.json"));
        Files.write(dir.resolve("worker-1.json"), new byte[1 << 20]);
        assertThat(new Roster(dir, problems::add).read()).isEmpty();
        assertThat(problems)
                .hasSize(2)
                .anyMatch(line -> line.contains("not a file"))
                .anyMatch(line -> line.contains("larger than"));
    }

    /** P7: a disk that is full is no reason to stop. */
    @Test
    void whatCantBeWrittenIsSaid() {
        new Roster(dir.resolve("nowhere"), problems::add).write(ENTRY);
        assertThat(problems).singleElement().asString().contains("worker-3.json can't be written");
    }
}
