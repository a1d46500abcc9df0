package gw.sim.gateway;

import java.time.Duration;

/**
 * What the fake Discord is like.
 *
 * @param seed makes a run repeatable
 * @param port 0: any free one
 * @param token the only one that is taken, without "Bot "
 * @param shards what {@code /gateway/bot} recommends
 * @param maxConcurrency identify buckets
 * @param startTotal session starts a day
 * @param startRemaining of those, left
 * @param identifyWindow between two identifies of one bucket
 * @param heartbeatInterval told in HELLO
 * @param allowedIntents bits that may be asked for; privileged ones are switched off by leaving
 *     them out
 * @param guilds how many the bot is in
 * @param replayEvents most events kept for each session
 * @param ledgerEvents most events kept in the ledger
 * @param skew how much later than another a session may be told of what happened, and in which
 *     order of the guilds; zero: all at once and alike
 * @param startReset from the start of the sim to the first reset of the session start limit, and
 *     between resets
 */
public record SimSettings(
        long seed,
        int port,
        String token,
        int shards,
        int maxConcurrency,
        int startTotal,
        int startRemaining,
        Duration identifyWindow,
        Duration heartbeatInterval,
        long allowedIntents,
        int guilds,
        int replayEvents,
        int ledgerEvents,
        Duration skew,
        Duration startReset) {
    /** All intents that Discord documents: bits 0 to 25, but for 17 to 19, 22 and 23. */
    public static final long KNOWN_INTENTS =
            0x1FFFFL | (1L << 20) | (1L << 21) | (1L << 24) | (1L << 25);

    /** A small bot whose limits are Discord's. */
    public static SimSettings defaults() {
        return new SimSettings(
                1,
                0,
                "sim-token",
                4,
                1,
                1000,
                1000,
                Duration.ofSeconds(5),
                Duration.ofMillis(41_250),
                KNOWN_INTENTS,
                100,
                50_000,
                2_000_000,
                Duration.ZERO,
                Duration.ofDays(1));
    }

    /** The same with another seed. */
    public SimSettings withSeed(long newSeed) {
        return new SimSettings(
                newSeed,
                port,
                token,
                shards,
                maxConcurrency,
                startTotal,
                startRemaining,
                identifyWindow,
                heartbeatInterval,
                allowedIntents,
                guilds,
                replayEvents,
                ledgerEvents,
                skew,
                startReset);
    }

    /** The same on another port with another token. */
    public SimSettings at(int newPort, String newToken) {
        return new SimSettings(
                seed,
                newPort,
                newToken,
                shards,
                maxConcurrency,
                startTotal,
                startRemaining,
                identifyWindow,
                heartbeatInterval,
                allowedIntents,
                guilds,
                replayEvents,
                ledgerEvents,
                skew,
                startReset);
    }

    /** The same for a bot of another size. */
    public SimSettings sized(int newShards, int newMaxConcurrency, int newGuilds) {
        return new SimSettings(
                seed,
                port,
                token,
                newShards,
                newMaxConcurrency,
                startTotal,
                startRemaining,
                identifyWindow,
                heartbeatInterval,
                allowedIntents,
                newGuilds,
                replayEvents,
                ledgerEvents,
                skew,
                startReset);
    }

    /** The same with another rhythm. */
    public SimSettings timed(Duration newIdentifyWindow, Duration newHeartbeatInterval) {
        return new SimSettings(
                seed,
                port,
                token,
                shards,
                maxConcurrency,
                startTotal,
                startRemaining,
                newIdentifyWindow,
                newHeartbeatInterval,
                allowedIntents,
                guilds,
                replayEvents,
                ledgerEvents,
                skew,
                startReset);
    }

    /** The same with other limits. */
    public SimSettings limited(int newTotal, int newRemaining, long newAllowedIntents) {
        return new SimSettings(
                seed,
                port,
                token,
                shards,
                maxConcurrency,
                newTotal,
                newRemaining,
                identifyWindow,
                heartbeatInterval,
                newAllowedIntents,
                guilds,
                replayEvents,
                ledgerEvents,
                skew,
                startReset);
    }

    /** The same with other bounds on what is remembered. */
    public SimSettings remembering(int newReplayEvents, int newLedgerEvents) {
        return new SimSettings(
                seed,
                port,
                token,
                shards,
                maxConcurrency,
                startTotal,
                startRemaining,
                identifyWindow,
                heartbeatInterval,
                allowedIntents,
                guilds,
                newReplayEvents,
                newLedgerEvents,
                skew,
                startReset);
    }

    /** The same with sessions that are told of things at different moments. */
    public SimSettings withSkew(Duration newSkew) {
        return late(newSkew, startReset);
    }

    /** The same with another period of the session start limit. */
    public SimSettings withStartReset(Duration newStartReset) {
        return late(skew, newStartReset);
    }

    private SimSettings late(Duration newSkew, Duration newStartReset) {
        return new SimSettings(
                seed,
                port,
                token,
                shards,
                maxConcurrency,
                startTotal,
                startRemaining,
                identifyWindow,
                heartbeatInterval,
                allowedIntents,
                guilds,
                replayEvents,
                ledgerEvents,
                newSkew,
                newStartReset);
    }
}
