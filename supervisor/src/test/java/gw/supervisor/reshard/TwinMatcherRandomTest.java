package gw.supervisor.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import gw.supervisor.reshard.TwinMatcher.Held;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * P1, P2, P3: two sessions hear of the same happenings, each with delays of its own; whenever the
 * one begins and the other ends, each happening goes out once, in the order of its guild.
 */
class TwinMatcherRandomTest {
    private static final int LIVES = 400;
    private static final long SECOND = 1_000_000;
    private static final long WINDOW = 10 * SECOND;
    private static final int GUILDS = 6;
    private static final int KINDS = 3;
    private static final long END = 60 * SECOND;

    private record Happening(long at, long guild, long key) {}

    /**
     * The worker that holds the shards of some guilds dies; the next one has all of it replayed.
     */
    private record Outage(boolean next, long from, long to, long guildsUpTo) {
        static Outage of(Random random, boolean next, long earliest, long longest) {
            long from = earliest + (longest == 0 ? 0 : random.nextLong(8 * SECOND));
            long to = from + (longest == 0 ? 0 : random.nextLong(longest));
            return new Outage(next, from, to, random.nextInt(1, GUILDS + 1));
        }

        /** When both have been well for as long as that: then, or after it. */
        long over(long at, long wellFor) {
            return at >= from && at < to + wellFor ? to + wellFor : at;
        }

        long arrival(long at, long guild) {
            return guild <= guildsUpTo && at >= from && at < to ? to : at;
        }
    }

    /** How one of the two hears of it. */
    private record Arrival(long at, boolean next, Happening what) {}

    private final TreeMap<Long, List<Long>> told = new TreeMap<>();
    private long pairs;

    /**
     * @param skewMillis by how much the two may be apart
     * @param pauseMillis between happenings of a guild, on average
     * @param outMillis how long a worker of either may be away at most
     */
    @ParameterizedTest
    @CsvSource({
        "1,0,300,0",
        "2,500,300,0",
        "3,3000,100,0",
        "4,3000,300,0",
        "5,2000,200,0",
        "6,1000,300,0",
        "7,0,300,8000",
        "8,500,300,8000",
        "9,500,100,4000",
        "10,1000,200,6000"
    })
    void eachHappeningGoesOutOnceAndInOrder(
            long seed, long skewMillis, long pauseMillis, long outMillis) {
        for (int life = 0; life < LIVES; life++) {
            long each = seed * 1_000 + life;
            Random random = new Random(each);
            List<Happening> all = happenings(random, skewMillis * 1_000, pauseMillis * 1_000);
            run(random, all, skewMillis * 1_000, outMillis * 1_000);
            Map<Long, List<Long>> expected = new TreeMap<>();
            for (Happening one : all) {
                expected.computeIfAbsent(one.guild(), _ -> new ArrayList<>()).add(one.key());
            }
            expected.forEach((guild, keys) ->
                    assertThat(words(told.get(guild)))
                            .as("seed %d, guild %d", each, guild)
                            .isEqualTo(words(keys)));
            assertThat(told).hasSameSizeAs(expected);
        }
        System.out.printf("seed %d: %d pairs%n", seed, pairs);
    }

    /**
     * Equal ones of a guild are so far apart that none can be taken for the next one whatever the
     * delays, and something else of the guild is between them.
     */
    private static List<Happening> happenings(Random random, long skew, long pause) {
        List<Happening> all = new ArrayList<>();
        for (long guild = 1; guild <= GUILDS; guild++) {
            Map<Long, Long> last = new HashMap<>();
            long unique = 0;
            long at = 0;
            while (true) {
                at += 1 + (long) (-Math.log(1 - random.nextDouble()) * pause);
                if (at >= END) {
                    break;
                }
                long key = 1L + random.nextInt(KINDS);
                Long before = last.get(key);
                if (before != null && (at - before <= 2 * skew || before > unique)) {
                    // Nothing else is like it.
                    key = at * GUILDS + guild;
                    unique = at;
                }
                last.put(key, at);
                all.add(new Happening(at, guild, key));
            }
        }
        all.sort(Comparator.comparingLong(Happening::at));
        return all;
    }

    private void run(Random random, List<Happening> all, long skew, long out) {
        told.clear();
        TwinMatcher matcher = new TwinMatcher();
        long connected = 5 * SECOND + random.nextLong(15 * SECOND);
        // It is watched from before the next one connects, or long enough before both count.
        boolean whole = random.nextBoolean();
        long watched = whole ? connected : connected + random.nextLong(5 * SECOND);
        Outage ofServing = Outage.of(random, false, watched, out);
        Outage ofNext = Outage.of(random, true, connected, out);
        long wellFor = whole ? 0 : WINDOW / 2;
        long begun = whole ? connected + random.nextLong(SECOND) : watched + WINDOW;
        begun = ofNext.over(ofServing.over(ofNext.over(begun, wellFor), wellFor), wellFor);
        long undisturbed = Math.max(begun, Math.max(ofServing.to(), ofNext.to()));
        long ordered = undisturbed + WINDOW + random.nextLong(SECOND);
        // The last words of the shards that end.
        long gone = ordered + random.nextLong(2 * SECOND);
        List<Arrival> arrivals = new ArrayList<>();
        arrive(random, all, skew, ofServing, 0, gone, arrivals);
        arrive(random, all, skew, ofNext, connected, Long.MAX_VALUE, arrivals);
        arrivals.sort(Comparator.comparingLong(Arrival::at));
        long finished = gone + 200_000;
        List<Happening> held = new ArrayList<>();
        boolean isBegun = false;
        boolean isOrdered = false;
        boolean isFinished = false;
        long offset = 0;
        for (Arrival one : arrivals) {
            long now = one.at();
            Happening what = one.what();
            if (now >= watched && now < begun) {
                matcher.forgetBefore(now - WINDOW);
            }
            if (now >= begun && !isBegun) {
                isBegun = true;
                if (!whole) {
                    matcher.forgetBefore(begun - WINDOW / 2);
                }
            }
            // Tolerated for as long as that, once all has been well for as long.
            var _ = matcher.mostApart(now > undisturbed + WINDOW / 2 ? WINDOW / 2 : Long.MAX_VALUE);
            if (now >= ordered && !isOrdered) {
                isOrdered = true;
                matcher.forgetBefore(ordered - WINDOW / 2);
            }
            if (now >= finished && !isFinished) {
                isFinished = true;
                matcher.held().forEach(each -> tell(held.get((int) each.offset())));
                matcher.releaseAll();
            }
            if (!one.next()) {
                tell(what);
                if (now >= watched) {
                    matcher.live(what.guild(), what.key(), now);
                }
            } else if (now >= begun && !isFinished) {
                held.add(what);
                matcher.shadow(new Held(what.guild(), what.key(), offset++, 1, now));
            } else if (now >= watched && !isFinished) {
                matcher.shadow(new Held(what.guild(), what.key(), -1, 1, now));
            } else if (isFinished && !matcher.take(what.guild(), what.key(), now)) {
                tell(what);
            }
        }
        pairs += matcher.pairs();
    }

    /** Each guild's in order, each with a delay; from what happens at {@code from}. */
    private static void arrive(
            Random random,
            List<Happening> all,
            long skew,
            Outage outage,
            long from,
            long until,
            List<Arrival> arrivals) {
        Map<Long, Long> last = new HashMap<>();
        for (Happening one : all) {
            long at = one.at() + (skew == 0 ? 0 : random.nextLong(skew));
            at = outage.arrival(at, one.guild());
            at = Math.max(at, last.getOrDefault(one.guild(), 0L) + 1);
            last.put(one.guild(), at);
            if (one.at() >= from && at < until) {
                arrivals.add(new Arrival(at, outage.next(), one));
            }
        }
    }

    private static String words(@Nullable List<Long> keys) {
        return String.valueOf(keys);
    }

    private void tell(Happening one) {
        told.computeIfAbsent(one.guild(), _ -> new ArrayList<>()).add(one.key());
    }
}
