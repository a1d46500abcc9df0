package gw.supervisor.log;

import gw.record.RecordFormat;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Says once what can't be read any more, and has the bot told which events stood there (P1). Owned
 * by one thread.
 */
final class DamageWatch implements SegmentReader.Damages {
    private static final int MOST_SAID = 3;

    private final NavigableMap<Long, Segment> segments;
    private final Set<Long> recounted;
    private final Tail tail;
    private final SeenSequences seen;
    private final SessionBook book;
    private final GapNotices notices;
    private final DropCounts counts;
    private final InstantSource clock;
    private final Consumer<String> report;
    private final Map<Long, Surveyed> surveyed = new HashMap<>();
    private final List<Loss> untold = new ArrayList<>();
    private long bytes;
    private boolean news;

    /** What is known of a segment, so that nothing is told twice. */
    private static final class Surveyed {
        private final Set<Integer> places = new HashSet<>();
        private final ToldLosses told = new ToldLosses();
    }

    /**
     * Nothing is damaged yet.
     *
     * @param recounted segments whose counts leave out what can't be read
     */
    DamageWatch(
            NavigableMap<Long, Segment> segments,
            Set<Long> recounted,
            Tail tail,
            SeenSequences seen,
            SessionBook book,
            GapNotices notices,
            DropCounts counts,
            InstantSource clock,
            Consumer<String> report) {
        this.segments = segments;
        this.recounted = recounted;
        this.tail = tail;
        this.seen = seen;
        this.book = book;
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
        Surveyed known = surveyed.get(segment.number());
        if (known == null || !known.places.contains(offset)) {
            survey(segment, null);
        }
    }

    /** Looks at a segment before anything of it is removed. */
    void look(long number) {
        survey(number, null);
    }

    /** Looks at a segment of which an end is missing that it had once. */
    void look(LogFiles.Cut cut) {
        survey(cut.number(), cut);
    }

    private void survey(long number, LogFiles.@Nullable Cut cut) {
        Segment segment = segments.get(number);
        if (segment != null) {
            survey(segment, cut);
        }
    }

    private void survey(Segment segment, LogFiles.@Nullable Cut cut) {
        surveyed.keySet().retainAll(segments.keySet());
        Surveyed known = surveyed.computeIfAbsent(segment.number(), _ -> new Surveyed());
        DamageSurvey survey =
                new DamageSurvey(
                        segment,
                        seen,
                        cut == null
                                ? new DamageSurvey.Counts(
                                        !recounted.contains(segment.number()),
                                        segment.records(),
                                        segment.unsettled())
                                : cut.counts(),
                        tail.begin(segment));
        try {
            survey.run(
                    cut == null ? null : cut.stretch(),
                    segments.get(segment.number() + 1),
                    segments.lastKey() == segment.number(),
                    book.all());
        } catch (IOException e) {
            report.accept(segment.file() + " can't be read: " + e.getMessage());
            tell(known, survey.anything(book.all()));
            return;
        }
        say(
                segment,
                survey.stretches().stream().filter(one -> known.places.add(one.offset())).toList());
        tell(known, survey.losses());
    }

    private void tell(Surveyed known, List<Loss> losses) {
        news |= untold.addAll(known.told.news(losses));
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

    /**
     * Writes down what is to be told.
     *
     * @throws IOException when there is no room; it is still to be written then
     */
    void announce() throws IOException {
        if (untold.isEmpty()) {
            return;
        }
        GapNotices.Draft draft = notices.draft(RecordFormat.micros(clock));
        untold.forEach(draft::add);
        draft.commit();
        untold.forEach(loss -> counts.add("UNREADABLE", loss.events(), DropReason.DAMAGED));
        untold.stream().limit(MOST_SAID).forEach(loss -> report.accept(words(loss)));
        if (untold.size() > MOST_SAID) {
            report.accept((untold.size() - MOST_SAID) + " more such losses: the bot is told");
        }
        untold.clear();
    }

    /** Whether there is something to be told that nobody has tried to write down. */
    boolean hasNews() {
        return news;
    }

    /** The same as {@link #announce}, as far as it goes now; the next tick tries again. */
    void tryToAnnounce() {
        news = false;
        try {
            announce();
        } catch (IOException e) {
            // Whoever writes events says that there is no room.
        }
    }

    private static String words(Loss loss) {
        return "shard "
                + loss.shardId()
                + ": "
                + (loss.events() == 0 ? "perhaps some" : "at most " + loss.events())
                + " events of session "
                + loss.sessionId()
                + (loss.last() == 0 ? "" : ", up to sequence " + loss.last() + ",")
                + " can't be read any more: the bot is told";
    }
}
