package gw.sim.gateway;

import gw.sim.ledger.Ledger;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Makes a session of each IDENTIFY that was accepted, and counts them. Owned by the event loop. */
final class Identifies {
    private final SimSettings settings;
    private final EventSource events;
    private final Ledger ledger;
    private final LongSupplier nanoTime;
    private final Sessions sessions;
    private final Guilds guilds;
    private final Generations generations;
    private final ServerPayloads payloads;
    private final Skew skew;
    private final SessionIds sessionIds;
    private final Map<Integer, Long> byCount = new TreeMap<>();
    private long count;

    Identifies(
            SimSettings settings,
            EventSource events,
            Ledger ledger,
            LongSupplier nanoTime,
            Sessions sessions,
            Guilds guilds,
            Generations generations,
            ServerPayloads payloads,
            Skew skew) {
        this.settings = settings;
        this.events = events;
        this.ledger = ledger;
        this.nanoTime = nanoTime;
        this.sessions = sessions;
        this.guilds = guilds;
        this.generations = generations;
        this.payloads = payloads;
        this.skew = skew;
        this.sessionIds = new SessionIds(settings.seed());
    }

    /** How many there were. */
    long count() {
        return count;
    }

    /** How many there were, by shard count. */
    Map<Integer, Long> byCount() {
        return Map.copyOf(byCount);
    }

    /** READY, and each guild of the shard that is in service. */
    void start(SimConnection connection, ClientRequest.Identify wanted) {
        count++;
        int shardId = wanted.bearer().shardId();
        int shardCount = wanted.shardCount();
        byCount.merge(shardCount, 1L, Long::sum);
        if (wanted.compress()) {
            connection.out().compressPayloads();
        }
        long now = nanoTime.getAsLong();
        SimSession session =
                new SimSession(
                        sessionIds.next(shardId, shardCount),
                        shardId,
                        shardCount,
                        wanted.compress(),
                        settings.replayEvents(),
                        ledger,
                        now,
                        count,
                        skew);
        generations.begins(session, now);
        sessions.add(session);
        connection.attach(session, 0);
        List<Long> own = guilds.of(shardId, shardCount);
        session.dispatch(payloads.ready(session, own));
        for (long guildId : own) {
            if (!guilds.isOut(guildId)) {
                session.dispatch(
                        new SimEvent("GUILD_CREATE", guildId, events.guildCreate(guildId)));
            }
        }
    }
}
