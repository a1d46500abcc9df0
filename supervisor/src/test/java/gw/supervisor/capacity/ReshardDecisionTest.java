package gw.supervisor.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.model.ShardRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** When gw reshards by itself, and to how many shards. */
class ReshardDecisionTest {
    /** All shards of the bot, each with so many guilds, but for the last, which is the fullest. */
    private static ReshardFacts facts(
            int shards, int each, int fullest, int recommended, int maxConcurrency) {
        return part(
                new ShardRange(0, shards - 1, shards), each, fullest, recommended, maxConcurrency);
    }

    private static ReshardFacts part(
            ShardRange own, int each, int fullest, int recommended, int maxConcurrency) {
        Map<Integer, Integer> guilds = new TreeMap<>();
        for (int shard = own.first(); shard <= own.last(); shard++) {
            guilds.put(shard, shard == own.last() ? fullest : each);
        }
        return new ReshardFacts(own, Counts.of(guilds), 80, recommended, maxConcurrency);
    }

    @Test
    void belowThePercentageItIsEnough() {
        ReshardDecision decision = ReshardDecision.of(facts(4, 1_000, 1_999, 100, 1));
        assertThat(decision)
                .isEqualTo(
                        new ReshardDecision.Enough(
                                "shard 3 has 1,999 of 2,500 guilds (80.0 %), which is the most of 4"
                                        + " shards; the limit is 80 %"));
    }

    @Test
    void atThePercentageItReshardsAndSaysWhy() {
        ReshardDecision decision = ReshardDecision.of(facts(4, 1_000, 2_013, 5, 1));
        assertThat(decision)
                .isEqualTo(
                        new ReshardDecision.Reshard(
                                7,
                                "shard 3 has 2,013 of 2,500 guilds (80.5 %), the limit is 80 %: 7"
                                        + " shards instead of 4 (Discord recommends 5, under 50 %"
                                        + " full takes 7)"));
        assertThat(ReshardDecision.of(facts(4, 1_000, 2_000, 5, 1)))
                .isInstanceOf(ReshardDecision.Reshard.class);
    }

    @ParameterizedTest
    @CsvSource({
        // shards, each, fullest, recommended, max_concurrency, automatic, by hand
        "4, 1000, 2000, 5, 1, 7, 7",
        "4, 1000, 2000, 9, 1, 9, 9",
        // 2,500 in 2 are 1,250 each: not under half.
        "1, 0, 2500, 1, 1, 3, 3",
        "1, 0, 2499, 1, 1, 2, 2",
        // Below 150,000 guilds any count will do, from there on a multiple.
        "75, 1999, 2073, 1, 16, 125, 125",
        "75, 1999, 2074, 1, 16, 128, 128",
        "75, 1999, 2074, 1, 1, 128, 128",
        "75, 1999, 2074, 1, 32, 128, 128",
        "75, 1999, 2074, 1, 48, 144, 144",
        "75, 1999, 2074, 200, 16, 208, 208",
    })
    void theTargetIsTheLargestOfWhatIsNeeded(
            int shards,
            int each,
            int fullest,
            int recommended,
            int maxConcurrency,
            int automatic,
            int byHand) {
        ReshardFacts facts = facts(shards, each, fullest, recommended, maxConcurrency);
        assertThat(ReshardDecision.of(facts))
                .isInstanceOfSatisfying(
                        ReshardDecision.Reshard.class,
                        reshard -> assertThat(reshard.shardCount()).isEqualTo(automatic));
        assertThat(ReshardDecision.target(facts)).isEqualTo(byHand);
    }

    @Test
    void byHandItMayBeFewerAndByItselfItIsMore() {
        assertThat(ReshardDecision.target(facts(16, 100, 100, 1, 1))).isEqualTo(2);
        assertThat(ReshardDecision.target(facts(16, 100, 100, 16, 1))).isEqualTo(16);
        ReshardFacts low =
                new ReshardFacts(new ShardRange(0, 15, 16), Counts.of(Map.of(0, 100)), 1, 1, 1);
        assertThat(ReshardDecision.of(low))
                .isInstanceOfSatisfying(
                        ReshardDecision.Reshard.class,
                        reshard -> {
                            assertThat(reshard.shardCount()).isEqualTo(17);
                            assertThat(reshard.words()).contains("more than now are 17");
                        });
    }

    @Test
    void whatIsNotKnownIsNoReason() {
        ReshardFacts nothing =
                new ReshardFacts(new ShardRange(0, 3, 4), Counts.of(Map.of()), 80, 6, 1);
        assertThat(ReshardDecision.of(nothing))
                .isInstanceOf(ReshardDecision.Enough.class)
                .extracting(ReshardDecision::words)
                .asString()
                .contains("not known yet");
        assertThat(ReshardDecision.target(nothing)).isEqualTo(6);
        ReshardFacts some =
                new ReshardFacts(new ShardRange(0, 3, 4), Counts.of(Map.of(2, 10)), 80, 6, 1);
        assertThat(ReshardDecision.of(some).words()).contains("the most of 1 known of 4 shards");
    }

    /** A part of the bot tells how large all of it is. */
    @Test
    void aLargeBotIsKnownByItsPart() {
        ReshardFacts part = part(new ShardRange(0, 9, 100), 2_000, 2_000, 1, 16);
        assertThat(part.estimatedGuilds()).isEqualTo(200_000);
        assertThat(ReshardDecision.of(part))
                .isInstanceOfSatisfying(
                        ReshardDecision.Reshard.class,
                        reshard -> {
                            assertThat(reshard.shardCount()).isEqualTo(176);
                            assertThat(reshard.words())
                                    .contains("about 200,000 guilds it must be a multiple of 16");
                        });
    }

    /** Whatever the facts, the rules hold. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theRulesHoldForAnyFacts(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 3_000; i++) {
            int count = random.nextInt(1, 400);
            int first = random.nextInt(count);
            ShardRange own = new ShardRange(first, random.nextInt(first, count), count);
            int fullest = random.nextInt(1, 2_501);
            ReshardFacts facts =
                    part(
                            own,
                            random.nextInt(fullest),
                            fullest,
                            random.nextInt(1, 600),
                            random.nextBoolean() ? 1 : 16 * random.nextInt(1, 5));
            String seen = "seed " + seed + ": " + facts;
            int target = ReshardDecision.target(facts);
            holds(facts, target, seen);
            switch (ReshardDecision.of(facts)) {
                case ReshardDecision.Enough _ -> assertThat(fullest).as(seen).isLessThan(2_000);
                case ReshardDecision.Reshard reshard -> {
                    assertThat(fullest).as(seen).isGreaterThanOrEqualTo(2_000);
                    assertThat(reshard.shardCount()).as(seen).isGreaterThan(count);
                    holds(facts, reshard.shardCount(), seen);
                }
            }
        }
    }

    private static void holds(ReshardFacts facts, int target, String seen) {
        double fullestThen = (double) facts.counts().fullestGuilds() * facts.own().count() / target;
        assertThat(fullestThen).as(seen).isLessThan(1_250);
        assertThat(target).as(seen).isGreaterThanOrEqualTo(facts.recommendedShards());
        assertThat(2_500L * target).as(seen).isGreaterThanOrEqualTo(facts.estimatedGuilds());
        if (facts.estimatedGuilds() >= 150_000) {
            int multiple = facts.maxConcurrency() > 1 ? facts.maxConcurrency() : 16;
            assertThat(target % multiple).as(seen).isZero();
        }
    }

    @Test
    void absurdCountsDoNotOverflow() {
        ReshardFacts facts =
                new ReshardFacts(
                        new ShardRange(0, 0, Integer.MAX_VALUE),
                        Counts.of(Map.of(0, Integer.MAX_VALUE)),
                        80,
                        1,
                        1);
        assertThat(ReshardDecision.target(facts)).isEqualTo(1 << 20);
        assertThat(ReshardDecision.of(facts)).isInstanceOf(ReshardDecision.Enough.class);
    }

    @Test
    void factsThatCannotBeAreRefused() {
        ShardRange own = new ShardRange(0, 0, 1);
        Counts none = Counts.of(Map.of());
        assertThatThrownBy(() -> new ReshardFacts(own, none, 0, 1, 1))
                .hasMessageContaining("1..100");
        assertThatThrownBy(() -> new ReshardFacts(own, none, 101, 1, 1))
                .hasMessageContaining("101");
        assertThatThrownBy(() -> new ReshardFacts(own, none, 80, 0, 1))
                .hasMessageContaining("recommendedShards");
        assertThatThrownBy(() -> new ReshardFacts(own, none, 80, 1, 0))
                .hasMessageContaining("maxConcurrency");
    }
}
