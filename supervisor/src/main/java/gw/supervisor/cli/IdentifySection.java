package gw.supervisor.cli;

import gw.proto.v1.IdentifyStatus;
import gw.proto.v1.Status;

import java.time.ZoneId;

/** The budget of session starts, and who waits for one. */
final class IdentifySection {
    private IdentifySection() {}

    static Section of(Status status, ZoneId zone) {
        IdentifyStatus identify = status.getIdentify();
        long now = status.getSupervisor().getNowMs();
        boolean low = identify.getRemaining() <= identify.getReserve();
        Section section =
                new Section("identify")
                        .add(
                                Line.of(low ? Tone.WAITING : Tone.PLAIN, left(identify))
                                        .add(
                                                identify.getResetsAtMs() == 0
                                                        ? ""
                                                        : Section.BETWEEN
                                                                + "full again in "
                                                                + Words.duration(
                                                                        identify.getResetsAtMs()
                                                                                - now))
                                        .add(
                                                Section.BETWEEN
                                                        + Words.count(identify.getReserve())
                                                        + " kept in reserve"
                                                        + Section.BETWEEN
                                                        + Words.count(identify.getSpent())
                                                        + " spent since the start"));
        String buckets =
                Words.count(identify.getMaxConcurrency(), "bucket", "buckets")
                        + ", an identify every "
                        + Words.duration(identify.getIntervalMs())
                        + " in each";
        section.addFacts(
                buckets,
                identify.getQueued() == 0
                        ? "none queued"
                        : Words.count(identify.getQueued()) + " queued" + done(identify, now));
        if (identify.getWaitingUntilMs() > now) {
            section.add(
                    Line.of(
                            Tone.BAD,
                            "waits until "
                                    + Words.time(identify.getWaitingUntilMs(), now, zone)
                                    + " (for "
                                    + Words.duration(identify.getWaitingUntilMs() - now)
                                    + "): the session start limit is spent"));
        }
        return section;
    }

    /** For example "987 of 1000 session starts left". */
    static String left(IdentifyStatus identify) {
        return Words.count(identify.getRemaining())
                + " of "
                + Words.count(identify.getTotal())
                + " session starts left";
    }

    private static String done(IdentifyStatus identify, long now) {
        return identify.getDoneAtMs() == 0
                ? ""
                : ", done in " + Words.duration(identify.getDoneAtMs() - now);
    }
}
