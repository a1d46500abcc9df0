package gw.bench.reshard;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The figures in Markdown: a column for each reshard. */
final class Table {
    private final List<Figures> all;
    private final StringBuilder out = new StringBuilder();

    private Table(List<Figures> all) {
        this.all = all;
    }

    static String of(List<Figures> all) {
        Table table = new Table(all);
        table.row("shards", one -> one.change().from() + " to " + one.change().to());
        table.out.append("|---|").append("--:|".repeat(all.size())).append('\n');
        table.row("max_concurrency", one -> one.change().maxConcurrency());
        table.row("events that the bot got", one -> one.balance().received());
        table.row("lost", one -> one.balance().missing() + one.balance().announcedLost());
        table.row("duplicated", one -> one.balance().duplicated());
        table.row("out of order", one -> one.balance().outOfOrder());
        table.row("the same event in both generations, delivered once", Figures::merged);
        table.row("only in the new one", Figures::added);
        table.row("duplicates possible, as gw says", Figures::duplicatesPossible);
        table.row("identifies spent", Figures::identifies);
        table.row("rules of Discord broken", one -> total(one));
        table.row(
                "Discord's floor + overlap",
                one -> seconds(one.floor()) + " + " + seconds(one.overlap()) + " s");
        table.row(
                "order to switch",
                one -> one.toSwitch().map(Table::seconds).orElse("never") + " s");
        table.row(
                "beyond floor and overlap",
                one ->
                        one.beyondPercent()
                                .map(percent -> String.format(Locale.ROOT, "%+.1f %%", percent))
                                .orElse("-"));
        table.row("order to end", one -> seconds(one.toEnd()) + " s");
        table.row("RSS before, MiB (processes)", one -> memory(one.memoryBefore()));
        table.row("RSS at the peak, MiB (processes)", one -> memory(one.memoryPeak()));
        table.row("RSS after, MiB (processes)", one -> memory(one.memoryAfter()));
        table.row("latency before, p50 / p99 ms", one -> latency(one.latencyBefore()));
        table.row(
                "latency from order to switch, p50 / p99 ms", one -> latency(one.latencyDuring()));
        table.row(
                "latency in the two seconds around the switch, p50 / p99 ms",
                one -> latency(one.latencyAround()));
        table.row("latency after, p50 / p99 ms", one -> latency(one.latencyAfter()));
        table.row("longest time without a delivery before, ms", one -> pause(one.latencyBefore()));
        table.row(
                "longest time without a delivery around the switch, ms",
                one -> pause(one.latencyAround()));
        return table.out.toString();
    }

    private void row(String name, Function<Figures, Object> figure) {
        out.append("| ").append(name).append(" | ");
        out.append(
                all.stream()
                        .map(one -> cell(figure.apply(one)))
                        .collect(Collectors.joining(" | ")));
        out.append(" |\n");
    }

    private static String cell(Object figure) {
        return figure instanceof Number number
                ? String.format(Locale.ROOT, "%,d", number.longValue())
                : figure.toString();
    }

    private static long total(Figures figures) {
        return figures.violations().values().stream().mapToLong(Long::longValue).sum();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e9);
    }

    private static String memory(Optional<Memory.Look> look) {
        return look.map(one ->
                        String.format(
                                Locale.ROOT, "%d (%d)", one.rssBytes() >> 20, one.processes()))
                .orElse("-");
    }

    private static String latency(Optional<Arrivals.Slice> slice) {
        return slice.map(one ->
                        String.format(
                                Locale.ROOT,
                                "%.2f / %.2f",
                                one.p50Nanos() / 1e6,
                                one.p99Nanos() / 1e6))
                .orElse("-");
    }

    private static String pause(Optional<Arrivals.Slice> slice) {
        return slice.map(one -> String.format(Locale.ROOT, "%.0f", one.longestPauseNanos() / 1e6))
                .orElse("-");
    }
}
