package gw.sim.gateway;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the gateway says, in Discord's words. */
final class ServerPayloads {
    private static final String TRACE = "\"_trace\":[\"[\\\"gw-sim\\\",{\\\"micros\\\":0.0}]\"]";

    private final long applicationId;
    private final String resumeUrl;

    ServerPayloads(long applicationId, String resumeUrl) {
        this.applicationId = applicationId;
        this.resumeUrl = resumeUrl;
    }

    static byte[] hello(long heartbeatMillis) {
        return bytes(
                "{\"t\":null,\"s\":null,\"op\":10,\"d\":{\"heartbeat_interval\":"
                        + heartbeatMillis
                        + ","
                        + TRACE
                        + "}}");
    }

    static byte[] heartbeatAck() {
        return bytes("{\"t\":null,\"s\":null,\"op\":11,\"d\":null}");
    }

    static byte[] heartbeatRequest() {
        return bytes("{\"t\":null,\"s\":null,\"op\":1,\"d\":null}");
    }

    static byte[] reconnect() {
        return bytes("{\"t\":null,\"s\":null,\"op\":7,\"d\":null}");
    }

    static byte[] invalidSession(boolean resumable) {
        return bytes("{\"t\":null,\"s\":null,\"op\":9,\"d\":" + resumable + "}");
    }

    SimEvent ready(SimSession session, List<Long> guildIds) {
        StringBuilder guilds = new StringBuilder(guildIds.size() * 48);
        for (long guildId : guildIds) {
            guilds.append(guilds.isEmpty() ? "" : ",")
                    .append("{\"unavailable\":true,\"id\":\"")
                    .append(guildId)
                    .append("\"}");
        }
        return event(
                "READY",
                0,
                "{\"v\":10,\"user_settings\":{},\"user\":{\"verified\":true,\"username\":\"sim\","
                        + "\"mfa_enabled\":false,\"id\":\""
                        + applicationId
                        + "\",\"global_name\":null,\"flags\":0,\"email\":null,"
                        + "\"discriminator\":\"0000\",\"bot\":true,\"avatar\":null},"
                        + "\"session_type\":\"normal\",\"session_id\":\""
                        + session.id()
                        + "\",\"resume_gateway_url\":\""
                        + resumeUrl
                        + "\",\"shard\":["
                        + session.shardId()
                        + ","
                        + session.shardCount()
                        + "],\"relationships\":[],\"private_channels\":[],\"presences\":[],"
                        + "\"guilds\":["
                        + guilds
                        + "],\"guild_join_requests\":[],\"geo_ordered_rtc_regions\":[],"
                        + "\"application\":{\"id\":\""
                        + applicationId
                        + "\",\"flags\":565248},"
                        + TRACE
                        + "}");
    }

    static SimEvent resumed() {
        return event("RESUMED", 0, "{" + TRACE + "}");
    }

    static SimEvent noMembers(long guildId, String quotedNonce) {
        return event(
                "GUILD_MEMBERS_CHUNK",
                guildId,
                "{\"guild_id\":\""
                        + guildId
                        + "\",\"members\":[],\"not_found\":[],\"chunk_index\":0,\"chunk_count\":1"
                        + (quotedNonce.isEmpty() ? "" : ",\"nonce\":" + quotedNonce)
                        + "}");
    }

    static SimEvent noSounds(long guildId) {
        return event(
                "SOUNDBOARD_SOUNDS",
                guildId,
                "{\"soundboard_sounds\":[],\"guild_id\":\"" + guildId + "\"}");
    }

    private static SimEvent event(String name, long guildId, String data) {
        return new SimEvent(name, guildId, data.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.US_ASCII);
    }
}
