package gw.supervisor.log;

import gw.record.RecordKind;
import gw.record.RecordView;

import java.io.IOException;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * Reads a segment that an earlier process left, front to back, and learns the sessions from it.
 * Owned by one thread.
 */
final class SegmentScan {
    private static final int MOST_SAID = 3;

    private final SeenSequences seen;
    private final SessionBook book;
    private final LogWatcher watcher;
    private final Consumer<String> report;

    /**
     * What was read of a segment.
     *
     * @param seal what its seal would say
     * @param begins where its events begin, by the map's grain
     * @param cutShort whether a hole ended it early
     * @param damaged whether a part of it is left out
     */
    record Read(SettledMap.Seal seal, BitSet begins, boolean cutShort, boolean damaged) {}

    SegmentScan(SeenSequences seen, SessionBook book, LogWatcher watcher, Consumer<String> report) {
        this.seen = seen;
        this.book = book;
        this.watcher = watcher;
        this.report = report;
    }

    /**
     * Reads all records and tells what a seal would.
     *
     * @param synced what the disk certainly held, bytes from the start
     * @param trusted false: after a power cut, what is behind that may have holes
     */
    Read read(Segment segment, int size, long synced, boolean trusted) throws IOException {
        RecordView view = new RecordView();
        int[] hole = {-1};
        int[] stretches = new int[1];
        BitSet begins = new BitSet();
        BitSet unreadable = new BitSet();
        SegmentReader reader =
                new SegmentReader(
                        segment,
                        (_, offset, bytes, what) -> {
                            if (offset + bytes < size) {
                                damaged(segment, offset, bytes, what, ++stretches[0]);
                                if (hole[0] < 0 && !trusted && offset >= synced) {
                                    hole[0] = offset;
                                } else {
                                    segment.addSettled(offset, offset + bytes, unreadable);
                                }
                            }
                        });
        int end = Math.min(SegmentHeader.BYTES, size);
        int records = 0;
        long bytes = 0;
        long newest = 0;
        long oldest = 0;
        while (reader.next(size, view)) {
            int at = reader.at();
            if (hole[0] >= 0) {
                // After a power cut: what follows the hole is replayed by Discord, in order.
                return new Read(
                        new SettledMap.Seal(end, records, bytes, newest, oldest),
                        begins,
                        true,
                        false);
            }
            end = at + view.length();
            if (view.kind() == RecordKind.SESSION) {
                book.learn(view);
                seen.learn(view);
                continue;
            }
            seen.learn(view);
            watcher.found(view);
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
                !trusted && end < size,
                stretches[0] > 0);
    }

    private void damaged(Segment segment, int offset, int bytes, String what, int nth) {
        if (nth <= MOST_SAID) {
            report.accept(
                    segment.file()
                            + ": "
                            + bytes
                            + " bytes at byte "
                            + offset
                            + " are damaged: "
                            + what
                            + (nth == MOST_SAID ? "; more of it may be" : ""));
        }
    }
}
