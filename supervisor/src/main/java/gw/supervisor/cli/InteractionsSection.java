package gw.supervisor.cli;

import gw.proto.v1.InteractionStatus;
import gw.proto.v1.Status;

import java.util.List;

/** What gw answered in the bot's place. */
final class InteractionsSection {
    private InteractionsSection() {}

    /** No line when gw doesn't. */
    static List<Line> lines(Status status) {
        InteractionStatus seen = status.getInteractions();
        if (seen.getMode().isEmpty() || seen.getMode().equals("off")) {
            return List.of();
        }
        long deferred =
                seen.getDeferredCommands()
                        + seen.getDeferredComponents()
                        + seen.getDeferredAutocompletes();
        Section section =
                new Section("deferral")
                        .addFacts(
                                seen.getMode()
                                        + ", after "
                                        + Words.duration(seen.getDeferAfterMs()),
                                Words.count(deferred, "interaction", "interactions") + " deferred",
                                Words.count(seen.getWaiting()) + " waiting",
                                some(seen.getAcknowledgedByBot(), "answered by the bot before"));
        String lost =
                Section.joined(
                        some(seen.getTooLate(), "too late"),
                        some(seen.getLimited(), "held up by the rate limit"),
                        some(seen.getFailed(), "failed"),
                        some(seen.getNotTaken(), "too many at once"),
                        some(seen.getNotUnderstood(), "not understood"));
        if (!lost.isEmpty()) {
            section.add(Line.of(Tone.WAITING, "not deferred: " + lost));
        }
        if (!seen.getLastError().isEmpty()) {
            section.add(
                    "last error "
                            + Words.ago(status.getSupervisor().getNowMs(), seen.getLastErrorMs())
                            + ": "
                            + seen.getLastError());
        }
        return section.lines();
    }

    private static String some(long number, String what) {
        return number == 0 ? "" : Words.count(number) + " " + what;
    }
}
