package gw.supervisor.identify;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells shards to connect just in time: HELLO should be in when the bucket opens, but Discord
 * closes newcomers that idle. Nobody is told to connect for whom there is no session start.
 */
final class Turns {
    private static final int WINDOWS_AHEAD = 2;
    private static final long LEAST_AHEAD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long ABANDONED_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int MAX_LATE = 16;

    private final long intervalNanos;
    private final long aheadNanos;
    private final long lateNanos;
    private final Outbox outbox;
    private final IdentifyListener out;
    private int toldForeground;
    private int toldReplacing;
    private int toldBackground;
    private boolean denied;
    private boolean roomCameBack;

    Turns(long intervalNanos, Outbox outbox, IdentifyListener out) {
        this.intervalNanos = intervalNanos;
        this.aheadNanos = Math.max(WINDOWS_AHEAD * intervalNanos, LEAST_AHEAD_NANOS);
        this.lateNanos = Math.max(intervalNanos, LEAST_AHEAD_NANOS);
        this.outbox = outbox;
        this.out = out;
    }

    /** A place came into the queue. */
    void entered(Place place) {
        count(place, 1);
    }

    /** A place left the queue. */
    void left(Place place) {
        count(place, -1);
        roomCameBack |= (place.turned || !place.background) && denied;
    }

    /** There is no room for one that is ready. */
    void denied() {
        denied = true;
    }

    private boolean hasRoom(Place place, Room room) {
        int told = toldForeground;
        if (place.background) {
            told = toldBackground;
        } else if (place.replacing) {
            told = toldReplacing;
        }
        return told < room.of(place);
    }

    private void count(Place place, int change) {
        if (place.turned) {
            toldForeground += place.background ? 0 : change;
            toldReplacing += place.mayUseReserve() ? change : 0;
            toldBackground += place.background ? change : 0;
        }
    }

    /** A session start came back. */
    void roomCameBack() {
        roomCameBack = true;
    }

    /** Whether someone may be told now who was not because the limit had no room. */
    boolean needsAnotherRound() {
        return roomCameBack;
    }

    /** All buckets are about to be looked at. */
    void newRound() {
        roomCameBack = false;
        denied = false;
    }

    /**
     * Tells those whose turn is near. Who was told long ago and isn't ready doesn't count as next:
     * another one is told in its stead.
     *
     * @param room session starts that may be used
     * @param abandoned takes the places that were told so long ago that nothing will come of it
     * @return when to call again, if nothing happens before
     */
    long tell(Bucket bucket, Room room, long now, List<Place> abandoned) {
        long opensIn =
                bucket.out().isEmpty() ? Math.max(0, bucket.opensNanos - now) : intervalNanos;
        long wanted = opensIn > aheadNanos ? 0 : (aheadNanos - opensIn) / intervalNanos + 1;
        long check = Bucket.NEVER;
        int next = 0;
        int late = 0;
        for (Place place : bucket.line(room.onlyReserve())) {
            if (next >= wanted || late >= MAX_LATE) {
                break;
            }
            if (place.ready) {
                next++;
            } else if (!place.turned) {
                if (!hasRoom(place, room)) {
                    denied = true;
                    break;
                }
                place.turned = true;
                place.turnedNanos = now;
                count(place, 1);
                outbox.add(() -> out.turn(place.key));
                next++;
                check = Math.min(check, now + lateNanos);
            } else if (now - place.turnedNanos < lateNanos) {
                next++;
                check = Math.min(check, place.turnedNanos + lateNanos);
            } else if (now - place.turnedNanos < ABANDONED_NANOS) {
                late++;
                check = Math.min(check, place.turnedNanos + ABANDONED_NANOS);
            } else {
                abandoned.add(place);
            }
        }
        return check;
    }
}
