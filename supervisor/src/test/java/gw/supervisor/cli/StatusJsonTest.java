package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.DeliveryStatus;
import gw.proto.v1.DroppedEvents;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;
import gw.proto.v1.WorkerStatus;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Programs can rely on docs/status.md: it names each field, and no other. */
class StatusJsonTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z0-9.\\[\\]]+)` \\|");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\n(.*?)```");

    @Test
    void everyFieldIsDocumentedAndEveryDocumentedFieldIsThere() throws IOException {
        Set<String> written = new TreeSet<>();
        collect("", MAPPER.readTree(StatusJson.of(Statuses.example(), false)), written);
        Set<String> documented =
                ROW.matcher(docs())
                        .results()
                        .map(row -> row.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(written);
    }

    @Test
    void theDocumentedExampleIsRealOutput() throws IOException {
        String example =
                EXAMPLE.matcher(docs())
                        .results()
                        .map((MatchResult match) -> match.group(1))
                        .findFirst()
                        .orElseThrow();
        assertThat(StatusJson.of(Statuses.example(), true)).isEqualTo(example.strip());
    }

    @Test
    void theKeysDoNotDependOnWhatIsKnown() {
        Status empty =
                Status.newBuilder()
                        .addWorkers(WorkerStatus.getDefaultInstance())
                        .addShards(ShardStatus.getDefaultInstance())
                        .setDelivery(
                                DeliveryStatus.newBuilder()
                                        .addDrops(DroppedEvents.getDefaultInstance()))
                        .build();
        Set<String> bare = new TreeSet<>();
        collect("", MAPPER.readTree(StatusJson.of(empty, false)), bare);
        Set<String> full = new TreeSet<>();
        collect("", MAPPER.readTree(StatusJson.of(Statuses.example(), false)), full);
        assertThat(bare).isEqualTo(full);
    }

    @Test
    void oneLineIsPureAscii() {
        Status.Builder status = Statuses.example().toBuilder();
        status.getPlanBuilder().setUserName("\u001B[2J\u009B1m 宁");
        String json = StatusJson.of(status.build(), false);
        assertThat(json.chars()).allMatch(c -> c >= ' ' && c < 0x7F);
        assertThat(MAPPER.readTree(json).at("/plan/userName").asString())
                .isEqualTo("\u001B[2J\u009B1m 宁");
    }

    @Test
    void oneShardIsAnElementOfTheWhole() {
        JsonNode whole = MAPPER.readTree(StatusJson.of(Statuses.example(), false));
        JsonNode one = MAPPER.readTree(StatusJson.of(Statuses.example().getShards(2), true));
        assertThat(whole.at("/shards/2")).isEqualTo(one);
    }

    private static void collect(String path, JsonNode node, Set<String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> {
                        String key = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
                        JsonNode value = entry.getValue();
                        if (value.isArray() && value.path(0).isObject()) {
                            value.forEach(element -> collect(key + "[]", element, into));
                        } else if (value.isObject()) {
                            collect(key, value, into);
                        } else {
                            into.add(key);
                        }
                    });
        }
    }

    private static String docs() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        for (Path at = here; at != null; at = at.getParent()) {
            Path docs = at.resolve("docs/status.md");
            if (Files.isReadable(docs)) {
                return Files.readString(docs);
            }
        }
        throw new IllegalStateException("docs/status.md was not found above " + here);
    }
}
