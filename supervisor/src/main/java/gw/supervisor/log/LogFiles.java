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
import java.util.BitSet;
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
    private final Consumer<String> report;
    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private final List<Path> lost = new ArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();
    private long lastNumber;
    private boolean hole;

    /**
     * A segment that has lost its end, and not by a power cut.
     *
     * @param bytes how much of it
     * @param settled how many events in that the bot has
     */
    record Cut(long number, int bytes, int settled) {}

    /**
     * What was read of a segment.
     *
     * @param seal what its seal would say
     * @param begins where its events begin, by the map's grain
     * @param cutShort whether a hole ended it early
     */
    private record Read(SettledMap.Seal seal, BitSet begins, boolean cutShort) {}

    LogFiles(LogSettings settings, SeenSequences seen, SessionBook book, Consumer<String> report) {
        this.settings = settings;
        this.seen = seen;
        this.book = book;
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
        SettledMap.Seal seal = shorter ? null : found.orElse(null);
        boolean unsure = !sameBoot && map.synced() < size;
        hole |= shorter && !sameBoot;
        if (shorter && sameBoot) {
            int was = found.get().length();
            BitSet settled = new BitSet();
            map.addTo(settled, size, was);
            cuts.add(new Cut(number, was - size, settled.cardinality()));
        }
        if (seal == null || whole || unsure) {
            Segment segment = Segment.sealed(settings.directory(), number, map, whole(size));
            Read read = read(segment, size, map.synced(), sameBoot);
            segment.rest();
            hole |= read.cutShort();
            if (seal == null || read.cutShort()) {
                seal = read.seal();
                map.retain(read.begins());
                map.seal(seal);
            }
        }
        if (size > seal.length()) {
            report.accept(
                    file
                            + ": "
                            + (size - seal.length())
                            + " bytes from byte "
                            + seal.length()
                            + " on are no whole record: cut off");
            cut(file, seal.length());
        }
        segments.put(number, Segment.sealed(settings.directory(), number, map, seal));
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
            int end = SegmentHeader.BYTES;
            for (int at = reader.seek(end, size, view);
                    at < size;
                    at = reader.seek(end, size, view)) {
                end = at + view.length();
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

    /** Reads all records and tells what a seal would. */
    private Read read(Segment segment, int size, long synced, boolean trusted) throws IOException {
        RecordView view = new RecordView();
        int[] firstDamage = {-1};
        BitSet begins = new BitSet();
        BitSet unreadable = new BitSet();
        SegmentReader reader =
                new SegmentReader(
                        segment,
                        (_, offset, bytes, what) -> {
                            if (offset + bytes < size) {
                                report.accept(
                                        segment.file()
                                                + ": "
                                                + bytes
                                                + " bytes at byte "
                                                + offset
                                                + " are damaged: "
                                                + what);
                                if (firstDamage[0] < 0 && !trusted && offset >= synced) {
                                    firstDamage[0] = offset;
                                } else {
                                    segment.addSettled(offset, offset + bytes, unreadable);
                                }
                            }
                        });
        int end = SegmentHeader.BYTES;
        int records = 0;
        long bytes = 0;
        long newest = 0;
        long oldest = 0;
        for (int at = reader.seek(end, size, view); at < size; at = reader.seek(end, size, view)) {
            if (!trusted && firstDamage[0] >= 0) {
                // After a power cut: what follows the hole is replayed by Discord, in order.
                return new Read(
                        new SettledMap.Seal(end, records, bytes, newest, oldest), begins, true);
            }
            end = at + view.length();
            if (view.kind() == RecordKind.SESSION) {
                book.learn(view);
                seen.learn(view);
                continue;
            }
            seen.learn(view);
            begins.set(at / SettledMap.GRAIN);
            records++;
            bytes += view.length();
            newest = Math.max(newest, view.receivedAtMicros());
            oldest = oldest == 0 ? newest : Math.min(oldest, view.receivedAtMicros());
        }
        // What can't be read but is settled stays so: nobody is to be told that it is lost.
        int settled = unreadable.cardinality();
        begins.or(unreadable);
        bytes += records == 0 ? 0 : bytes / records * settled;
        // A tail that is cut off after a power cut: what stood in it, and behind, is replayed.
        return new Read(
                new SettledMap.Seal(end, records + settled, bytes, newest, oldest),
                begins,
                !trusted && end < size);
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
