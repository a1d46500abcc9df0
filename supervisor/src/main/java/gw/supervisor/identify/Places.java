package gw.supervisor.identify;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The shards that wait, by id, kept in step with the queues of their buckets. */
final class Places {
    private final Map<Integer, Place> byKey = new HashMap<>();
    private final FormerPlaces former = new FormerPlaces();
    private final Turns turns;
    private final BitSet background = new BitSet();
    private int replacing;
    private int foreground;
    private long nextOrder = 1;

    Places(Turns turns) {
        this.turns = turns;
    }

    @Nullable Place of(int key) {
        return byKey.get(key);
    }

    /** A copy: the queue may change meanwhile. */
    List<Place> all() {
        return List.copyOf(byKey.values());
    }

    Collection<Place> view() {
        return byKey.values();
    }

    int size() {
        return byKey.size();
    }

    /** How many wait for a session in place of one that Discord ended, and may use the reserve. */
    int replacing() {
        return replacing;
    }

    /** How many of them are of no background slot. */
    int foreground() {
        return foreground;
    }

    /** Whether the slot stood where it is put now. */
    boolean isBackground(int slot) {
        return background.get(slot);
    }

    /** What enters the queue from this slot from now on stands behind the others, or not. */
    void background(int slot, boolean on) {
        background.set(slot, on);
    }

    /** Queues a shard: at the end, or where it was a moment ago. */
    Place enqueue(Bucket bucket, int key, boolean isReplacing, long nowNanos) {
        FormerPlaces.Former old = former.forget(key);
        long order = old != null && old.isRecent(nowNanos) ? old.order() : nextOrder++;
        Place place =
                new Place(
                        key,
                        order,
                        isReplacing || (old != null && old.replacing()),
                        background.get(IdentifyKey.slot(key)));
        put(bucket, place);
        return place;
    }

    void put(Bucket bucket, Place place) {
        byKey.put(place.key, place);
        replacing += place.mayUseReserve() ? 1 : 0;
        foreground += place.background ? 0 : 1;
        turns.entered(place);
        bucket.add(place);
    }

    /** Takes it out, to be changed and put back or to be forgotten. */
    void take(Bucket bucket, Place place) {
        byKey.remove(place.key);
        replacing -= place.mayUseReserve() ? 1 : 0;
        foreground -= place.background ? 0 : 1;
        turns.left(place);
        bucket.remove(place);
    }

    /** The shard may be back soon. */
    void giveUp(Bucket bucket, Place place, long nowNanos) {
        take(bucket, place);
        former.remember(place.key, place.order, place.replacing, nowNanos);
    }

    /** Its token came to nothing: it gets its place back when it asks again. */
    void giveUp(Grant grant, long nowNanos) {
        if (!byKey.containsKey(grant.key())) {
            former.remember(grant.key(), grant.order(), grant.replacing(), nowNanos);
        }
    }

    /** It has identified. */
    void done(Bucket bucket, int key) {
        Place place = byKey.get(key);
        if (place != null) {
            take(bucket, place);
        }
        var _ = former.forget(key);
    }

    /** None of these gets a former place back. */
    void forgetFormer(IntPredicate keys) {
        former.forgetAll(keys);
    }

    /** Nothing came of its turn. */
    void moveToTheEnd(Bucket bucket, Place place) {
        take(bucket, place);
        place.turned = false;
        place.order = nextOrder++;
        put(bucket, place);
    }
}
