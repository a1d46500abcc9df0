package gw.supervisor.delivery;

import gw.supervisor.log.LogLimits;

/**
 * Bounds of the delivery.
 *
 * @param concurrency most tries under way at once
 * @param maxWindowEvents most events read ahead to find work for other guilds
 * @param maxWindowBytes the same in bytes
 * @param refusals tries of an event that the bot refuses, before it is given up
 * @param batches how many events share a try
 */
public record DeliverySettings(
        int concurrency,
        int maxWindowEvents,
        long maxWindowBytes,
        int refusals,
        BatchSettings batches) {
    private static final int FEW_IN_MEMORY = 4;

    public DeliverySettings {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency: " + concurrency + " (expected: >= 1)");
        }
    }

    /**
     * Sane bounds around the user's. What is read ahead is a part of the log's limits only, so that
     * those still bite.
     */
    public static DeliverySettings of(int concurrency, BatchSettings batches, LogLimits limits) {
        int least = Math.min(16_384, concurrency * batches.most());
        return new DeliverySettings(
                concurrency,
                Math.clamp(limits.maxEvents() / 4, least, 16_384),
                Math.clamp(limits.maxBytes() / 4, 1, 32L * 1024 * 1024),
                3,
                batches);
    }

    /** Events of one order that wait with their bytes at hand: what may go with one request. */
    int mostInMemory() {
        return Math.max(FEW_IN_MEMORY, batches.most());
    }
}
