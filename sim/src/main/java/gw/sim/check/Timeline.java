package gw.sim.check;

import gw.sim.ledger.SentEvent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of one order as they happened, copies of one happening in one place. A session's own
 * event stands behind what had been sent to its session before it. Owned by one thread.
 */
final class Timeline {
    /**
     * One place.
     *
     * @param happening the last one up to here
     * @param order of the first copy; 0 for happenings, which are ahead of own events
     */
    private record Place(long happening, long order, List<SentEvent> copies) {}

    private final List<Place> places = new ArrayList<>();
    private final Map<Long, Integer> placeByOrder = new HashMap<>();

    /** Takes them in the order of the ledger. */
    Timeline(List<SentEvent> events) {
        Map<Long, Place> happened = new HashMap<>();
        Map<String, Long> reached = new HashMap<>();
        long last = 0;
        for (SentEvent event : events) {
            if (event.isOwn()) {
                long after = reached.getOrDefault(event.sessionId(), last);
                places.add(new Place(after, event.order(), List.of(event)));
                continue;
            }
            long happening = event.happening();
            last = Math.max(last, happening);
            reached.merge(event.sessionId(), happening, Math::max);
            Place place = happened.get(happening);
            if (place == null) {
                place = new Place(happening, 0, new ArrayList<>(1));
                happened.put(happening, place);
                places.add(place);
            }
            place.copies.add(event);
        }
        places.sort(Comparator.comparingLong(Place::happening).thenComparingLong(Place::order));
        for (int i = 0; i < places.size(); i++) {
            for (SentEvent copy : places.get(i).copies) {
                placeByOrder.put(copy.order(), i);
            }
        }
    }

    /** Where this is; -1: not of this order. */
    int indexOf(SentEvent event) {
        return placeByOrder.getOrDefault(event.order(), -1);
    }

    int size() {
        return places.size();
    }

    /** What is in a place: one event, or all copies of a happening. */
    List<SentEvent> at(int index) {
        return places.get(index).copies;
    }
}
