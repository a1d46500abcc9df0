package gw.supervisor.capacity;

/**
 * To how many shards a bot should go, and why so many: enough for what Discord recommends, for half
 * empty shards, and for all guilds; for large bots a multiple of what Discord demands.
 *
 * @param shards the count, at least 1
 * @param halfEmpty fewest with which the fullest shard is under half full
 * @param atLeast what was asked for beside it: more than now, or 1
 * @param estimatedGuilds of the bot
 * @param multiple of which the count is one; 1: any will do
 */
record TargetCount(int shards, long halfEmpty, int atLeast, long estimatedGuilds, int multiple) {
    /** From so many guilds on Discord demands a multiple. */
    static final long LARGE_BOT = 150_000;

    private static final int HALF = Counts.MOST_GUILDS / 2;
    private static final int USUAL_MULTIPLE = 16;

    /** A shard id has 20 bits among the identify places. */
    private static final long MOST_SHARDS = 1 << 20;

    /**
     * The count for these facts.
     *
     * @param atLeast no fewer than that
     */
    static TargetCount of(ReshardFacts facts, int atLeast) {
        // The fullest has guilds * now / target then: under half of the most.
        long halfEmpty = (long) facts.counts().fullestGuilds() * facts.own().count() / HALF + 1;
        long guilds = facts.estimatedGuilds();
        long needed = Math.ceilDiv(guilds, Counts.MOST_GUILDS);
        long most = Math.max(Math.max(facts.recommendedShards(), halfEmpty), needed);
        int multiple =
                guilds < LARGE_BOT
                        ? 1
                        : facts.maxConcurrency() > 1 ? facts.maxConcurrency() : USUAL_MULTIPLE;
        long target = Math.ceilDiv(Math.max(most, atLeast), multiple) * multiple;
        return new TargetCount(
                (int) Math.min(target, MOST_SHARDS), halfEmpty, atLeast, guilds, multiple);
    }

    /** What made it so many, in words. */
    String reasons(int recommended) {
        StringBuilder words =
                new StringBuilder("Discord recommends ")
                        .append(Figures.count(recommended))
                        .append(", under 50 % full takes ")
                        .append(Figures.count(halfEmpty));
        if (atLeast > Math.max(recommended, halfEmpty)) {
            words.append(", more than now are ").append(Figures.count(atLeast));
        }
        if (multiple > 1) {
            words.append(", with about ")
                    .append(Figures.count(estimatedGuilds))
                    .append(" guilds it must be a multiple of ")
                    .append(multiple);
        }
        return words.toString();
    }
}
