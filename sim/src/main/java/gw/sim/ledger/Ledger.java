package gw.sim.ledger;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * All that the sim sent, the sessions that it ended itself, and those that began beside others of
 * the same guilds. Any thread.
 */
public final class Ledger {
    private final int maxEvents;
    private final LongSupplier nanos;
    private final List<SentEvent> events = new ArrayList<>();
    private final Set<String> lostSessions = new LinkedHashSet<>();
    private final Set<String> besideSessions = new LinkedHashSet<>();
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

    /** One dispatch was given to a session; see {@link SentEvent} for what each value means. */
    public synchronized void sent(
            int shardId,
            int shardCount,
            String sessionId,
            long sequence,
            String name,
            long guildId,
            long happening,
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
                        happening,
                        order,
                        PayloadHash.of(payload, 0, payload.length),
                        nanos.getAsLong()));
    }

    /** The sim ended this session: what had not arrived of it is not owed. */
    public synchronized void lost(String sessionId) {
        lostSessions.add(sessionId);
    }

    /**
     * This session began while others had its guilds: a next generation. Its own events need not
     * reach the bot, for which no guild was joined.
     */
    public synchronized void beside(String sessionId) {
        besideSessions.add(sessionId);
    }

    /** A copy of all that was sent, in order. */
    public synchronized List<SentEvent> events() {
        return List.copyOf(events);
    }

    /** A copy of the sessions that the sim ended. */
    public synchronized Set<String> lostSessions() {
        return Set.copyOf(lostSessions);
    }

    /** A copy of the sessions that began beside others. */
    public synchronized Set<String> besideSessions() {
        return Set.copyOf(besideSessions);
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
