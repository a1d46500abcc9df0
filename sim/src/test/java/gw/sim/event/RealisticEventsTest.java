package gw.sim.event;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.gateway.SimEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

class RealisticEventsTest {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final int EVENTS = 10_000;
    private static final long GUILD = 613_425_648_685_547_541L;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 77_777_777_777L, -5})
    void isValidJsonThatBelongsToItsGuild(long seed) {
        RealisticEvents events = new RealisticEvents(seed);

        for (int i = 0; i < EVENTS; i++) {
            long guildId = i % 10 == 0 ? 0 : GUILD + ((long) i << 22);
            SimEvent event = events.next(guildId);
            JsonNode data = JSON.readTree(event.data());

            assertThat(event.guildId()).isEqualTo(guildId);
            assertThat(data.isObject()).isTrue();
            String key = event.name().equals("GUILD_UPDATE") ? "id" : "guild_id";
            assertThat(data.path(key).asString("0"))
                    .as("%s in %s", key, event.name())
                    .isEqualTo(guildId == 0 ? "0" : Long.toString(guildId));
        }
    }

    @Test
    void holdsMoreThanFifteenTypesOfRealSizes() {
        RealisticEvents events = new RealisticEvents(3);
        Map<String, long[]> sizes = new HashMap<>();

        for (int i = 0; i < EVENTS; i++) {
            SimEvent event = events.next(i % 50 == 0 ? 0 : GUILD);
            long[] count = sizes.computeIfAbsent(event.name(), _ -> new long[2]);
            count[0]++;
            count[1] += event.data().length;
            assertThat(event.data().length).as(event.name()).isBetween(60, 40_000);
        }

        assertThat(sizes).hasSizeGreaterThan(15);
        assertThat(mean(sizes, "TYPING_START")).isBetween(120L, 260L);
        assertThat(mean(sizes, "MESSAGE_CREATE")).isBetween(900L, 2_000L);
        assertThat(mean(sizes, "INTERACTION_CREATE")).isBetween(2_000L, 8_000L);
        assertThat(mean(sizes, "GUILD_UPDATE")).isBetween(2_000L, 8_000L);
    }

    @Test
    void interactionsAreOfAllKindsEachWithItsOwnToken() {
        RealisticEvents events = new RealisticEvents(5);
        Set<String> tokens = new HashSet<>();
        Map<Integer, Integer> types = new HashMap<>();
        int seen = 0;

        for (int i = 0; i < EVENTS; i++) {
            SimEvent event = events.next(GUILD);
            if (event.name().equals("INTERACTION_CREATE")) {
                JsonNode data = JSON.readTree(event.data());
                seen++;
                tokens.add(data.path("token").asString());
                types.merge(data.path("type").asInt(), 1, Integer::sum);
                assertThat(data.path("id").asString()).matches("[0-9]{19}");
                assertThat(data.path("application_id").asString()).matches("[0-9]{17,20}");
            }
        }

        assertThat(tokens).hasSize(seen);
        assertThat(types.keySet()).containsExactlyInAnyOrder(2, 3, 4, 5);
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        RealisticEvents one = new RealisticEvents(9);
        RealisticEvents same = new RealisticEvents(9);
        RealisticEvents other = new RealisticEvents(10);
        boolean differs = false;

        for (int i = 0; i < 500; i++) {
            long guildId = i % 7 == 0 ? 0 : GUILD;
            SimEvent event = one.next(guildId);
            SimEvent twin = same.next(guildId);
            assertThat(twin.name()).isEqualTo(event.name());
            assertThat(twin.data()).isEqualTo(event.data());
            differs |= !Arrays.equals(other.next(guildId).data(), event.data());
        }

        assertThat(differs).isTrue();
        assertThat(same.guildCreate(GUILD)).isEqualTo(one.guildCreate(GUILD));
        assertThat(same.guildCreate(GUILD)).isEqualTo(one.guildCreate(GUILD));
    }

    @Test
    void misleadsWhoeverSearchesForSubstrings() {
        RealisticEvents events = new RealisticEvents(4);
        StringBuilder all = new StringBuilder();
        int misplaced = 0;
        int escapedKeys = 0;
        Set<String> firstKeys = new HashSet<>();
        for (int i = 0; i < EVENTS; i++) {
            SimEvent event = events.next(GUILD);
            String text = new String(event.data(), StandardCharsets.UTF_8);
            all.append(text).append('\n');
            String found = afterKey(text, "\"guild_id\":\"");
            escapedKeys +=
                    text.contains("\"guild_id\"") || event.name().equals("GUILD_UPDATE") ? 0 : 1;
            misplaced += found.startsWith(Long.toString(GUILD)) ? 0 : 1;
            firstKeys.add(JSON.readTree(text).propertyNames().iterator().next());
        }

        assertThat(escapedKeys).isPositive();
        assertThat(misplaced).isGreaterThan(EVENTS / 50);
        assertThat(firstKeys).hasSizeGreaterThan(30);
        for (String trap :
                List.of(
                        "\\\\\"op\\\\\":7",
                        "\\\\\"t\\\\\":\\\\\"READY\\\\\"",
                        "\\\\u0022guild_id\\\\u0022",
                        "\\\\\\\\u0022guild_id\\\\\\\\u0022",
                        "[}][{]",
                        "\\\\\\\\\\\\\"",
                        "\\\\ud83d\\\\ude00",
                        "\ud83d\ude00",
                        "\u0645\u0631\u062d\u0628\u0627",
                        "\\\\b\\\\f\\\\n\\\\r\\\\t\\\\u0001",
                        "\\\\/",
                        "\"guild_id\"\\s+:\\s+\"")) {
            assertThat(Pattern.compile(trap).matcher(all).find()).as(trap).isTrue();
        }
    }

    @Test
    void wholeGuildsAreMostlySmallAndRarelyHuge() {
        RealisticEvents events = new RealisticEvents(5);
        int[] sizes =
                LongStream.range(0, 1_500)
                        .mapToInt(i -> events.guildCreate(GUILD + (i << 22)).length)
                        .sorted()
                        .toArray();

        assertThat(sizes[0]).isBetween(4_000, 9_000);
        assertThat(sizes[sizes.length * 9 / 10]).isLessThan(75_000);
        assertThat(Arrays.stream(sizes).filter(size -> size > 1_800_000).count())
                .isBetween(1L, 15L);
        assertThat(sizes[sizes.length - 1]).isBetween(1_800_000, 2_500_000);
        assertThat(Arrays.stream(sizes).filter(size -> size > 100_000 && size < 600_000).count())
                .isBetween(10L, 80L);
    }

    @Test
    void wholeGuildsAreValidAndNamedByTheirId() {
        RealisticEvents events = new RealisticEvents(6);
        for (long i = 0; i < 300; i++) {
            long guildId = GUILD + (i << 22);
            JsonNode guild = JSON.readTree(events.guildCreate(guildId));
            assertThat(guild.path("id").asString("")).isEqualTo(Long.toString(guildId));
            assertThat(guild.path("members").isEmpty()).isFalse();
        }
    }

    private static long mean(Map<String, long[]> sizes, String name) {
        long[] count = sizes.getOrDefault(name, new long[] {1, 0});
        return count[1] / count[0];
    }

    private static String afterKey(String text, String key) {
        int at = text.indexOf(key);
        return at < 0 ? "" : text.substring(at + key.length());
    }
}
