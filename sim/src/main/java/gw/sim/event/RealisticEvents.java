package gw.sim.event;

import gw.sim.gateway.EventSource;
import gw.sim.gateway.SimEvent;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Events as a real bot sees them, by type, size and frequency, whose texts, keys and nesting
 * mislead whoever does not read JSON properly. Always valid JSON. All of it is spelled out at
 * construction, so that an event costs about a copy. The same seed and the same calls give the same
 * bytes. Owned by one thread.
 */
public final class RealisticEvents implements EventSource {
    /** New ids count from here: 19 digits for ever. */
    static final long FIRST_NEW_ID = 1_300_000_000_000_000_000L;

    private static final int TEMPLATES = 64;

    private final SplittableRandom random;
    private final Things things;
    private final List<EventKind> inGuilds;
    private final List<EventKind> outside;
    private final WholeGuilds wholeGuilds;
    private long nextId = FIRST_NEW_ID;

    /** Spells out the templates: some 200 ms in a JVM that has just started. */
    public RealisticEvents(long seed) {
        random = new SplittableRandom(seed);
        things = new Things(random);
        MessageEvents messages = new MessageEvents(things);
        GuildEvents guilds = new GuildEvents(things);
        inGuilds =
                List.of(
                        kind("PRESENCE_UPDATE", 300, guilds::presence),
                        kind("MESSAGE_CREATE", 250, messages::created),
                        kind("TYPING_START", 150, messages::typing),
                        kind("VOICE_STATE_UPDATE", 60, guilds::voice),
                        kind("MESSAGE_UPDATE", 50, messages::updated),
                        kind("GUILD_MEMBER_UPDATE", 50, guilds::memberAdded),
                        kind("MESSAGE_REACTION_ADD", 40, messages::reactionAdded),
                        kind("MESSAGE_DELETE", 20, messages::deleted),
                        kind("INTERACTION_CREATE", 20, messages::interaction),
                        kind("GUILD_MEMBER_ADD", 15, guilds::memberAdded),
                        kind("MESSAGE_REACTION_REMOVE", 10, messages::reaction),
                        kind("GUILD_MEMBER_REMOVE", 10, guilds::memberRemoved),
                        kind("GUILD_AUDIT_LOG_ENTRY_CREATE", 10, guilds::auditLogEntry),
                        kind("CHANNEL_UPDATE", 5, guilds::channelUpdated),
                        kind("THREAD_CREATE", 5, messages::threadCreated),
                        kind("GUILD_ROLE_UPDATE", 3, guilds::roleUpdated),
                        kind("GUILD_UPDATE", 2, guilds::guildUpdated));
        outside =
                List.of(
                        kind("MESSAGE_CREATE", 90, messages::direct),
                        kind("USER_UPDATE", 3, messages::self),
                        kind("ENTITLEMENT_CREATE", 7, messages::entitlement));
        wholeGuilds = new WholeGuilds(seed, things, guilds);
    }

    private EventKind kind(String name, int weight, Supplier<JsonObject> made) {
        EventTemplate[] templates = new EventTemplate[TEMPLATES];
        for (int i = 0; i < TEMPLATES; i++) {
            things.spelling.turn();
            templates[i] = EventTemplate.of(made.get().toJson());
        }
        return new EventKind(name, weight, templates);
    }

    @Override
    public SimEvent next(long guildId) {
        EventKind kind = pick(guildId == 0 ? outside : inGuilds);
        EventTemplate template = kind.pick(random);
        byte[] data = new byte[template.length(guildId)];
        int _ = template.write(data, 0, guildId, nextId);
        nextId += 1 << 22;
        return new SimEvent(kind.name(), guildId, data);
    }

    private EventKind pick(List<EventKind> kinds) {
        int total = 0;
        for (EventKind kind : kinds) {
            total += kind.weight();
        }
        int dice = random.nextInt(total);
        int last = kinds.size() - 1;
        for (int i = 0; i < last; i++) {
            dice -= kinds.get(i).weight();
            if (dice < 0) {
                return kinds.get(i);
            }
        }
        return kinds.get(last);
    }

    @Override
    public byte[] guildCreate(long guildId) {
        return wholeGuilds.guild(guildId);
    }
}
