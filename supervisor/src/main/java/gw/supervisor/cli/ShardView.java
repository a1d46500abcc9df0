package gw.supervisor.cli;

import gw.proto.v1.ShardFacts;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import java.util.ArrayList;
import java.util.List;

/** All that is known of one shard. */
final class ShardView {
    private static final int INDENT = 20;

    private ShardView() {}

    /**
     * Finds a shard.
     *
     * @throws UserError when this supervisor doesn't hold it
     */
    static ShardStatus find(Status status, int shardId) throws UserError {
        return status.getShardsList().stream()
                .filter(shard -> shard.getShardId() == shardId)
                .findFirst()
                .orElseThrow(() ->
                        new UserError(
                                ExitCode.REFUSED,
                                "no shard " + shardId,
                                "This supervisor holds the shards "
                                        + Words.range(
                                                status.getPlan().getFirstShard(),
                                                status.getPlan().getLastShard())
                                        + "."));
    }

    static List<Line> lines(ShardStatus shard, long now) {
        ShardFacts facts = shard.getFacts();
        List<Line> lines = new ArrayList<>();
        lines.add(
                Line.of(Tone.HEAD, "shard " + shard.getShardId())
                        .padTo(INDENT)
                        .add(StateWords.tone(shard.getState()), StateWords.name(shard.getState()))
                        .add(
                                shard.getSinceMs() == 0
                                        ? ""
                                        : " for " + Words.duration(now - shard.getSinceMs())));
        fact(lines, "reason", shard.getReason());
        fact(lines, "worker", Integer.toString(shard.getWorker()));
        fact(
                lines,
                "queue position",
                shard.getQueuePosition() == 0 ? "" : Integer.toString(shard.getQueuePosition()));
        fact(lines, "session", shard.hasSession() ? shard.getSession().getSessionId() : "none");
        fact(lines, "resume url", shard.getSession().getResumeUrl());
        fact(lines, "sequence", Long.toString(facts.getSequence()));
        fact(lines, "durable sequence", Long.toString(durable(shard)));
        fact(lines, "heartbeat", heartbeat(facts, now));
        fact(
                lines,
                "latency",
                facts.getLatencyMicros() == 0 ? "" : Words.latency(facts.getLatencyMicros()));
        fact(lines, "guilds", guilds(shard));
        fact(
                lines,
                "dispatches",
                Words.count(facts.getDispatches())
                        + ", the last one "
                        + Words.ago(now, facts.getLastDispatchMs()));
        fact(
                lines,
                "connections",
                Section.joined(
                        Words.count(facts.getReconnects(), "reconnect", "reconnects"),
                        Words.count(facts.getResumes(), "resume", "resumes"),
                        Words.count(facts.getIdentifies(), "identify", "identifies")));
        return lines;
    }

    /** The supervisor's own figure serves until the worker has told its one. */
    static long durable(ShardStatus shard) {
        return Math.max(shard.getFacts().getDurableSequence(), shard.getSession().getSequence());
    }

    private static String heartbeat(ShardFacts facts, long now) {
        if (facts.getHeartbeatIntervalMs() == 0) {
            return "none yet";
        }
        return Section.joined(
                "sent " + Words.ago(now, facts.getHeartbeatLastSentMs()),
                "answered " + Words.ago(now, facts.getHeartbeatLastAckedMs()),
                facts.getHeartbeatAcknowledged() ? "acknowledged" : "waits for its answer",
                "every " + Words.duration(facts.getHeartbeatIntervalMs()));
    }

    private static String guilds(ShardStatus shard) {
        String guilds = Words.count(shard.getGuilds());
        return shard.getGuildsUnavailable() == 0
                ? guilds
                : guilds + ", " + Words.count(shard.getGuildsUnavailable()) + " unavailable";
    }

    private static void fact(List<Line> lines, String name, String value) {
        if (!value.isEmpty()) {
            lines.add(Line.of("  ").add(Tone.FAINT, name).padTo(INDENT).add(value));
        }
    }
}
