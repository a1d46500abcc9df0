package gw.supervisor.cli;

import gw.proto.v1.DeliveryStatus;
import gw.proto.v1.DroppedEvents;
import gw.proto.v1.Status;

import java.util.Map;
import java.util.TreeMap;

/** How events get to the bot, and what got lost on the way. */
final class DeliverySection {
    private DeliverySection() {}

    static Section of(Status status) {
        DeliveryStatus delivery = status.getDelivery();
        long now = status.getSupervisor().getNowMs();
        Section section =
                new Section("delivery")
                        .add(
                                Line.of(delivery.getUrl() + Section.BETWEEN)
                                        .add(
                                                delivery.getHealthy() ? Tone.GOOD : Tone.BAD,
                                                delivery.getHealthy()
                                                        ? "healthy"
                                                        : "events don't get through"))
                        .addFacts(
                                "queue "
                                        + Words.count(delivery.getQueuedEvents(), "event", "events")
                                        + " of "
                                        + Words.bytes(delivery.getQueuedBytes()),
                                "on disk "
                                        + Words.bytes(delivery.getQueueDiskBytes())
                                        + " of "
                                        + Words.bytes(delivery.getMaxQueueBytes()),
                                delivery.getOldestAgeMs() == 0
                                        ? ""
                                        : "oldest " + Words.duration(delivery.getOldestAgeMs()),
                                Words.count(delivery.getInFlight()) + " in flight")
                        .addFacts(
                                Words.count(delivery.getDelivered()) + " delivered",
                                Words.rate(delivery.getEventsPerSecond()) + " events/s",
                                Words.count(delivery.getRetries(), "retry", "retries"),
                                some(
                                        delivery.getDuplicatesDropped(),
                                        "came twice and went out once"));
        Latencies.Counts.of(delivery)
                .figures()
                .ifPresent(latencies ->
                        section.add(
                                "from Discord's socket to the bot: "
                                        + latencies.shortWords()
                                        + " since the start"));
        warn(section, dropped(delivery));
        warn(section, sessionsLost(delivery.getSessionsLost()));
        warn(section, deadLettered(delivery));
        warn(section, some(delivery.getBadRecords(), "refused on the link as damaged"));
        warn(section, some(delivery.getDamagedBytes(), "bytes of the queue were damaged"));
        if (!delivery.getLastError().isEmpty()) {
            section.add(
                    "last error "
                            + Words.ago(now, delivery.getLastErrorMs())
                            + ": "
                            + delivery.getLastError());
        }
        return section;
    }

    private static String dropped(DeliveryStatus delivery) {
        if (delivery.getDropped() == 0 && delivery.getGaps() == 0) {
            return "";
        }
        Map<String, Long> reasons = new TreeMap<>();
        for (DroppedEvents drop : delivery.getDropsList()) {
            reasons.merge(drop.getReason(), drop.getEvents(), Long::sum);
        }
        StringBuilder why = new StringBuilder();
        reasons.forEach((reason, events) ->
                why.append(why.isEmpty() ? " (" : ", ")
                        .append(reason)
                        .append(' ')
                        .append(Words.count(events)));
        return Words.count(delivery.getDropped(), "event", "events")
                + " dropped"
                + why
                + (why.isEmpty() ? "; " : "); ")
                + Words.count(delivery.getGaps(), "gap", "gaps")
                + " announced to the bot";
    }

    private static String sessionsLost(long sessions) {
        return sessions == 0
                ? ""
                : Words.count(sessions, "session", "sessions") + " ended by Discord, each a gap";
    }

    private static String deadLettered(DeliveryStatus delivery) {
        return delivery.getDeadLettered() == 0
                ? ""
                : Words.count(delivery.getDeadLettered(), "event", "events")
                        + " refused by the bot for good, kept in "
                        + delivery.getDeadLetterFile();
    }

    private static String some(long number, String what) {
        return number == 0 ? "" : Words.count(number) + " " + what;
    }

    private static void warn(Section section, String text) {
        if (!text.isEmpty()) {
            section.add(Line.of(Tone.WAITING, text));
        }
    }
}
