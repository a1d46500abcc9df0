package gw.sim.check;

import gw.sim.ledger.SentEvent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Which dispatches are copies of one happening, and which happenings came. Takes a few bytes an
 * event: there are millions. Numbers of happenings stay below 2^32. Owned by one thread.
 */
final class Happenings {
    private static final int INDEX_BITS = 31;

    private final List<SentEvent> sent;

    /** Of all copies, first those of the first happening. */
    private final int[] copies;

    /** Where the copies of a dispatch's happening begin, by the dispatch's index. */
    private final int[] begins;

    private final BitSet received = new BitSet();

    /** Of a whole ledger, whose n-th event has the order n. */
    Happenings(List<SentEvent> sent) {
        this.sent = sent;
        long[] keys = new long[sent.size()];
        int count = 0;
        for (int i = 0; i < keys.length; i++) {
            if (!sent.get(i).isOwn()) {
                keys[count++] = sent.get(i).happening() << INDEX_BITS | i;
            }
        }
        Arrays.sort(keys, 0, count);
        this.copies = new int[count];
        this.begins = new int[keys.length];
        int begin = 0;
        for (int i = 0; i < count; i++) {
            if (i > 0 && keys[i] >>> INDEX_BITS != keys[i - 1] >>> INDEX_BITS) {
                begin = i;
            }
            copies[i] = (int) (keys[i] & Integer.MAX_VALUE);
            begins[copies[i]] = begin;
        }
    }

    /** One copy came; false: another session's had come before. */
    boolean receive(SentEvent copy) {
        int begin = begins[index(copy)];
        if (received.get(begin)) {
            return false;
        }
        received.set(begin);
        return true;
    }

    /** Whether any copy came. */
    boolean received(SentEvent copy) {
        return received.get(begins[index(copy)]);
    }

    /** Whether it is the first of its copies. */
    boolean isFirst(SentEvent copy) {
        return copies[begins[index(copy)]] == index(copy);
    }

    /** All copies of what this is one of, in the order of the ledger. */
    List<SentEvent> copies(SentEvent copy) {
        List<SentEvent> all = new ArrayList<>(2);
        int begin = begins[index(copy)];
        for (int i = begin; i < copies.length && begins[copies[i]] == begin; i++) {
            all.add(sent.get(copies[i]));
        }
        return all;
    }

    private static int index(SentEvent event) {
        return (int) (event.order() - 1);
    }
}
