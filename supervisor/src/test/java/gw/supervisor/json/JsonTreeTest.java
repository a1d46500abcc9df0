package gw.supervisor.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Small files and answers are read as Jackson's mapper would read them, and bounded (P7). */
class JsonTreeTest {
    private final JsonMapper mapper = new JsonMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                " 7 ",
                "\"\\u20ac\\n\"",
                "{\"a\":1,\"b\":[2,-3,4000000000,99999999999999999999,1.5,1e3],\"c\":{\"d\":null}}",
                "{\"a\":1,\"a\":{\"b\":false}}",
                ""
            })
    void readsAndWritesAsTheMapperDoes(String json) {
        var tree = JsonTree.read(json);
        assertThat(tree).isEqualTo(mapper.readTree(json));
        assertThat(JsonTree.read(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(tree);
        if (!tree.isMissingNode()) {
            assertThat(JsonTree.write(tree)).isEqualTo(mapper.writeValueAsString(tree));
        }
    }

    @Test
    void writesWhatWasPutTogether() {
        var root = JsonTree.object();
        root.put("big", new BigDecimal("1.50")).putArray("list").add(1).addObject();
        assertThat(JsonTree.write(root)).isEqualTo("{\"big\":1.50,\"list\":[1,{}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1,", "{\"a\"}", "{\"a\":1} {}", "1 2", "<html>", "[1,]"})
    void refusesWhatIsNoJson(String json) {
        assertThatThrownBy(() -> JsonTree.read(json)).isInstanceOf(JacksonException.class);
    }

    @Test
    void refusesTwoMembersOfOneNameWhenToldSo() {
        String twice = "{\"a\":1,\"b\":{\"c\":1,\"c\":2}}";
        assertThat(JsonTree.read(twice).path("b").path("c").asInt()).isEqualTo(2);
        assertThatThrownBy(() -> JsonTree.readStrictly(twice)).isInstanceOf(JacksonException.class);
    }

    @Test
    void refusesWhatIsNestedWithoutEnd() {
        String deep = "[".repeat(100_000);
        assertThatThrownBy(() -> JsonTree.read(deep)).isInstanceOf(JacksonException.class);
    }
}
