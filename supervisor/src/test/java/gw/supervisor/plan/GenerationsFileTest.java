package gw.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.model.ShardRange;
import gw.supervisor.plan.Generations.Coming;
import gw.supervisor.plan.Generations.Wanted;
import gw.supervisor.state.SmallFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.regex.Pattern;

/** Which generation is in charge survives; what can't be trusted puts none in charge (P4, P5). */
class GenerationsFileTest {
    private static final GenerationSpec SERVING =
            new GenerationSpec(4, new ShardRange(2, 5, 8), 0, 513, "wss://gateway.test");
    private static final GenerationSpec NEXT =
            new GenerationSpec(5, new ShardRange(0, 11, 12), 4, 33281, "wss://other.test");
    private static final Wanted WANTED =
            new Wanted(OptionalInt.of(8), OptionalInt.of(2), OptionalInt.of(5), 513);
    private static final Generations ALONE =
            new Generations(SERVING, Optional.empty(), WANTED, Optional.empty());
    private static final Generations BOTH =
            ALONE.with(new Coming(NEXT, 0, 1_764_000_000_123L, true, "80 % full: \"ä\""));

    @TempDir private Path dir;

    private final List<String> problems = new ArrayList<>();

    @Test
    void givesBackEachStep() throws IOException {
        assertThat(file("1").read(problems::add)).isEmpty();
        Generations switching = BOTH.switching(1_764_000_000_456L);
        for (Generations each :
                List.of(ALONE, BOTH, switching, switching.switched(), BOTH.alone())) {
            file("1").write(each);
            assertThat(file("1").read(problems::add)).hasValue(each);
        }
        Generations free =
                new Generations(
                        SERVING,
                        Optional.empty(),
                        new Wanted(
                                OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), 1),
                        Optional.of(new Generations.Ended("done", 5, 8, 12, 100, 7, 0)));
        file("1").write(free);
        assertThat(file("1").read(problems::add)).hasValue(free);
        assertThat(problems).isEmpty();
    }

    /** P4: each step leaves one in charge, and only the switch puts another one there. */
    @Test
    void theStepsPutOneInCharge() {
        assertThat(BOTH.serving()).isEqualTo(SERVING);
        assertThat(BOTH.coming().orElseThrow().isSwitching()).isFalse();
        Generations switching = BOTH.switching(7);
        assertThat(switching.serving()).isEqualTo(SERVING);
        assertThat(switching.coming())
                .hasValue(new Coming(NEXT, 7, 1_764_000_000_123L, true, "80 % full: \"ä\""));
        assertThat(switching.coming().orElseThrow().isSwitching()).isTrue();
        assertThat(switching.switched())
                .isEqualTo(new Generations(NEXT, Optional.empty(), WANTED, Optional.empty()));
        assertThat(switching.alone()).isEqualTo(ALONE);
        assertThat(ALONE.switched()).isEqualTo(ALONE);
        assertThat(SERVING.slot()).isZero();
        assertThat(NEXT.slot()).isOne();
    }

    @Test
    void isOfOneBot() throws IOException {
        file("1").write(BOTH);
        assertThat(file("2").read(problems::add)).isEmpty();
        assertThat(file("").read(problems::add)).isEmpty();
        assertThat(problems).isEmpty();
        assertThat(file("1").read(problems::add)).hasValue(BOTH);
    }

    @Test
    void whatCantBeWrittenLeavesWhatWasKept() throws IOException {
        file("1").write(BOTH);
        Path inTheWay = Files.createDirectory(dir.resolve("generations.json.tmp"));
        assertThatThrownBy(() -> file("1").write(ALONE)).isInstanceOf(IOException.class);
        assertThat(file("1").read(problems::add)).hasValue(BOTH);
        Files.delete(inTheWay);
        file("1").write(ALONE);
        assertThat(file("1").read(problems::add)).hasValue(ALONE);
    }

    /** A cut file is never another plan. */
    @Test
    void aCutFileIsNothing() throws IOException {
        file("1").write(BOTH);
        byte[] whole = Files.readAllBytes(path());
        for (int cut = 0; cut < whole.length; cut++) {
            Files.write(path(), Arrays.copyOf(whole, cut));
            problems.clear();
            assertThat(file("1").read(problems::add)).as("cut at %d", cut).isEmpty();
            assertThat(problems).as("cut at %d", cut).hasSize(1);
            assertThat(problems.getFirst()).contains(path().toString()).contains("ignored");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void neverThrowsAtADamagedFile(long seed) throws IOException {
        System.out.printf("seed %d%n", seed);
        Random random = new Random(seed);
        file("1").write(BOTH);
        byte[] whole = Files.readAllBytes(path());
        for (int round = 0; round < 300; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(path(), damaged);
            // What is read is a plan: the ranges have checked themselves.
            var _ = file("1").read(problems::add);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "[]",
                "{}",
                "{\"version\":2,\"bot\":\"1\"}",
                "{\"version\":\"one\",\"bot\":\"1\"}",
                "{\"version\":99999999999,\"bot\":\"1\"}",
                "{\"version\":4294967297,\"bot\":\"1\"}",
                "{\"version\":1,\"bot\":\"1\"}",
                "{\"version\":1,\"bot\":\"1\",\"serving\":[]}",
                "{\"version\":1,\"bot\":\"1\",\"serving\":{\"gatewayUrl\":\"wss://g\"}}"
            })
    void garbageIsNoPlan(String content) throws IOException {
        Files.writeString(path(), content);
        assertThat(file("1").read(problems::add)).isEmpty();
        assertThat(problems).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"firstShard\":2|\"firstShard\":-2",
                "\"firstShard\":2|\"firstShard\":6",
                "\"firstShard\":2|\"firstShard\":4294967298",
                "\"firstShard\":2|\"firstShard\":2.5",
                "\"firstShard\":2|\"firstShard\":\"2\"",
                "\"firstShard\":2|\"firstShard\":1e400",
                "\"lastShard\":5|\"lastShard\":8",
                "\"lastShard\":5|\"lastShard\":99999999999999999999999999",
                "\"shardCount\":8|\"shardCount\":0",
                "\"shardCount\":8|\"shardCount\":2000000000",
                "\"shardCount\":12|\"shardCount\":1",
                "\"firstWorker\":4|\"firstWorker\":-1",
                "\"firstWorker\":4|\"firstWorker\":2147483647",
                "\"generation\":5|\"generation\":-5",
                "\"generation\":5|\"generation\":{}",
                "\"intents\":33281|\"intents\":99999999999999999999",
                "\"intents\":33281|\"intents\":\"all\"",
                "\"switchAtMs\":0|\"switchAtMs\":-1",
                "\"switchAtMs\":0|\"switchAtMs\":\"now\"",
                "\"switchAtMs\":0|\"switchAtMs\":99999999999999999999",
                "\"startedAtMs\":1764000000123|\"startedAtMs\":[]",
                "\"gatewayUrl\":\"wss://other.test\"|\"gatewayUrl\":\"\"",
                "\"gatewayUrl\":\"wss://other.test\"|\"gatewayUrl\":3",
                "\"maxShards\":8|\"maxShards\":\"8\"",
                "\"maxShards\":8|\"maxShards\":99999999999"
            })
    void aNumberThatIsNoneIsNoPlan(String good, String hostile) throws IOException {
        file("1").write(BOTH);
        String content = Files.readString(path());
        assertThat(content).contains(good);
        Files.writeString(path(), content.replaceFirst(Pattern.quote(good), hostile));
        assertThat(file("1").read(problems::add)).as(hostile).isEmpty();
        assertThat(problems).as(hostile).hasSize(1);
    }

    @Test
    void aGiantIsNoPlan() throws IOException {
        Files.writeString(path(), "[".repeat(50_000));
        assertThat(file("1").read(problems::add)).isEmpty();
        Files.writeString(path(), " ".repeat(SmallFile.MAX_BYTES + 1));
        assertThat(file("1").read(problems::add)).isEmpty();
        Files.delete(path());
        Files.createDirectory(path());
        assertThat(file("1").read(problems::add)).isEmpty();
        assertThat(problems).hasSize(3);
    }

    private Path path() {
        return dir.resolve("generations.json");
    }

    private GenerationsFile file(String bot) {
        return new GenerationsFile(new SmallFile(path()), bot);
    }
}
