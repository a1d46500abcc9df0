package gw.worker;

import gw.model.Secret;
import gw.model.Session;
import gw.model.TransportCompression;
import gw.proto.v1.Compression;
import gw.proto.v1.GatewaySession;
import gw.proto.v1.IdentifyReady;
import gw.proto.v1.IdentifyReleased;
import gw.proto.v1.IdentifySent;
import gw.proto.v1.IdentifyWanted;
import gw.proto.v1.ShardFacts;
import gw.proto.v1.ShardState;
import gw.proto.v1.ShardUpdate;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.WorkerConfig;
import gw.worker.shard.IdentifyFacts;
import gw.worker.shard.ShardFigures;
import gw.worker.shard.ShardHost;
import gw.worker.shard.ShardRunner;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts what happens in the worker into the words of the link, and back. */
final class Messages {
    private Messages() {}

    static ToSupervisor update(int shardId, ShardHost.Report report) {
        ShardUpdate.Builder update =
                ShardUpdate.newBuilder()
                        .setShardId(shardId)
                        .setState(state(report.state()))
                        .setReason(report.reason())
                        .setCloseCode(report.closeCode())
                        .setGuilds(report.guilds())
                        .setGuildsUnavailable(report.guildsUnavailable())
                        .setUserId(report.userId())
                        .setUserName(report.userName());
        report.session().ifPresent(session -> update.setSession(session(session)));
        report.lostSession().ifPresent(update::setLostSessionId);
        return ToSupervisor.newBuilder().setShard(update).build();
    }

    static ToSupervisor wanted(int shardId) {
        return ToSupervisor.newBuilder()
                .setIdentifyWanted(IdentifyWanted.newBuilder().setShardId(shardId))
                .build();
    }

    static ToSupervisor ready(int shardId) {
        return ToSupervisor.newBuilder()
                .setIdentifyReady(IdentifyReady.newBuilder().setShardId(shardId))
                .build();
    }

    static ToSupervisor sent(int shardId, long grantId) {
        return ToSupervisor.newBuilder()
                .setIdentifySent(IdentifySent.newBuilder().setShardId(shardId).setGrantId(grantId))
                .build();
    }

    static ToSupervisor released(int shardId, long grantId) {
        return ToSupervisor.newBuilder()
                .setIdentifyReleased(
                        IdentifyReleased.newBuilder().setShardId(shardId).setGrantId(grantId))
                .build();
    }

    static ShardFacts facts(ShardRunner shard) {
        ShardFigures figures = shard.figures();
        return ShardFacts.newBuilder()
                .setShardId(shard.shardId())
                .setHeartbeatLastSentMs(figures.beatAtMillis())
                .setHeartbeatLastAckedMs(figures.ackAtMillis())
                .setHeartbeatAcknowledged(figures.acknowledged())
                .setHeartbeatIntervalMs((int) figures.intervalMillis())
                .setLatencyMicros(figures.latencyMicros())
                .setSequence(shard.sequence())
                .setDurableSequence(shard.durableSequence())
                .setLastDispatchMs(figures.lastDispatchMillis())
                .setDispatches(figures.dispatches())
                .setReconnects(figures.reconnects())
                .setResumes(figures.resumes())
                .setIdentifies(figures.identifies())
                .build();
    }

    static Session session(GatewaySession session) {
        return new Session(session.getSessionId(), session.getResumeUrl(), session.getSequence());
    }

    static IdentifyFacts identify(WorkerConfig config) {
        return new IdentifyFacts(
                Secret.of(config.getToken()),
                config.getIntents(),
                config.getCompression() == Compression.COMPRESSION_PAYLOAD,
                config.getLargeThreshold() == 0
                        ? OptionalInt.empty()
                        : OptionalInt.of(config.getLargeThreshold()),
                config.getPresenceJson().isEmpty()
                        ? Optional.empty()
                        : Optional.of(config.getPresenceJson()),
                properties(config));
    }

    private static Map<String, String> properties(WorkerConfig config) {
        Map<String, String> properties = new HashMap<>();
        config.getPropertiesList()
                .forEach(property -> properties.put(property.getKey(), property.getValue()));
        return properties;
    }

    static TransportCompression compression(Compression compression) {
        return switch (compression) {
            case COMPRESSION_NONE -> TransportCompression.NONE;
            case COMPRESSION_PAYLOAD -> TransportCompression.PAYLOAD;
            case COMPRESSION_ZLIB_STREAM -> TransportCompression.ZLIB_STREAM;
            case COMPRESSION_ZSTD_STREAM -> TransportCompression.ZSTD_STREAM;
            case COMPRESSION_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IllegalArgumentException("compression: " + compression);
        };
    }

    private static GatewaySession session(Session session) {
        return GatewaySession.newBuilder()
                .setSessionId(session.id())
                .setResumeUrl(session.resumeUrl())
                .setSequence(session.sequence())
                .build();
    }

    private static ShardState state(gw.worker.shard.ShardState state) {
        return switch (state) {
            case gw.worker.shard.ShardState.Idle _ -> ShardState.SHARD_STATE_IDLE;
            case gw.worker.shard.ShardState.Queued _ -> ShardState.SHARD_STATE_QUEUED;
            case gw.worker.shard.ShardState.Connecting _ -> ShardState.SHARD_STATE_CONNECTING;
            case gw.worker.shard.ShardState.AwaitingHello _ ->
                    ShardState.SHARD_STATE_AWAITING_HELLO;
            case gw.worker.shard.ShardState.AwaitingGrant _ ->
                    ShardState.SHARD_STATE_AWAITING_GRANT;
            case gw.worker.shard.ShardState.Identifying _ -> ShardState.SHARD_STATE_IDENTIFYING;
            case gw.worker.shard.ShardState.Resuming _ -> ShardState.SHARD_STATE_RESUMING;
            case gw.worker.shard.ShardState.Ready _ -> ShardState.SHARD_STATE_READY;
            case gw.worker.shard.ShardState.Backoff _ -> ShardState.SHARD_STATE_BACKOFF;
            case gw.worker.shard.ShardState.Fatal _ -> ShardState.SHARD_STATE_FATAL;
        };
    }
}
