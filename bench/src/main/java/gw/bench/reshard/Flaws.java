package gw.bench.reshard;

import gw.bench.reshard.Arrivals.Arrival;
import gw.sim.ledger.SentEvent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tells of each happening that was lost, doubled or out of order what its copies were: in which
 * session, when, and what became of each; and what was said more than once in its guild about then,
 * for such events are told apart by how many there are.
 */
final class Flaws {
    private static final int TOLD = 20;
    private static final long EQUALS_WITHIN_NANOS = 20_000_000_000L;

    private record Content(long guildId, long hash) {}

    private final Map<Long, List<SentEvent>> copies = new HashMap<>();
    private final Map<Content, List<SentEvent>> equals = new HashMap<>();
    private final Map<Long, Arrival> arrivals = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final Contents contents;
    private final long zeroNanos;

    private Flaws(Contents contents, long zeroNanos) {
        this.contents = contents;
        this.zeroNanos = zeroNanos;
    }

    /**
     * In lines; empty: there is none.
     *
     * @param zeroNanos times are told from this moment: the switch
     */
    static List<String> of(
            List<SentEvent> sent, Arrivals arrivals, Contents contents, long zeroNanos) {
        Flaws flaws = new Flaws(contents, zeroNanos);
        for (SentEvent event : sent) {
            if (!event.isOwn()) {
                flaws.copies.computeIfAbsent(event.happening(), _ -> new ArrayList<>(2)).add(event);
                flaws.equals
                        .computeIfAbsent(flaws.content(event), _ -> new ArrayList<>(2))
                        .add(event);
            }
        }
        arrivals.all().forEach(arrival -> flaws.arrivals.put(arrival.sent().order(), arrival));
        flaws.missingAndDoubled();
        flaws.outOfOrder(arrivals.all());
        return flaws.lines;
    }

    private Content content(SentEvent event) {
        return new Content(event.guildId(), contents.of(event.happening()));
    }

    private void missingAndDoubled() {
        List<Long> missing = new ArrayList<>();
        List<Long> doubled = new ArrayList<>();
        copies.forEach((happening, all) -> {
            long came = all.stream().filter(copy -> arrivals.containsKey(copy.order())).count();
            if (came == 0) {
                missing.add(happening);
            } else if (came > 1) {
                doubled.add(happening);
            }
        });
        tell("lost", missing);
        tell("doubled", doubled);
    }

    private void outOfOrder(List<Arrival> all) {
        Map<Long, Long> last = new HashMap<>();
        Set<Long> came = new LinkedHashSet<>();
        List<Long> late = new ArrayList<>();
        for (Arrival arrival : all) {
            SentEvent event = arrival.sent();
            if (event.isOwn() || !came.add(event.happening())) {
                continue;
            }
            long before = last.merge(event.guildId(), event.happening(), Math::max);
            if (before > event.happening()) {
                late.add(event.happening());
            }
        }
        tell("out of order, behind something later of their guild", late);
    }

    private void tell(String what, List<Long> happenings) {
        if (happenings.isEmpty()) {
            return;
        }
        lines.add(what + ": " + happenings.size());
        happenings.stream()
                .sorted()
                .limit(TOLD)
                .forEach(happening -> {
                    List<SentEvent> all = copies.getOrDefault(happening, List.of());
                    SentEvent first = all.getFirst();
                    lines.add(
                            "  happening "
                                    + happening
                                    + ": "
                                    + first.name()
                                    + " of guild "
                                    + first.guildId());
                    all.forEach(copy -> lines.add("    " + where(copy)));
                    equalsIn(first);
                });
    }

    /** What was said more than once in this guild at about that time. */
    private void equalsIn(SentEvent about) {
        equals.forEach((content, all) -> {
            List<SentEvent> near =
                    all.stream()
                            .filter(one ->
                                    Math.abs(one.sentAtNanos() - about.sentAtNanos())
                                            < EQUALS_WITHIN_NANOS)
                            .toList();
            if (content.guildId() == about.guildId()
                    && near.stream().mapToLong(SentEvent::happening).distinct().count() > 1) {
                lines.add("      said more than once: " + near.getFirst().name());
                near.forEach(one ->
                        lines.add("        happening " + one.happening() + ": " + where(one)));
            }
        });
    }

    private String where(SentEvent copy) {
        Arrival arrival = arrivals.get(copy.order());
        return String.format(
                Locale.ROOT,
                "shard %d/%d, %s, sent at %+.3f s, %s",
                copy.shardId(),
                copy.shardCount(),
                copy.id(),
                (copy.sentAtNanos() - zeroNanos) / 1e9,
                arrival == null
                        ? "did not come"
                        : String.format(
                                Locale.ROOT,
                                "came at %+.3f s",
                                (arrival.atNanos() - zeroNanos) / 1e9));
    }
}
