package gw.supervisor.plan;

import gw.model.SessionStartLimit;

import java.net.URI;

/**
 * What Discord tells a bot before it connects.
 *
 * @param url the gateway's, {@code ws://} or {@code wss://}, without query parameters
 * @param shards how many shards Discord recommends, at least 1
 * @param limit how many sessions the bot may start
 * @see <a href="https://docs.discord.com/developers/events/gateway#get-gateway-bot">Discord: Get
 *     Gateway Bot</a>
 */
public record GatewayBot(URI url, int shards, SessionStartLimit limit) {
    public GatewayBot {
        String scheme = url.getScheme();
        if (!("ws".equalsIgnoreCase(scheme) || "wss".equalsIgnoreCase(scheme))
                || url.getHost() == null) {
            throw new IllegalArgumentException("url: " + url + " (expected: ws:// or wss://)");
        }
        if (shards < 1) {
            throw new IllegalArgumentException("shards: " + shards + " (expected: >= 1)");
        }
    }

    /** The same with another count of shards. */
    public GatewayBot withShards(int newShards) {
        return new GatewayBot(url, newShards, limit);
    }

    /** The same with other figures of the session start limit. */
    public GatewayBot withLimit(SessionStartLimit newLimit) {
        return new GatewayBot(url, shards, newLimit);
    }
}
