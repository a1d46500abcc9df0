package gw.supervisor.delivery;

/**
 * Bounds of the delivery.
 *
 * @param concurrency most tries under way at once
 * @param maxWindowEvents most events read ahead to find work for other guilds
 * @param maxWindowBytes the same in bytes
 * @param refusals tries of an event that the bot refuses, before it is given up
 */
public record DeliverySettings(
        int concurrency, int maxWindowEvents, long maxWindowBytes, int refusals) {
    public DeliverySettings {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency: " + concurrency + " (expected: >= 1)");
        }
    }

    /** Sane bounds around the user's. */
    public static DeliverySettings of(int concurrency) {
        return new DeliverySettings(concurrency, 16_384, 32L * 1024 * 1024, 3);
    }
}
