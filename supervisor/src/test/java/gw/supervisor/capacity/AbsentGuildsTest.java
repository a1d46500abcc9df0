package gw.supervisor.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The table of absent guilds is a map, whatever is put in and taken out. */
class AbsentGuildsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void isTheMapThatItStandsFor(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AbsentGuilds absent = new AbsentGuilds();
        Map<Long, Boolean> model = new HashMap<>();
        for (int i = 0; i < 40_000; i++) {
            // Grows for a while, then shrinks, and so on; ids are alike and close to one another.
            boolean growing = i / 5_000 % 2 == 0;
            long guild = (random.nextLong(2_000) + 1) << (seed % 2 == 0 ? 22 : 0);
            if (random.nextInt(10) < (growing ? 8 : 2)) {
                boolean listed = random.nextBoolean();
                absent.put(guild, listed);
                model.put(guild, listed);
            } else {
                assertThat(absent.remove(guild)).isEqualTo(model.remove(guild) != null);
            }
            assertThat(absent.contains(guild)).isEqualTo(model.containsKey(guild));
            assertThat(absent.isListed(guild)).isEqualTo(model.getOrDefault(guild, false));
            assertThat(absent.size()).isEqualTo(model.size());
            if (i % 1_000 == 0) {
                same(absent, model);
                absent = AbsentGuilds.of(absent.toArray());
                same(absent, model);
            }
        }
    }

    private static void same(AbsentGuilds absent, Map<Long, Boolean> model) {
        Map<Long, Boolean> found = new HashMap<>();
        for (long guild : absent.toArray()) {
            found.put(Math.abs(guild), guild > 0);
        }
        assertThat(found).isEqualTo(model);
        assertThat(absent.listed())
                .isEqualTo((int) model.values().stream().filter(listed -> listed).count());
        assertThat(absent.count(model::containsKey)).isEqualTo(model.size());
    }
}
