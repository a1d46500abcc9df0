package gw.supervisor;

import gw.model.TransportCompression;
import gw.proto.v1.Compression;
import gw.proto.v1.Property;
import gw.proto.v1.ShardAssignment;
import gw.proto.v1.WorkerConfig;
import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.plan.GenerationSpec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** What a worker is told when it attaches. Secrets travel here alone (P8). */
final class WorkerConfigs {
    static final int API_VERSION = 10;

    private static final Duration BEAT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CONNECT_STEP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration GUILD_TIMEOUT = Duration.ofSeconds(15);

    /** Enough for a supervisor that pauses for some seconds at thousands of events a second. */
    private static final long MAX_UNACKED_BYTES = 32L * 1024 * 1024;

    private final WorkerConfig frame;

    /**
     * Prepares what all workers have in common.
     *
     * @param spec the generation that they belong to
     */
    WorkerConfigs(SupervisorConfig config, GenerationSpec spec) {
        WorkerConfig.Builder builder =
                WorkerConfig.newBuilder()
                        .setToken(config.token().reveal())
                        .setIntents(spec.intents())
                        .setGatewayUrl(spec.gatewayUrl())
                        .setApiVersion(API_VERSION)
                        .setCompression(wire(config.compression()))
                        .setShardCount(spec.shards().count())
                        .setPresenceJson(config.presence().orElse(""))
                        .setBeatIntervalMs((int) BEAT_INTERVAL.toMillis())
                        .setMaxMessageBytes(config.maxMessageBytes())
                        .setMaxUnackedBytes(MAX_UNACKED_BYTES)
                        .setConnectStepTimeoutMs((int) CONNECT_STEP_TIMEOUT.toMillis())
                        .setSessionTimeoutMs((int) SESSION_TIMEOUT.toMillis())
                        .setGuildTimeoutMs((int) GUILD_TIMEOUT.toMillis());
        // In the order of their names, for the digest: the configuration's map has no order.
        new TreeMap<>(config.properties())
                .forEach((key, value) ->
                        builder.addProperties(Property.newBuilder().setKey(key).setValue(value)));
        config.largeThreshold().ifPresent(builder::setLargeThreshold);
        frame = builder.build();
    }

    /** For a worker that gets these shards. */
    WorkerConfig with(List<ShardAssignment> shards) {
        return frame.toBuilder().addAllShards(shards).build();
    }

    /**
     * Stands for all that workers are told beside their shards: one that was told the same can go
     * on under another supervisor. It is no secret.
     */
    String digest() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(frame.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Compression wire(TransportCompression compression) {
        return switch (compression) {
            case NONE -> Compression.COMPRESSION_NONE;
            case PAYLOAD -> Compression.COMPRESSION_PAYLOAD;
            case ZLIB_STREAM -> Compression.COMPRESSION_ZLIB_STREAM;
            case ZSTD_STREAM -> Compression.COMPRESSION_ZSTD_STREAM;
        };
    }
}
