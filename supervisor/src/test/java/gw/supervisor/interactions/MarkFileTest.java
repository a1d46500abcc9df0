package gw.supervisor.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What is kept of deferred interactions comes back, and garbage in its place does no harm (P7). */
class MarkFileTest {
    private static final MarkFile.Line ONE = new MarkFile.Line("s:1", 5, 1_790_000_000_000L);
    private static final MarkFile.Line TWO = new MarkFile.Line("s:2", 8, 1_790_000_000_001L);

    @TempDir private Path dir;

    private final List<String> reports = new ArrayList<>();
    private Path path = Path.of("");

    @BeforeEach
    void name() {
        path = dir.resolve("deferred");
    }

    private MarkFile file() {
        return new MarkFile(path, reports::add);
    }

    @Test
    void givesBackWhatItWasGiven() {
        assertThat(file().read()).isEmpty();
        file().add(ONE);
        file().add(TWO);
        assertThat(file().read()).containsExactly(ONE, TWO);
        file().replace(List.of(TWO));
        assertThat(file().read()).containsExactly(TWO);
        assertThat(reports).isEmpty();
    }

    @Test
    void aTornLineCostsThatLineAlone() throws Exception {
        file().add(ONE);
        file().add(TWO);
        String all = Files.readString(path);
        Files.writeString(path, all.substring(0, all.length() - 4));
        assertThat(file().read()).containsExactly(ONE);
        assertThat(reports).singleElement().asString().contains("1 lines");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void garbageIsLeftOut(long seed) throws Exception {
        byte[] garbage = new byte[100_000];
        new Random(seed).nextBytes(garbage);
        Files.write(path, garbage);
        assertThat(file().read()).as("seed %d", seed).isEmpty();
        assertThat(reports).isNotEmpty();
        Files.writeString(path, "99999999999999999999 5 s:1\n1 500 s:1\n1 0 s:1\n-1 5 s:1\n");
        assertThat(file().read()).isEmpty();
    }

    @Test
    void oneThatIsTooLargeIsNotRead() throws Exception {
        Files.write(path, new byte[MarkFile.MAX_BYTES + 1]);
        assertThat(file().read()).isEmpty();
        assertThat(reports).singleElement().asString().contains("larger");
        Files.delete(path);
        Files.createDirectory(path);
        assertThat(file().read()).isEmpty();
        assertThat(reports).hasSize(2);
    }

    /** A process may die, or the disk be full, while it is written anew. */
    @Test
    void whatCannotBeReplacedStaysAsItWas() throws Exception {
        MarkFile file = file();
        file.add(ONE);
        Files.createDirectory(dir.resolve("deferred.tmp"));
        file.replace(List.of(TWO));
        assertThat(reports).singleElement().asString().contains("can't be written");
        assertThat(file().read()).containsExactly(ONE);
    }

    @Test
    void itSaysWhenItHasGrown() {
        MarkFile file = file();
        MarkFile.Line line = new MarkFile.Line("s".repeat(200), 5, 1);
        file.replace(Collections.nCopies(MarkFile.MAX_BYTES / 2 / 205 - 10, line));
        assertThat(file.isFull()).isFalse();
        for (int i = 0; i < 40; i++) {
            file.add(line);
        }
        assertThat(file.isFull()).isTrue();
        file.replace(List.of(line));
        assertThat(file.isFull()).isFalse();
    }
}
