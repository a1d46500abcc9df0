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
    public DeliverySettings {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency: " + concurrency + " (expected: >= 1)");
        }
    }

    /**
     * Sane bounds around the user's. What is read ahead can't be dropped any more, so it is a part
     * of the log's limits only.
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
}
