package gw.bench.reshard;

import gw.sim.bot.Received;
import gw.sim.bot.ReceivedEvent;
import gw.sim.bot.ReceivedNotice;
import gw.sim.ledger.SentEvent;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What reached the bot, each joined with what the sim had sent, in the order of arrival. */
final class Arrivals {
    /** One that came for the first time. */
    record Arrival(SentEvent sent, long order, long atNanos) {
        long latencyNanos() {
            return atNanos - sent.sentAtNanos();
        }
    }

    /** How long events took from the sim's session to the bot, and the longest silence. */
    record Slice(int events, long p50Nanos, long p99Nanos, long longestPauseNanos) {}

    private final List<Arrival> all = new ArrayList<>();
    private final OptionalLong switchedAt;

    Arrivals(List<SentEvent> sent, Received received) {
        Map<String, Map<Long, SentEvent>> sessions = new HashMap<>();
        for (SentEvent event : sent) {
            sessions.computeIfAbsent(event.sessionId(), _ -> new HashMap<>())
                    .put(event.sequence(), event);
        }
        BitSet came = new BitSet();
        received.events().stream()
                .sorted(Comparator.comparingLong(ReceivedEvent::order))
                .forEach(event -> {
                    SentEvent original =
                            sessions.getOrDefault(event.sessionId(), Map.of())
                                    .get(event.sequence());
                    if (original != null && !came.get((int) original.order())) {
                        came.set((int) original.order());
                        all.add(new Arrival(original, event.order(), event.arrivedAtNanos()));
                    }
                });
        this.switchedAt = switched(received);
    }

    /** A notice has no time of its own: it came right after the event before it. */
    private OptionalLong switched(Received received) {
        Optional<ReceivedNotice> notice =
                received.notices().stream()
                        .filter(one -> one.name().equals("GW_RESHARDED"))
                        .findFirst();
        if (notice.isEmpty()) {
            return OptionalLong.empty();
        }
        long order = notice.get().order();
        return all.stream()
                .filter(arrival -> arrival.order() < order)
                .mapToLong(Arrival::atNanos)
                .reduce((_, last) -> last);
    }

    /** When the bot was told that another shard count begins; empty: never. */
    OptionalLong switchedAt() {
        return switchedAt;
    }

    /** In the order of arrival. */
    List<Arrival> all() {
        return all;
    }

    /** Of those that arrived between two moments; empty: none did. */
    Optional<Slice> between(long fromNanos, long toNanos) {
        long[] times =
                all.stream()
                        .filter(arrival -> within(arrival, fromNanos, toNanos))
                        .mapToLong(Arrival::atNanos)
                        .sorted()
                        .toArray();
        if (times.length == 0) {
            return Optional.empty();
        }
        long[] latencies =
                all.stream()
                        .filter(arrival -> within(arrival, fromNanos, toNanos))
                        .mapToLong(Arrival::latencyNanos)
                        .sorted()
                        .toArray();
        long pause = 0;
        for (int i = 1; i < times.length; i++) {
            pause = Math.max(pause, times[i] - times[i - 1]);
        }
        return Optional.of(
                new Slice(latencies.length, at(latencies, 0.5), at(latencies, 0.99), pause));
    }

    private static boolean within(Arrival arrival, long fromNanos, long toNanos) {
        return arrival.atNanos() - fromNanos >= 0 && arrival.atNanos() - toNanos < 0;
    }

    private static long at(long[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
