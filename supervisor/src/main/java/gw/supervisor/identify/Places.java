package gw.supervisor.identify;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The shards that wait, by id, kept in step with the queues of their buckets. */
final class Places {
    private final Map<Integer, Place> byShard = new HashMap<>();
    private final FormerPlaces former = new FormerPlaces();
    private final Turns turns;
    private int replacing;
    private long nextOrder = 1;

    Places(Turns turns) {
        this.turns = turns;
    }

    @Nullable Place of(int shardId) {
        return byShard.get(shardId);
    }

    /** A copy: the queue may change meanwhile. */
    List<Place> all() {
        return List.copyOf(byShard.values());
    }

    Collection<Place> view() {
        return byShard.values();
    }

    int size() {
        return byShard.size();
    }

    /** How many wait for a session in place of one that Discord ended. */
    int replacing() {
        return replacing;
    }

    /** Queues a shard: at the end, or where it was a moment ago. */
    Place enqueue(Bucket bucket, int shardId, boolean isReplacing, long nowNanos) {
        FormerPlaces.Former old = former.forget(shardId);
        long order = old != null && old.isRecent(nowNanos) ? old.order() : nextOrder++;
        Place place = new Place(shardId, order, isReplacing || (old != null && old.replacing()));
        put(bucket, place);
        return place;
    }

    void put(Bucket bucket, Place place) {
        byShard.put(place.shardId, place);
        replacing += place.replacing ? 1 : 0;
        turns.entered(place);
        bucket.add(place);
    }

    /** Takes it out, to be changed and put back or to be forgotten. */
    void take(Bucket bucket, Place place) {
        byShard.remove(place.shardId);
        replacing -= place.replacing ? 1 : 0;
        turns.left(place);
        bucket.remove(place);
    }

    /** The shard may be back soon. */
    void giveUp(Bucket bucket, Place place, long nowNanos) {
        take(bucket, place);
        former.remember(place.shardId, place.order, place.replacing, nowNanos);
    }

    /** Its token came to nothing: it gets its place back when it asks again. */
    void giveUp(Grant grant, long nowNanos) {
        if (!byShard.containsKey(grant.shardId())) {
            former.remember(grant.shardId(), grant.order(), grant.replacing(), nowNanos);
        }
    }

    /** It has identified. */
    void done(Bucket bucket, int shardId) {
        Place place = byShard.get(shardId);
        if (place != null) {
            take(bucket, place);
        }
        var _ = former.forget(shardId);
    }

    /** Nothing came of its turn. */
    void moveToTheEnd(Bucket bucket, Place place) {
        take(bucket, place);
        place.turned = false;
        place.order = nextOrder++;
        put(bucket, place);
    }
}
