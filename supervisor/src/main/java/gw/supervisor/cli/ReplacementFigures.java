package gw.supervisor.cli;

import gw.proto.v1.DeliveryStatus;
import gw.proto.v1.IdentifyStatus;
import gw.proto.v1.Status;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What it cost to replace processes: the counters of the time between, over one supervisor or two.
 *
 * @param begin when nothing was touched
 * @param lastOfOld the last that the supervisor of the beginning said
 * @param end when all was back, of the same supervisor or the next
 */
record ReplacementFigures(Status begin, Status lastOfOld, Status end) {
    long identifiesSpent() {
        return between(status -> status.getIdentify().getSpent());
    }

    long delivered() {
        return between(status -> status.getDelivery().getDelivered());
    }

    long retries() {
        return between(status -> status.getDelivery().getRetries());
    }

    long dropped() {
        return between(status -> status.getDelivery().getDropped());
    }

    long duplicatesDropped() {
        return between(status -> status.getDelivery().getDuplicatesDropped());
    }

    long sessionsLost() {
        return between(status -> status.getDelivery().getSessionsLost());
    }

    /** Of all events from the supervisor's start to the beginning. */
    Optional<Latencies> latencyBefore() {
        return Latencies.Counts.of(begin.getDelivery()).figures();
    }

    Optional<Latencies> latencyMeanwhile() {
        Latencies.Counts old = counts(isSame() ? end : lastOfOld).since(counts(begin));
        return (isSame() ? old : old.plus(counts(end))).figures();
    }

    private static Latencies.Counts counts(Status status) {
        return Latencies.Counts.of(status.getDelivery());
    }

    private boolean isSame() {
        return begin.getSupervisor().getStartedAtMs() == end.getSupervisor().getStartedAtMs();
    }

    /** A supervisor counts from its own start. */
    private long between(ToLongFunction<Status> counter) {
        long last = counter.applyAsLong(end);
        return isSame()
                ? last - counter.applyAsLong(begin)
                : counter.applyAsLong(lastOfOld) - counter.applyAsLong(begin) + last;
    }

    /** For people. */
    List<String> lines() {
        IdentifyStatus identify = end.getIdentify();
        DeliveryStatus delivery = end.getDelivery();
        return List.of(
                Words.count(identifiesSpent(), "identify", "identifies")
                        + " spent ("
                        + IdentifySection.left(identify)
                        + "), "
                        + Words.count(sessionsLost(), "session", "sessions")
                        + " lost",
                Words.count(delivered(), "event", "events")
                        + " delivered meanwhile, "
                        + Words.count(retries())
                        + " tried again, "
                        + Words.count(duplicatesDropped())
                        + " came twice and went out once, "
                        + Words.count(dropped())
                        + " dropped, "
                        + Words.count(delivery.getQueuedEvents())
                        + " wait",
                "from Discord's socket to the bot: "
                        + latencyMeanwhile().map(Latencies::words).orElse("no event")
                        + "; before: "
                        + latencyBefore().map(Latencies::words).orElse("no event"));
    }
}
