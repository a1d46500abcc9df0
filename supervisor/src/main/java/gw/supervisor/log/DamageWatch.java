package gw.supervisor.log;

import gw.record.RecordFormat;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Says once what can't be read any more, and has the bot told which events stood there (P1). Owned
 * by one thread.
 */
final class DamageWatch implements SegmentReader.Damages {
    private static final int MOST_SAID = 3;

    private final SegmentChain chain;
    private final SeenSequences seen;
    private final GapNotices notices;
    private final DropCounts counts;
    private final InstantSource clock;
    private final Consumer<String> report;
    private final Map<Long, Integer> surveyed = new HashMap<>();
    private final List<DamageSurvey.Loss> untold = new ArrayList<>();
    private long bytes;

    /** Nothing is damaged yet. */
    DamageWatch(
            SegmentChain chain,
            SeenSequences seen,
            GapNotices notices,
            DropCounts counts,
            InstantSource clock,
            Consumer<String> report) {
        this.chain = chain;
        this.seen = seen;
        this.notices = notices;
        this.counts = counts;
        this.clock = clock;
        this.report = report;
    }

    /** What could not be read, ever. */
    long bytes() {
        return bytes;
    }

    @Override
    public void found(Segment segment, int offset, int length, String what) {
        if (offset >= surveyed.getOrDefault(segment.number(), 0)) {
            survey(segment, null);
        }
    }

    /** Looks at a segment of which an end is missing that it had once. */
    void cut(LogFiles.Cut cut) {
        Segment segment = chain.segments().get(cut.number());
        if (segment != null) {
            survey(
                    segment,
                    new DamageSurvey.Stretch(
                            segment.length(), cut.bytes(), cut.settled(), "the file is cut"));
        }
    }

    private void survey(Segment segment, DamageSurvey.@Nullable Stretch cut) {
        int from = surveyed.getOrDefault(segment.number(), 0);
        surveyed.keySet().retainAll(chain.segments().keySet());
        surveyed.put(segment.number(), segment.length());
        DamageSurvey survey = new DamageSurvey(segment, seen);
        try {
            Map.Entry<Long, Segment> next = chain.segments().higherEntry(segment.number());
            survey.run(cut, next == null ? null : next.getValue());
        } catch (IOException e) {
            surveyed.remove(segment.number());
            report.accept(segment.file() + " can't be read: " + e.getMessage());
            return;
        }
        say(segment, survey.stretches().stream().filter(one -> one.offset() >= from).toList());
        for (DamageSurvey.Loss loss : survey.losses()) {
            if (loss.place().offset() >= from) {
                untold.add(loss);
            }
        }
    }

    private void say(Segment segment, List<DamageSurvey.Stretch> stretches) {
        for (DamageSurvey.Stretch one : stretches) {
            bytes += one.bytes();
        }
        stretches.stream()
                .limit(MOST_SAID)
                .forEach(one ->
                        report.accept(
                                segment.file()
                                        + ": "
                                        + one.bytes()
                                        + " bytes at byte "
                                        + one.offset()
                                        + " are lost: "
                                        + one.what()));
        if (stretches.size() > MOST_SAID) {
            report.accept(
                    segment.file()
                            + ": "
                            + (stretches.size() - MOST_SAID)
                            + " more places of it are lost");
        }
    }

    /** Writes down what is to be told of it; what can't be written down now waits. */
    void announce() {
        if (untold.isEmpty()) {
            return;
        }
        GapNotices.Draft draft = notices.draft(RecordFormat.micros(clock));
        untold.forEach(draft::add);
        try {
            draft.commit();
        } catch (IOException e) {
            return;
        }
        untold.forEach(loss -> counts.add("UNREADABLE", loss.events(), DropReason.DAMAGED));
        untold.stream()
                .limit(MOST_SAID)
                .forEach(loss ->
                        report.accept(
                                "shard "
                                        + loss.shardId()
                                        + ": "
                                        + (loss.events() == 0 ? "" : loss.events() + " ")
                                        + "events up to sequence "
                                        + loss.last()
                                        + " of session "
                                        + loss.sessionId()
                                        + " can't be read any more: the bot is told"));
        if (untold.size() > MOST_SAID) {
            report.accept((untold.size() - MOST_SAID) + " more such losses: the bot is told");
        }
        untold.clear();
    }
}
