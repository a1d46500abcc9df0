package gw.supervisor.delivery;

import gw.supervisor.log.LogUsage;

import java.util.Optional;

/**
 * How the delivery stands.
 *
 * @param inFlight tries under way
 * @param log what is held and was lost
 * @param delivered events settled, ever
 * @param retries tries that failed, ever
 * @param deadLettered events given up, ever
 * @param lastError the last failed try in words; empty: none yet
 * @param lastErrorMillis when that was, since the epoch; 0: never
 * @param oldestAgeMillis age of the oldest event that isn't settled; 0: none
 * @param healthy whether events get through
 * @param problem what a human should look at
 * @param latency of the events delivered, ever; nobody counts in it any more
 */
public record DeliveryStats(
        int inFlight,
        LogUsage log,
        long delivered,
        long retries,
        long deadLettered,
        String lastError,
        long lastErrorMillis,
        long oldestAgeMillis,
        boolean healthy,
        Optional<String> problem,
        LatencyHistogram latency) {}
