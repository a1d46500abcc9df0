package gw.worker.link;

import com.google.protobuf.ByteString;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The batches that the supervisor has not acked: kept to be sent again over the next attachment.
 * Batches are numbered anew by each. Owned by the event loop.
 */
final class UnackedWindow {
    /** One batch and how far it carries each session. */
    record Batch(ByteString records, List<Mark> marks) {}

    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private long bytes;
    private long firstNumber = 1;
    private long nextNumber = 1;

    /** Keeps a batch that is being sent and gives its number. */
    long add(Batch batch) {
        batches.addLast(batch);
        bytes += batch.records().size();
        return nextNumber++;
    }

    /**
     * Everything up to and with this batch is safe.
     *
     * @return false when no such batch was sent over this attachment
     */
    boolean acked(long number, Consumer<Mark> durable) {
        if (number >= nextNumber || number < firstNumber - 1) {
            return false;
        }
        while (firstNumber <= number) {
            Batch batch = batches.removeFirst();
            bytes -= batch.records().size();
            firstNumber++;
            batch.marks().forEach(durable);
        }
        return true;
    }

    /** Begins a new attachment: gives what has to be sent again, in order, as numbers 1, 2, ... */
    List<Batch> restart() {
        firstNumber = 1;
        nextNumber = 1L + batches.size();
        return new ArrayList<>(batches);
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }
}
