package gw.sim.gateway;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * The bot joins guilds and leaves them, and guilds go and come back: every session that owns one is
 * told. Event loop only.
 */
public final class Membership {
    private final Guilds guilds;
    private final EventSource events;
    private final Consumer<SimEvent> happening;

    Membership(Guilds guilds, EventSource events, Consumer<SimEvent> happening) {
        this.guilds = guilds;
        this.events = events;
        this.happening = happening;
    }

    /**
     * The bot is added to so many new guilds.
     *
     * @return their ids, in ascending order
     */
    public List<Long> join(int count) {
        List<Long> joined = guilds.join(count);
        joined.forEach(this::created);
        return joined;
    }

    /** The bot is removed from a guild; false: it was in no such guild. */
    public boolean leave(long guildId) {
        if (!guilds.has(guildId)) {
            return false;
        }
        happening.accept(deleted(guildId, ""));
        guilds.leave(guildId);
        return true;
    }

    /** A guild goes out of service, or is back; false: it was so already, or there is none. */
    public boolean outage(long guildId, boolean begins) {
        if (!guilds.has(guildId) || guilds.isOut(guildId) == begins) {
            return false;
        }
        guilds.outage(guildId, begins);
        if (begins) {
            happening.accept(deleted(guildId, ",\"unavailable\":true"));
        } else {
            created(guildId);
        }
        return true;
    }

    private void created(long guildId) {
        happening.accept(new SimEvent("GUILD_CREATE", guildId, events.guildCreate(guildId)));
    }

    private static SimEvent deleted(long guildId, String more) {
        return new SimEvent(
                "GUILD_DELETE",
                guildId,
                ("{\"id\":\"" + guildId + "\"" + more + "}").getBytes(StandardCharsets.US_ASCII));
    }
}
