package gw.sim.check;

import gw.sim.bot.ReceivedGap;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a GW_GAP says. */
sealed interface GapClaim {
    /** A limit dropped so many events of one order, from one to another. */
    record QueueFull(String reason, long events, EventId from, EventId to, Order order)
            implements GapClaim {}

    /** Discord ended this session. */
    record SessionEnded(String sessionId) implements GapClaim {}

    /** It can't be read. */
    record Unreadable(String why) implements GapClaim {}

    /** {@code session_id:seq}, in parts. */
    record EventId(String sessionId, long sequence) {}

    static GapClaim of(ReceivedGap gap, JsonMapper json) {
        JsonNode data;
        try {
            data = json.readTree(gap.payload()).path("d");
        } catch (JacksonException e) {
            return new Unreadable("not JSON: " + gap.payload());
        }
        String reason = data.path("reason").asString("");
        try {
            return switch (reason) {
                case "queue_full", "disk_full", "max_age", "ttl" ->
                        new QueueFull(
                                reason,
                                data.path("events").asLong(-1),
                                id(data.path("from").asString("")),
                                id(data.path("to").asString("")),
                                Order.of(
                                        gap.shardId(),
                                        gap.shardCount(),
                                        Long.parseLong(data.path("guild_id").asString("0"))));
                case "session_ended" -> new SessionEnded(data.path("lost_session_id").asString(""));
                default -> new Unreadable("reason " + reason);
            };
        } catch (NumberFormatException e) {
            return new Unreadable("no event id or guild in " + gap.payload());
        }
    }

    private static EventId id(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new NumberFormatException(text);
        }
        return new EventId(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
    }
}
