package gw.chaos;

/** Actions of one lane come one after another; those of different lanes overlap. */
enum Lane {
    WORKER(1_000, 7_000),
    SUPERVISOR(3_000, 12_000),
    BOT(2_000, 8_000),
    SHARD(500, 4_000),
    OUTAGE(3_000, 12_000),
    DISK(10_000, 30_000);

    /** Least time between the end of one action and the begin of the next. */
    final long shortestMillis;

    /** Most of it, but for the rests. */
    final long longestMillis;

    Lane(long shortestMillis, long longestMillis) {
        this.shortestMillis = shortestMillis;
        this.longestMillis = longestMillis;
    }
}
