package gw.supervisor.log;

import gw.record.RecordKind;
import gw.record.RecordView;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds what an earlier process left in the log's directory and keeps all of it that is good. The
 * last two segments are read whole, for they tell the sessions; of the others the seal is enough,
 * and their records are checked when their turn comes.
 */
final class LogFiles {
    static final String GAPS = "gaps";
    static final String RESERVE = "reserve";

    private static final String UNUSED_MAP = "unused.tmp";

    private static final int READ_WHOLE = 2;
    private static final Set<String> OURS = Set.of(GAPS, GAPS + ".tmp", RESERVE, UNUSED_MAP);

    private final LogSettings settings;
    private final SeenSequences seen;
    private final SessionBook book;
    private final LogWatcher watcher;
    private final Consumer<String> report;
    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private final List<Path> lost = new ArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();
    private final Set<Long> recounted = new HashSet<>();
    private final List<Long> damaged = new ArrayList<>();
    private long lastNumber;
    private boolean hole;

    /**
     * A segment that has lost its end, and not by a power cut.
     *
     * @param stretch what is missing
     * @param counts of when it was whole
     * @param seal to be kept once what is missing is announced
     */
    record Cut(
            long number,
            DamageSurvey.Stretch stretch,
            DamageSurvey.Counts counts,
            SettledMap map,
            SettledMap.Seal seal) {}

    LogFiles(
            LogSettings settings,
            SeenSequences seen,
            SessionBook book,
            LogWatcher watcher,
            Consumer<String> report) {
        this.settings = settings;
        this.seen = seen;
        this.book = book;
        this.watcher = watcher;
        this.report = report;
    }

    /** What was found, oldest first; all sealed. */
    NavigableMap<Long, Segment> segments() {
        return segments;
    }

    /** No file of the directory has a higher number. */
    long lastNumber() {
        return lastNumber;
    }

    /**
     * Looks through the directory.
     *
     * @throws IOException when it can't be read
     * @throws NewerLogException when a newer version of gw wrote it
     */
    void find() throws IOException, NewerLogException {
        List<Long> numbers = numbers();
        for (int i = 0; i < numbers.size(); i++) {
            take(numbers.get(i), i >= numbers.size() - READ_WHOLE);
        }
    }

    private List<Long> numbers() throws IOException {
        TreeSet<Long> numbers = new TreeSet<>();
        List<Path> all;
        try (Stream<Path> files = Files.list(settings.directory())) {
            all = files.toList();
        }
        for (Path file : all) {
            String name = file.getFileName().toString();
            long number = Segment.numberOf(name);
            if (number >= 0 && Files.isRegularFile(file)) {
                numbers.add(number);
                lastNumber = Math.max(lastNumber, number);
            } else if (!OURS.contains(name) && !isMapOfSegment(name)) {
                report.accept(file + " is no file of the log: it is left alone");
            }
        }
        for (Path file : all) {
            // A process died between two of its files: nothing was in it yet, or nothing any more.
            String name = file.getFileName().toString();
            if (isMapOfSegment(name) && !numbers.contains(Long.parseLong(name, 0, 16, 16))) {
                var _ = Files.deleteIfExists(file);
            }
        }
        return List.copyOf(numbers);
    }

    private static boolean isMapOfSegment(String name) {
        return name.endsWith(".gwack") && Segment.numberOf(name.replace(".gwack", ".gwlog")) >= 0;
    }

    private void take(long number, boolean whole) throws IOException, NewerLogException {
        Path file = Segment.file(settings.directory(), number);
        long size = Files.size(file);
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(SegmentHeader.BYTES);
        }
        boolean sameBoot = true;
        switch (SegmentHeader.read(head, head.length)) {
            case SegmentHeader.Found.Foreign _ when isOurs(number, size) ->
                    report.accept(
                            file
                                    + ": its first bytes are damaged; what follows is read all the"
                                    + " same");
            case SegmentHeader.Found.Foreign _ when size > 0 -> {
                report.accept(file + " is no segment of the log: it is left alone");
                return;
            }
            case SegmentHeader.Found.Foreign _ -> {
                // A process died, or the power went, before its first byte was written.
                remove(number);
                return;
            }
            case SegmentHeader.Found.Damaged _ ->
                    report.accept(
                            file + ": its header is damaged; what follows is read all the same");
            case SegmentHeader.Found.Sound(SegmentHeader header) -> {
                if (header.version() > SegmentHeader.VERSION) {
                    throw new NewerLogException(file, header.version());
                }
                if (header.number() != number) {
                    report.accept(
                            file
                                    + " is segment "
                                    + header.number()
                                    + " under another name: it is left alone");
                    return;
                }
                sameBoot = header.isOfBoot(settings.bootId());
            }
        }
        if (size > Integer.MAX_VALUE) {
            report.accept(file + " is larger than a segment can be: it is left alone");
            return;
        }
        if (hole && !sameBoot) {
            // It came after what a power cut has lost. Discord replays all of it, in order.
            report.accept(file + " follows a hole that a power cut left: Discord replays it");
            learnSessions(number, (int) size);
            lost.add(file);
            lost.add(Segment.mapFile(settings.directory(), number));
            return;
        }
        open(number, (int) size, whole, sameBoot);
    }

    /** Whether a segment with records stood here, whatever its file says now. */
    private boolean isOurs(long number, long size) {
        Path file = Segment.mapFile(settings.directory(), number);
        try (SettledMap map = SettledMap.open(file, number, 0)) {
            // A process may die between the map and the first byte of the file.
            return size > 0 || sealOf(map).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private void open(long number, int size, boolean whole, boolean sameBoot) throws IOException {
        Path file = Segment.file(settings.directory(), number);
        Path mapFile = Segment.mapFile(settings.directory(), number);
        SettledMap map;
        boolean fresh = false;
        try {
            map = SettledMap.open(mapFile, number, size);
        } catch (IOException e) {
            report.accept(
                    mapFile
                            + ": "
                            + e.getMessage()
                            + "; what "
                            + file.getFileName()
                            + " holds is delivered again");
            map = SettledMap.create(mapFile, number, size);
            fresh = true;
        }
        Optional<SettledMap.Seal> found = fresh ? Optional.empty() : sealOf(map);
        boolean shorter = found.isPresent() && found.get().length() > size;
        if (shorter) {
            report.accept(
                    file
                            + ": it is cut at byte "
                            + size
                            + " of "
                            + found.get().length()
                            + ": the rest is lost");
        }
        int settledOnce = map.count();
        SettledMap.Seal seal = shorter ? null : found.orElse(null);
        boolean unsure = !sameBoot && map.synced() < size;
        hole |= shorter && !sameBoot;
        if (seal == null || whole || unsure) {
            Segment segment = Segment.sealed(settings.directory(), number, map, whole(size));
            SegmentScan.Read read =
                    new SegmentScan(seen, book, watcher, report)
                            .read(segment, size, map.synced(), sameBoot);
            segment.rest();
            hole |= read.cutShort();
            if (seal == null || read.cutShort()) {
                seal = read.seal();
                map.retain(read.begins());
                if (shorter && sameBoot) {
                    cuts.add(cut(number, size, found.get(), settledOnce, map, seal));
                } else {
                    map.seal(seal);
                }
                if (read.damaged()) {
                    map.recounted();
                    damaged.add(number);
                }
            }
        }
        if (map.isRecounted()) {
            recounted.add(number);
        }
        if (size > seal.length()) {
            report.accept(
                    file
                            + ": "
                            + (size - seal.length())
                            + " bytes from byte "
                            + seal.length()
                            + " on are no whole record: cut off");
            if (sameBoot && number != lastNumber) {
                // Not what was being written as the process died: that is the last file's end.
                cuts.add(
                        new Cut(
                                number,
                                new DamageSurvey.Stretch(
                                        seal.length(), size - seal.length(), "no whole record"),
                                new DamageSurvey.Counts(false, 0, 0),
                                map,
                                seal));
            }
            cut(file, seal.length());
        }
        segments.put(number, Segment.sealed(settings.directory(), number, map, seal));
    }

    private static Cut cut(
            long number,
            int size,
            SettledMap.Seal whole,
            int settled,
            SettledMap map,
            SettledMap.Seal left) {
        return new Cut(
                number,
                new DamageSurvey.Stretch(
                        left.length(), whole.length() - size, "the file was longer once"),
                new DamageSurvey.Counts(true, whole.records(), whole.records() - settled),
                map,
                left);
    }

    private static Optional<SettledMap.Seal> sealOf(SettledMap map) {
        try {
            return Optional.of(map.seal());
        } catch (IOException e) {
            // It was being written: its records tell.
            return Optional.empty();
        }
    }

    private void learnSessions(long number, int size) throws IOException {
        SettledMap none = SettledMap.create(settings.directory().resolve(UNUSED_MAP), number, 0);
        try {
            Segment segment = Segment.sealed(settings.directory(), number, none, whole(size));
            SegmentReader reader = new SegmentReader(segment, (_, _, _, _) -> {});
            RecordView view = new RecordView();
            while (reader.next(size, view)) {
                if (view.kind() == RecordKind.SESSION) {
                    book.learn(view);
                }
            }
            segment.close();
        } finally {
            var _ = Files.deleteIfExists(settings.directory().resolve(UNUSED_MAP));
        }
    }

    /** Files that are to be removed once the next segment holds the sessions. */
    List<Path> lost() {
        return lost;
    }

    /** What was cut off. */
    List<Cut> cuts() {
        return cuts;
    }

    /** Segments with damage whose counts leave out what can't be read. */
    Set<Long> recounted() {
        return recounted;
    }

    /** Those of them that were found just now. */
    List<Long> damaged() {
        return damaged;
    }

    /** What was cut off is announced: from now on nothing is missing. */
    void forgetCuts() {
        cuts.forEach(cut -> cut.map().seal(cut.seal()));
        cuts.clear();
    }

    /** Gives up what was opened. */
    void close() {
        for (Segment segment : segments.values()) {
            try {
                segment.close();
            } catch (IOException e) {
                report.accept(segment.file() + " can't be closed: " + e.getMessage());
            }
        }
    }

    private static SettledMap.Seal whole(int size) {
        return new SettledMap.Seal(size, 0, 0, 0, 0);
    }

    private static void cut(Path file, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var _ = channel.truncate(length);
        }
    }

    private void remove(long number) throws IOException {
        var _ = Files.deleteIfExists(Segment.file(settings.directory(), number));
        var _ = Files.deleteIfExists(Segment.mapFile(settings.directory(), number));
    }
}
