package gw.bench.log;

import gw.record.RecordFormatException;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * What every store of another's making needs around it, made so that each does as little as it can:
 * a batch is one value, its key the number of its first event; the newest batches are read from
 * memory; what is settled is one small value, written once a turn. Owned by one thread.
 */
abstract class BatchStore implements Store<BatchStore.Event> {
    private static final long RECENT_BYTES = 8L * 1024 * 1024;
    private static final long REMOVE_EACH = 8_192;

    /** What is settled. */
    final SettledWindow settled = new SettledWindow();

    private final Map<Integer, Long> highest = new HashMap<>();
    private final ArrayDeque<Batch> recent = new ArrayDeque<>();
    private final RecordView view = new RecordView();
    private long recentBytes;
    private long end;
    private long read;
    private @Nullable Batch current;
    private int at;
    private long removed;
    private boolean changed;

    /** One event of a batch. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Event(byte[] array, int offset, long number) {}

    /**
     * Events that came together.
     *
     * @param first the number of the first
     * @param end the number behind the last
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Batch(long first, long end, byte[] array) {
        /** Counts the records of what was read back. */
        static Batch of(long first, byte[] array) {
            long count = 0;
            for (int at = 0; at < array.length; at += RecordView.lengthAt(array, at)) {
                count++;
            }
            return new Batch(first, first + count, array);
        }
    }

    abstract void put(Batch batch) throws IOException;

    /** The batch that holds this event. */
    abstract Batch load(long number) throws IOException;

    abstract void putSettled(byte[] window) throws IOException;

    /** Every event before this one is settled. */
    abstract void removeBefore(long number) throws IOException;

    /** What an earlier process left: events up to this number. */
    void recovered(long endNumber) {
        end = endNumber;
        read = settled.low();
        removed = read;
    }

    @Override
    public void append(byte[] array) throws IOException {
        int count = 0;
        try {
            for (int from = 0; from < array.length; ) {
                from = view.wrap(array, from, array.length);
                Long before = highest.put(view.shardId(), view.sequence());
                if (before != null && before >= view.sequence()) {
                    throw new IllegalStateException("known already: " + view.sequence());
                }
                count++;
            }
        } catch (RecordFormatException e) {
            throw new IllegalStateException(e);
        }
        Batch batch = new Batch(end, end + count, array);
        put(batch);
        end += count;
        recent.addLast(batch);
        recentBytes += array.length;
        while (recentBytes > RECENT_BYTES) {
            recentBytes -= recent.removeFirst().array().length;
        }
    }

    @Override
    public @Nullable Event next() throws IOException {
        while (read < end) {
            Batch batch = current;
            if (batch == null || read >= batch.end()) {
                batch = find();
                current = batch;
                at = 0;
                read = Math.min(read, batch.first());
            }
            int offset = at;
            long number = read++;
            at += RecordView.lengthAt(batch.array(), offset);
            if (!settled.isSettled(number)) {
                return new Event(batch.array(), offset, number);
            }
        }
        return null;
    }

    private Batch find() throws IOException {
        while (true) {
            Batch first = recent.peekFirst();
            if (first == null || first.first() > read) {
                return sound(load(read));
            }
            recentBytes -= recent.removeFirst().array().length;
            if (read < first.end()) {
                return first;
            }
        }
    }

    /** Our segments check each record that they read back; so does this. */
    private Batch sound(Batch batch) {
        try {
            for (int from = 0; from < batch.array().length; ) {
                from = view.wrap(batch.array(), from, batch.array().length);
            }
            return batch;
        } catch (RecordFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void view(Event event, RecordView into) {
        var _ = into.wrapChecked(event.array(), event.offset());
    }

    @Override
    public void settle(Event event) {
        settled.settle(event.number());
        changed = true;
    }

    @Override
    public void endTurn() throws IOException {
        if (changed) {
            changed = false;
            putSettled(settled.encode());
            if (settled.low() - removed >= REMOVE_EACH) {
                removed = settled.low();
                removeBefore(removed);
            }
        }
    }

    @Override
    public long events() {
        return end - settled.count();
    }
}
