package gw.supervisor.capacity;

import gw.model.ShardRange;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How fast the bot's guilds become more: their number about once an hour, as far back as a day
 * needs. Owned by the data event loop.
 */
public final class Growth {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    /** What is known for less tells nothing of a day: at night few add a bot. */
    private static final long LEAST_KNOWN = 6 * HOUR;

    /** After a time without gw something older than a day is better than nothing; not for ever. */
    private static final long OLDEST = 7 * DAY;

    static final int MOST_SAMPLES = 7 * 24 + 2;

    /** Further away than that is never. */
    private static final long FAR = 36_500 * DAY;

    private final InstantSource clock;
    private final List<Sample> samples = new ArrayList<>();
    private Optional<ShardRange> own;
    private Optional<Sample> latest = Optional.empty();
    private long changes;

    /**
     * How it was.
     *
     * @param atMillis since the epoch
     * @param guilds in how many the bot was
     * @param fullest how many of them the fullest shard had
     */
    record Sample(long atMillis, long guilds, int fullest) {}

    /**
     * What is kept of it.
     *
     * @param own whose guilds these are; empty: nothing is known yet
     * @param samples the oldest first
     */
    record Kept(Optional<ShardRange> own, List<Sample> samples) {
        static final Kept NOTHING = new Kept(Optional.empty(), List.of());

        Kept {
            samples = List.copyOf(samples);
        }
    }

    /** Nothing is known yet. */
    public Growth(InstantSource clock) {
        this(clock, Kept.NOTHING);
    }

    /** As it was kept. */
    Growth(InstantSource clock, Kept kept) {
        this.clock = clock;
        this.own = kept.own();
        long now = clock.millis();
        for (Sample sample : kept.samples()) {
            boolean inOrder = samples.isEmpty() || sample.atMillis() > samples.getLast().atMillis();
            if (inOrder && sample.atMillis() <= now) {
                samples.add(sample);
            }
        }
        latest = samples.isEmpty() ? Optional.empty() : Optional.of(samples.getLast());
    }

    /**
     * How it is now; to be told every minute or so. As long as one of the shards is not known it
     * tells nothing, and when they are another part of the bot than before, all begins anew.
     *
     * @param shards whose guilds these are
     */
    public void observe(ShardRange shards, Counts counts) {
        if (!counts.isComplete(shards)) {
            return;
        }
        if (own.isEmpty() || !isSamePart(own.get(), shards)) {
            samples.clear();
        }
        long now = clock.millis();
        // A clock that was set back.
        while (!samples.isEmpty() && samples.getLast().atMillis() > now) {
            samples.removeLast();
        }
        Sample sample = new Sample(now, counts.total(), counts.fullestGuilds());
        own = Optional.of(shards);
        latest = Optional.of(sample);
        if (samples.isEmpty() || now - samples.getLast().atMillis() >= HOUR) {
            samples.add(sample);
            changes++;
        }
        while (isTooOld(now)) {
            samples.removeFirst();
        }
    }

    /** Whether the first sample is not the one from which a day is counted. */
    private boolean isTooOld(long now) {
        return samples.size() > 1
                && (samples.get(1).atMillis() <= now - DAY
                        || samples.getFirst().atMillis() < now - OLDEST);
    }

    /** A bot in 12 shards has the same guilds as in 8; a quarter of it has others than a third. */
    private static boolean isSamePart(ShardRange one, ShardRange other) {
        return (long) one.first() * other.count() == (long) other.first() * one.count()
                && (one.last() + 1L) * other.count() == (other.last() + 1L) * one.count();
    }

    /**
     * Guilds joined less those left over the last day. Of what is known for less than a day, as
     * many as it would be in one.
     *
     * @return empty when less than six hours are known
     */
    public OptionalLong perDay() {
        return latest.map(this::perDay).orElse(OptionalLong.empty());
    }

    private OptionalLong perDay(Sample now) {
        Sample then = samples.getFirst();
        long known = now.atMillis() - then.atMillis();
        return known < LEAST_KNOWN
                ? OptionalLong.empty()
                : OptionalLong.of(
                        Math.round((now.guilds() - then.guilds()) * (double) DAY / known));
    }

    /**
     * When the fullest shard will have this share of the guilds that Discord lets it have, if its
     * guilds become more as those of all shards do.
     *
     * @param percentage 1..100
     * @return milliseconds since the epoch, when it was told last if it is so already; empty:
     *     never, or not known
     */
    public OptionalLong reaches(int percentage) {
        if (latest.isEmpty()) {
            return OptionalLong.empty();
        }
        Sample now = latest.get();
        double limit = percentage * Counts.MOST_GUILDS / 100.0;
        if (now.fullest() >= limit) {
            return OptionalLong.of(now.atMillis());
        }
        OptionalLong perDay = perDay(now);
        if (perDay.isEmpty() || perDay.getAsLong() <= 0 || now.fullest() == 0) {
            return OptionalLong.empty();
        }
        double more = (limit / now.fullest() - 1) * now.guilds();
        double millis = more / perDay.getAsLong() * DAY;
        return millis > FAR
                ? OptionalLong.empty()
                : OptionalLong.of(now.atMillis() + Math.round(millis));
    }

    /** Grows with each change of what is to be kept. */
    long changes() {
        return changes;
    }

    /** What is to be kept. */
    Kept kept() {
        return new Kept(own, samples);
    }
}
