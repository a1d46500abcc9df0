package gw.supervisor.capacity;

import gw.model.ShardRange;

import java.util.Locale;

/** Whether the shards are enough, and how many should be. Pure. */
public sealed interface ReshardDecision {
    /** Why, with all its numbers, in words for people. */
    String words();

    /** Nothing is to be done. */
    record Enough(String words) implements ReshardDecision {}

    /**
     * It is time to reshard.
     *
     * @param shardCount more than now
     */
    record Reshard(int shardCount, String words) implements ReshardDecision {}

    /** What gw does by itself. */
    static ReshardDecision of(ReshardFacts facts) {
        Counts counts = facts.counts();
        if (counts.fullestShard().isEmpty()) {
            return new Enough(
                    "how full the shards are is not known yet; each tells it when its next session"
                            + " begins");
        }
        String fullest =
                String.format(
                        Locale.ROOT,
                        "shard %d has %s of %s guilds (%s)",
                        counts.fullestShard().getAsInt(),
                        Figures.count(counts.fullestGuilds()),
                        Figures.count(Counts.MOST_GUILDS),
                        Figures.share(counts.fullestGuilds()));
        if (!facts.isCrossed()) {
            return new Enough(
                    fullest
                            + ", which is the most of "
                            + known(facts)
                            + "; the limit is "
                            + facts.percentage()
                            + " %");
        }
        int now = facts.own().count();
        TargetCount target = TargetCount.of(facts, now + 1);
        String limit = fullest + ", the limit is " + facts.percentage() + " %: ";
        return target.shards() <= now
                ? new Enough(
                        limit + "but gw can't have more than " + Figures.count(now) + " shards")
                : new Reshard(
                        target.shards(),
                        limit
                                + Figures.count(target.shards())
                                + " shards instead of "
                                + Figures.count(now)
                                + " ("
                                + target.reasons(facts.recommendedShards())
                                + ")");
    }

    /**
     * How many shards it should be by the same rules, when somebody wants to reshard in any case:
     * more, as many as now, or fewer.
     */
    static int target(ReshardFacts facts) {
        return TargetCount.of(facts, 1).shards();
    }

    private static String known(ReshardFacts facts) {
        ShardRange own = facts.own();
        int known = facts.counts().shards();
        String all = Figures.count(own.size(), "shard", "shards");
        return known < own.size() ? Figures.count(known) + " known of " + all : all;
    }
}
