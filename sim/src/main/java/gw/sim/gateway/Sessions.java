package gw.sim.gateway;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The sessions that live, by id and by the guilds that they own. Several of the same shard and of
 * different counts live side by side. Owned by the event loop.
 */
final class Sessions {
    private static final int MAX_BACKLOG = 256;

    /** Sessions of one shard count by shard. */
    private record Layout(int shardCount, Map<Integer, List<SimSession>> byShard) {
        List<SimSession> owners(long guildId) {
            int shard = guildId == 0 ? 0 : GuildIds.shard(guildId, shardCount);
            return byShard.getOrDefault(shard, List.of());
        }
    }

    private final Map<String, SimSession> byId = new LinkedHashMap<>();
    private final List<Layout> layouts = new ArrayList<>();
    private final int replayEvents;
    private long happenings;

    Sessions(int replayEvents) {
        this.replayEvents = replayEvents;
    }

    int size() {
        return byId.size();
    }

    Collection<SimSession> all() {
        return List.copyOf(byId.values());
    }

    @Nullable SimSession find(String id) {
        return byId.get(id);
    }

    void add(SimSession session) {
        byId.put(session.id(), session);
        layout(session.shardCount())
                .byShard()
                .computeIfAbsent(session.shardId(), _ -> new ArrayList<>())
                .add(session);
    }

    private Layout layout(int shardCount) {
        for (Layout layout : layouts) {
            if (layout.shardCount() == shardCount) {
                return layout;
            }
        }
        Layout created = new Layout(shardCount, new LinkedHashMap<>());
        layouts.add(created);
        return created;
    }

    /** False: it was gone already. */
    boolean remove(SimSession session) {
        if (byId.remove(session.id()) == null) {
            return false;
        }
        Layout layout = layout(session.shardCount());
        List<SimSession> same = layout.byShard().getOrDefault(session.shardId(), List.of());
        same.remove(session);
        if (same.isEmpty()) {
            layout.byShard().remove(session.shardId());
        }
        if (layout.byShard().isEmpty()) {
            layouts.remove(layout);
        }
        session.end();
        return true;
    }

    /** The living sessions of one shard and count. */
    List<SimSession> of(int shardId, int shardCount) {
        for (Layout layout : layouts) {
            if (layout.shardCount() == shardCount) {
                return List.copyOf(layout.byShard().getOrDefault(shardId, List.of()));
            }
        }
        return List.of();
    }

    /** This happens now: every session that owns its guild is told, sooner or later. */
    void dispatch(SimEvent event) {
        happenings++;
        for (int i = 0; i < layouts.size(); i++) {
            List<SimSession> owners = layouts.get(i).owners(event.guildId());
            for (int j = 0; j < owners.size(); j++) {
                owners.get(j).happened(event, happenings);
            }
        }
    }

    /** Whether anybody gets an event of this guild. */
    boolean owned(long guildId) {
        for (int i = 0; i < layouts.size(); i++) {
            if (!layouts.get(i).owners(guildId).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether all that own this guild take more, and there are some. */
    boolean taken(long guildId) {
        boolean any = false;
        for (int i = 0; i < layouts.size(); i++) {
            List<SimSession> owners = layouts.get(i).owners(guildId);
            for (int j = 0; j < owners.size(); j++) {
                if (owners.get(j).backlog() > limit(owners.get(j))) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    /**
     * A client that is away must find enough in the replay buffer when it is back. What waits for
     * its moment doesn't wait for the client.
     */
    private int limit(SimSession session) {
        SimConnection connection = session.connection();
        return connection == null || connection.muted() || session.isSkewed()
                ? replayEvents / 4
                : MAX_BACKLOG;
    }

    /** How many live, by shard count. */
    Map<Integer, Integer> byCount() {
        Map<Integer, Integer> counts = new TreeMap<>();
        byId.values().forEach(session -> counts.merge(session.shardCount(), 1, Integer::sum));
        return counts;
    }

    /** How many events wait for their moment, in all sessions. */
    long underWay() {
        return byId.values().stream().mapToLong(SimSession::underWay).sum();
    }

    /** The connected ones, in an order that depends on nothing but themselves. */
    List<SimConnection> connected() {
        return byId.values().stream()
                .sorted(
                        Comparator.comparingInt(SimSession::shardCount)
                                .thenComparingInt(SimSession::shardId)
                                .thenComparing(SimSession::id))
                .map(SimSession::connection)
                .filter(Objects::nonNull)
                .toList();
    }
}
