package gw.worker.shard;

import gw.model.Secret;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What IDENTIFY says, the shard left out.
 *
 * @param token without "Bot "
 * @param payloadCompression Discord's {@code compress} field
 * @param largeThreshold 50..250; empty: left out
 * @param presenceJson a JSON object in which {@code {{shard}}} stands for the shard id
 * @param properties os, browser, device
 */
public record IdentifyFacts(
        Secret token,
        long intents,
        boolean payloadCompression,
        OptionalInt largeThreshold,
        Optional<String> presenceJson,
        Map<String, String> properties) {
    public IdentifyFacts {
        properties = Map.copyOf(properties);
    }
}
