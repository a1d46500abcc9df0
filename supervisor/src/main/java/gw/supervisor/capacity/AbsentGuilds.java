package gw.supervisor.capacity;

import java.util.function.LongPredicate;

/**
 * Guilds of a shard that are the bot's but not there: READY has listed them and they have not come
 * yet, or Discord has an outage. A hash table of numbers, eight bytes a place: at a start it holds
 * every guild of the shard. Owned by one thread.
 */
final class AbsentGuilds {
    private static final int LEAST_PLACES = 8;

    /** Odd, so that no two ids become one; ids of a time are alike. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** 0: free; an id: listed by READY; an id's negative: an outage. */
    private long[] places = new long[LEAST_PLACES];

    private int size;
    private int listed;

    /** None is absent yet. */
    AbsentGuilds() {}

    /** These, as {@link #toArray} tells them. */
    static AbsentGuilds of(long[] guilds) {
        AbsentGuilds absent = new AbsentGuilds();
        for (long guild : guilds) {
            if (guild != 0 && guild != Long.MIN_VALUE) {
                absent.put(Math.abs(guild), guild > 0);
            }
        }
        return absent;
    }

    int size() {
        return size;
    }

    /** How many of them READY has listed, and they have not come yet. */
    int listed() {
        return listed;
    }

    boolean contains(long guild) {
        return guild > 0 && places[find(guild)] != 0;
    }

    boolean isListed(long guild) {
        return guild > 0 && places[find(guild)] > 0;
    }

    /**
     * It is absent, if it was not, and for this reason.
     *
     * @param guild at least 1
     * @param byReady whether READY has listed it; false: an outage
     */
    void put(long guild, boolean byReady) {
        int at = find(guild);
        if (places[at] == 0) {
            if ((size + 1) * 3L > places.length * 2L) {
                resize(places.length * 2);
                at = find(guild);
            }
            size++;
        } else if (places[at] > 0) {
            listed--;
        }
        places[at] = byReady ? guild : -guild;
        listed += byReady ? 1 : 0;
    }

    /** It is there, or gone; false: it was none of them. */
    boolean remove(long guild) {
        if (!contains(guild)) {
            return false;
        }
        int hole = find(guild);
        listed -= places[hole] > 0 ? 1 : 0;
        size--;
        int mask = places.length - 1;
        // What was put behind it because its own place was taken moves up.
        for (int at = (hole + 1) & mask; places[at] != 0; at = (at + 1) & mask) {
            int home = home(Math.abs(places[at]));
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                places[hole] = places[at];
                hole = at;
            }
        }
        places[hole] = 0;
        if (places.length > LEAST_PLACES && size * 8L < places.length) {
            resize(places.length / 2);
        }
        return true;
    }

    /**
     * All of them, in no order: an id for one that READY has listed, its negative for an outage.
     */
    long[] toArray() {
        long[] all = new long[size];
        int to = 0;
        for (long place : places) {
            if (place != 0) {
                all[to++] = place;
            }
        }
        return all;
    }

    /** How many of them pass the test. */
    int count(LongPredicate test) {
        int passed = 0;
        for (long place : places) {
            if (place != 0 && test.test(Math.abs(place))) {
                passed++;
            }
        }
        return passed;
    }

    /** The place where it is or, if that one is free, would be. */
    private int find(long guild) {
        int at = home(guild);
        while (places[at] != 0 && Math.abs(places[at]) != guild) {
            at = (at + 1) & (places.length - 1);
        }
        return at;
    }

    private int home(long guild) {
        return (int) ((guild * SPREAD) >>> 32) & (places.length - 1);
    }

    private void resize(int count) {
        long[] old = places;
        places = new long[count];
        for (long place : old) {
            if (place != 0) {
                places[find(Math.abs(place))] = place;
            }
        }
    }
}
