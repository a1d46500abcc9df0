package gw.sim.ledger;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** All that the sim sent, and the sessions that it ended itself. Any thread. */
public final class Ledger {
    private final int maxEvents;
    private final LongSupplier nanos;
    private final List<SentEvent> events = new ArrayList<>();
    private final Set<String> lostSessions = new LinkedHashSet<>();
    private long order;
    private boolean full;

    /** Keeps at most so many events; past that it keeps none and says that it is full. */
    public Ledger(int maxEvents) {
        this(maxEvents, System::nanoTime);
    }

    /** The same with another monotonic clock than {@link System#nanoTime()}. */
    public Ledger(int maxEvents, LongSupplier nanos) {
        this.maxEvents = maxEvents;
        this.nanos = nanos;
    }

    /** One dispatch was given to a session. */
    public synchronized void sent(
            int shardId,
            int shardCount,
            String sessionId,
            long sequence,
            String name,
            long guildId,
            byte[] payload) {
        order++;
        if (events.size() >= maxEvents) {
            full = true;
            return;
        }
        events.add(
                new SentEvent(
                        shardId,
                        shardCount,
                        sessionId,
                        sequence,
                        name,
                        guildId,
                        order,
                        PayloadHash.of(payload, 0, payload.length),
                        nanos.getAsLong()));
    }

    /** The sim ended this session: what had not arrived of it is not owed. */
    public synchronized void lost(String sessionId) {
        lostSessions.add(sessionId);
    }

    /** A copy of all that was sent, in order. */
    public synchronized List<SentEvent> events() {
        return List.copyOf(events);
    }

    /** A copy of the sessions that the sim ended. */
    public synchronized Set<String> lostSessions() {
        return Set.copyOf(lostSessions);
    }

    /** How many dispatches were sent, kept or not. */
    public synchronized long count() {
        return order;
    }

    /** Whether some were not kept: a check against this ledger proves nothing. */
    public synchronized boolean isFull() {
        return full;
    }
}
