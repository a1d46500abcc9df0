package gw.supervisor.identify;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What the session start limit leaves room for, and until when the queue waits. */
final class Outlook {
    private final IdentifySettings settings;
    private final IdentifyBudget budget;
    private final BucketTable buckets;
    private final Places places;
    private final LimitWatch watch;
    private final InstantSource clock;

    Outlook(
            IdentifySettings settings,
            IdentifyBudget budget,
            BucketTable buckets,
            Places places,
            LimitWatch watch,
            InstantSource clock) {
        this.settings = settings;
        this.budget = budget;
        this.buckets = buckets;
        this.places = places;
        this.watch = watch;
        this.clock = clock;
    }

    /** Session starts that may be used now. */
    Room room() {
        int others = budget.remaining() - reserve();
        return new Room(budget.remaining(), others, others - places.foreground());
    }

    /** Whether someone in the queue waits for the limit's reset. */
    boolean isWaiting() {
        Room room = room();
        return (places.replacing() > 0 && room.replacing() <= 0)
                || (places.size() > places.replacing() && room.others() <= 0);
    }

    /** When the wait ends, or when Discord is asked again. */
    Instant waitingUntil(long nowNanos) {
        Instant wall = clock.instant();
        Instant resets = Instant.ofEpochMilli(budget.resetsAtMillis());
        if (resets.isAfter(wall)) {
            return resets;
        }
        long ask = watch.askNanos(true, nowNanos, wall.toEpochMilli());
        return wall.plus(Duration.ofNanos(Math.max(0, ask - nowNanos)));
    }

    /**
     * How it stands.
     *
     * @param spent IDENTIFYs since the start
     */
    IdentifySnapshot snapshot(long spent, long nowNanos) {
        Instant wall = clock.instant();
        Optional<Instant> resets =
                Optional.of(budget.resetsAtMillis())
                        .filter(millis -> millis != 0)
                        .map(Instant::ofEpochMilli);
        boolean waiting = isWaiting();
        Room rooms = room();
        int room = places.size() == places.replacing() ? rooms.replacing() : rooms.others();
        return new IdentifySnapshot(
                budget.total(),
                budget.remaining(),
                resets,
                buckets.maxConcurrency(),
                settings.interval(),
                places.size(),
                spent,
                reserve(),
                waiting ? Optional.of(waitingUntil(nowNanos)) : Optional.empty(),
                places.size() == 0
                        ? Optional.empty()
                        : Optional.of(
                                Forecast.doneAt(
                                        buckets.all(),
                                        settings.interval(),
                                        room,
                                        budget.total() - reserve(),
                                        waiting ? waitingUntil(nowNanos) : resets.orElse(wall),
                                        wall,
                                        nowNanos)),
                budget.problem());
    }

    private int reserve() {
        return Math.min(settings.reserve(), budget.total() / 2);
    }
}
