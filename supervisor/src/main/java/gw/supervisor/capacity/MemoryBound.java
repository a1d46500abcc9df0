package gw.supervisor.capacity;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * Whether the machine has memory for new workers beside those that run. Pure.
 *
 * @param fits whether they may be launched
 * @param neededBytes what they will take, as estimated
 * @param free what they may take; empty: not known
 * @param words all of it in words for people
 */
public record MemoryBound(boolean fits, long neededBytes, OptionalLong free, String words) {
    /** A worker's resident memory with few shards, as docs/performance.md has it measured. */
    static final long WORKER_BYTES = 100L * 1024 * 1024;

    /** What each further shard takes, from there. */
    static final long SHARD_BYTES = 44L * 1024;

    /** The part of the machine's memory that stays free: a tenth. */
    private static final int KEPT_FREE = 10;

    /**
     * Judges.
     *
     * @param workers how many are to be launched
     * @param shards how many they will have together
     * @param livingRssBytes resident memory of each worker that runs, as far as it is known: of
     *     those that have served for long a new one will take as much
     * @param memory the machine's; empty: not known, and then it fits
     */
    public static MemoryBound of(
            int workers, int shards, long[] livingRssBytes, Optional<MachineMemory> memory) {
        double mean = LongStream.of(livingRssBytes).filter(rss -> rss > 0).average().orElse(0);
        long each = Math.max(WORKER_BYTES, Math.round(mean));
        long needed = workers * each + shards * SHARD_BYTES;
        String need =
                Figures.count(workers, "worker", "workers")
                        + " with "
                        + Figures.count(shards, "shard", "shards")
                        + " will take about "
                        + Figures.bytes(needed);
        if (memory.isEmpty()) {
            return new MemoryBound(
                    true,
                    needed,
                    OptionalLong.empty(),
                    need + "; how much the machine has is not known");
        }
        long available = memory.get().availableBytes();
        long kept = memory.get().totalBytes() / KEPT_FREE;
        long free = Math.max(0, available - kept);
        String has =
                "the machine has "
                        + Figures.bytes(available)
                        + " available, of which "
                        + Figures.bytes(kept)
                        + " stay free";
        return needed <= free
                ? new MemoryBound(true, needed, OptionalLong.of(free), need + "; " + has)
                : new MemoryBound(
                        false,
                        needed,
                        OptionalLong.of(free),
                        need + ", which does not fit: " + has);
    }
}
