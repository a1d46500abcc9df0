package gw.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.OptionalInt;
import java.util.Random;

/** Every shard is in exactly one cluster, so that one worker's death touches its own alone (P6). */
class ShardPlannerTest {
    private static final OptionalInt NONE = OptionalInt.empty();

    @Test
    void cutsTheSeedsExampleIntoOneWorker() throws UserError {
        ShardPlan plan =
                ShardPlanner.plan(
                        OptionalInt.of(885), OptionalInt.of(100), OptionalInt.of(124), 25, 46, 1);
        assertThat(plan.shards()).hasToString("100..124 of 885");
        assertThat(plan.clusters()).hasSize(1);
        assertThat(plan.warning()).isEmpty();
    }

    @Test
    void takesWhatDiscordRecommends() throws UserError {
        ShardPlan plan = ShardPlanner.plan(NONE, NONE, NONE, 4, 8, 10);
        assertThat(plan.shards()).hasToString("0..9 of 10");
        assertThat(plan.clusters())
                .extracting(cluster -> cluster.shards().size())
                .containsExactly(4, 4, 2);
    }

    @Test
    void spreadsEvenlyAndWarnsWhenMaxClustersWins() throws UserError {
        ShardPlan plan = ShardPlanner.plan(OptionalInt.of(100), NONE, NONE, 10, 3, 1);
        assertThat(plan.clusters())
                .extracting(cluster -> cluster.shards().size())
                .containsExactly(34, 33, 33);
        assertThat(plan.warning().orElseThrow())
                .contains("max-clusters is 3")
                .contains("33 or 34 shards");
    }

    @ParameterizedTest
    @CsvSource({"10, 5, 10", "10, 8, 4", "10, -1, 4", "0, 0, 0"})
    void refusesARangeOutsideOfTheCountWithTheThreeNumbers(int count, int first, int last) {
        assertThatThrownBy(() ->
                        ShardPlanner.plan(
                                OptionalInt.of(count),
                                OptionalInt.of(first),
                                OptionalInt.of(last),
                                25,
                                2,
                                1))
                .isInstanceOfSatisfying(
                        UserError.class,
                        error -> assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG))
                .hasMessageContaining(first + ".." + last)
                .hasMessageContaining("" + count);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void clustersAreTogetherExactlyTheShards(long seed) throws UserError {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            int count = 1 + random.nextInt(3000);
            int first = random.nextInt(count);
            int last = first + random.nextInt(count - first);
            int maxClusters = 1 + random.nextInt(60);
            ShardPlan plan =
                    ShardPlanner.plan(
                            OptionalInt.of(count),
                            OptionalInt.of(first),
                            OptionalInt.of(last),
                            1 + random.nextInt(100),
                            maxClusters,
                            1);
            int next = first;
            for (Cluster cluster : plan.clusters()) {
                assertThat(cluster.shards().first()).as("seed %d", seed).isEqualTo(next);
                next = cluster.shards().last() + 1;
            }
            assertThat(next).as("seed %d", seed).isEqualTo(last + 1);
            assertThat(plan.clusters()).as("seed %d", seed).hasSizeLessThanOrEqualTo(maxClusters);
        }
    }
}
