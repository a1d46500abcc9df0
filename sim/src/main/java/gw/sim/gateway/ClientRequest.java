package gw.sim.gateway;

import gw.sim.ledger.Violations;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** What a client asks for in IDENTIFY or RESUME, or why it can't have it. */
sealed interface ClientRequest {
    /** A sound IDENTIFY. */
    record Identify(Bearer bearer, int shardCount, boolean compress) implements ClientRequest {}

    /** A sound RESUME. */
    record Resume(String sessionId, long sequence) implements ClientRequest {}

    /** Refused by a close frame. {@code bearer} has an empty token when none was given. */
    record Refused(int code, Violations.Kind kind, String reason, Bearer bearer)
            implements ClientRequest {}

    /** Reads the {@code d} of op 2. */
    static ClientRequest identify(
            JsonNode d, SimSettings settings, Guilds guilds, boolean transportCompression) {
        if (!d.path("token").isString()) {
            return undecodable("token", new Bearer("", 0));
        }
        String token = d.path("token").asString();
        JsonNode shard = d.path("shard");
        Bearer bearer = new Bearer(token, shard.path(0).asInt(0));
        if (!token.equals(settings.token())) {
            return new Refused(4004, Violations.Kind.TOKEN, "Authentication failed.", bearer);
        }
        String broken = brokenField(d);
        if (!broken.isEmpty()) {
            return undecodable(broken, bearer);
        }
        if (d.path("compress").asBoolean(false) && transportCompression) {
            return new Refused(
                    4002,
                    Violations.Kind.QUERY_PARAMETERS,
                    "Payload compression excludes transport compression.",
                    bearer);
        }
        Refused badIntents = intents(d.path("intents"), settings, bearer);
        if (badIntents != null) {
            return badIntents;
        }
        return shard(d, guilds, bearer);
    }

    private static String brokenField(JsonNode d) {
        JsonNode properties = d.path("properties");
        for (String name : new String[] {"os", "browser", "device"}) {
            if (!properties.path(name).isString()) {
                return "properties." + name;
            }
        }
        if (d.has("compress") && !d.path("compress").isBoolean()) {
            return "compress";
        }
        JsonNode threshold = d.path("large_threshold");
        if (d.has("large_threshold")
                && !(threshold.isInt() && threshold.asInt() >= 50 && threshold.asInt() <= 250)) {
            return "large_threshold";
        }
        if (d.has("presence") && !d.path("presence").isObject()) {
            return "presence";
        }
        return "";
    }

    private static @Nullable Refused intents(
            JsonNode intents, SimSettings settings, Bearer bearer) {
        if (!intents.isIntegralNumber()
                || !intents.canConvertToLong()
                || (intents.asLong() & ~SimSettings.KNOWN_INTENTS) != 0) {
            return new Refused(4013, Violations.Kind.INTENTS, "Invalid intent(s).", bearer);
        }
        if ((intents.asLong() & ~settings.allowedIntents()) != 0) {
            return new Refused(4014, Violations.Kind.INTENTS, "Disallowed intent(s).", bearer);
        }
        return null;
    }

    private static ClientRequest shard(JsonNode d, Guilds guilds, Bearer bearer) {
        JsonNode shard = d.path("shard");
        int count = 1;
        if (d.has("shard")) {
            if (!shard.isArray()
                    || shard.size() != 2
                    || !shard.path(0).isInt()
                    || !shard.path(1).isInt()
                    || shard.path(0).asInt() < 0
                    || shard.path(1).asInt() <= shard.path(0).asInt()) {
                return new Refused(4010, Violations.Kind.SHARD, "Invalid shard.", bearer);
            }
            count = shard.path(1).asInt();
        }
        if (guilds.overfill(d.has("shard") ? shard.path(0).asInt() : 0, count)) {
            return new Refused(4011, Violations.Kind.SHARD, "Sharding required.", bearer);
        }
        return new Identify(bearer, count, d.path("compress").asBoolean(false));
    }

    /** Reads the {@code d} of op 6. */
    static ClientRequest resume(JsonNode d, SimSettings settings) {
        Bearer nobody = new Bearer(d.path("token").asString(""), -1);
        if (!d.path("token").isString()
                || !d.path("session_id").isString()
                || !d.path("seq").isIntegralNumber()
                || !d.path("seq").canConvertToLong()
                || d.path("seq").asLong() < 0) {
            return undecodable("resume", nobody);
        }
        if (!d.path("token").asString().equals(settings.token())) {
            return new Refused(4004, Violations.Kind.TOKEN, "Authentication failed.", nobody);
        }
        return new Resume(d.path("session_id").asString(), d.path("seq").asLong());
    }

    private static Refused undecodable(String field, Bearer bearer) {
        return new Refused(
                4002,
                Violations.Kind.UNDECODABLE,
                "Error while decoding payload: " + field,
                bearer);
    }
}
