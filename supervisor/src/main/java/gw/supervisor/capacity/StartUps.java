package gw.supervisor.capacity;

import java.util.Arrays;

/**
 * Which of a session's GUILD_CREATEs belonged to its start-up, so that one which is shown again
 * after a crash is told apart as it was the first time. Nearly all up to the last of them do: the
 * others are kept, and of those the latest alone. Owned by one thread.
 */
final class StartUps {
    static final int MOST_OTHERS = 64;
    private static final long[] NONE = {};

    private long last;
    private long forgottenTo;
    private long[] others;
    private int size;

    /** Nothing has come yet. */
    StartUps() {
        this(0, 0, NONE);
    }

    /**
     * As it was.
     *
     * @param last the sequence of the last one of the start-up, 0: none
     * @param forgottenTo up to this sequence nothing is known
     * @param others those before the last that were none, ascending
     */
    StartUps(long last, long forgottenTo, long[] others) {
        this.last = last;
        this.forgottenTo = forgottenTo;
        this.others = others;
        this.size = others.length;
    }

    long last() {
        return last;
    }

    long forgottenTo() {
        return forgottenTo;
    }

    long[] others() {
        return Arrays.copyOf(others, size);
    }

    /** One of the start-up has come. */
    void came(long sequence) {
        last = sequence;
    }

    /** Another has come, and some of the start-up may still follow. */
    void otherCame(long sequence) {
        if (size == MOST_OTHERS) {
            forgottenTo = others[0];
            size--;
            System.arraycopy(others, 1, others, 0, size);
        } else if (size == others.length) {
            others = Arrays.copyOf(others, Math.min(MOST_OTHERS, 2 * size + 2));
        }
        others[size++] = sequence;
    }

    /**
     * Whether the GUILD_CREATE of this sequence, which has come before, was one of the start-up.
     */
    boolean contains(long sequence) {
        return sequence <= last
                && sequence > forgottenTo
                && Arrays.binarySearch(others, 0, size, sequence) < 0;
    }
}
