package gw.supervisor.authority;

import gw.supervisor.identify.IdentifyKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The seats of all other supervisors, each with slots of its own in the limiter. */
final class Seats {
    /** Supervisors that may have joined at a time. */
    static final int MOST = 64;

    /** Below are the slots of this supervisor's own generations. */
    static final int FIRST_SLOT = 16;

    private final List<Seat> all = new ArrayList<>();

    /**
     * The seat that this client had, or one that nobody needs; null: all are taken.
     *
     * @param client names it
     */
    @Nullable Seat find(String client, long nowNanos) {
        Seat free = null;
        for (Seat seat : all) {
            if (seat.client().equals(client)) {
                return seat;
            }
            if (seat.caller() == null
                    && (free == null || seat.awayNanos(nowNanos) > free.awayNanos(nowNanos))) {
                free = seat;
            }
        }
        if (all.size() < MOST) {
            Seat added = new Seat(FIRST_SLOT + all.size() * Seat.SLOTS);
            all.add(added);
            return added;
        }
        return free;
    }

    /** Whose this key of the limiter is. */
    Seat of(int limiterKey) {
        return all.get((IdentifyKey.slot(limiterKey) - FIRST_SLOT) / Seat.SLOTS);
    }
}
