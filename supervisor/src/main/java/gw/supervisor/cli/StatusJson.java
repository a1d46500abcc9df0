package gw.supervisor.cli;

import gw.proto.v1.DeliveryStatus;
import gw.proto.v1.DroppedEvents;
import gw.proto.v1.IdentifyStatus;
import gw.proto.v1.InteractionStatus;
import gw.proto.v1.PlanStatus;
import gw.proto.v1.ShardFacts;
import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;
import gw.proto.v1.SupervisorStatus;
import gw.proto.v1.WorkerStatus;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultPrettyPrinter;

import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The status for programs. docs/status.md names every field: within a format number none changes
 * its meaning or goes. All keys are always there; what is unknown or never was is null.
 */
final class StatusJson {
    /** Rises when a field changes its meaning or goes. */
    static final int FORMAT = 1;

    /** ASCII alone, so that no text from outside can steer the terminal. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final JsonGenerator out;

    private StatusJson(JsonGenerator out) {
        this.out = out;
    }

    /** The whole status on one line, or indented. */
    static String of(Status status, boolean indented) {
        return write(indented, json -> json.status(status));
    }

    /** One shard, as it stands in the whole status. */
    static String of(ShardStatus shard, boolean indented) {
        return write(indented, json -> json.shard(shard));
    }

    private static String write(boolean indented, Consumer<StatusJson> content) {
        return document(indented, out -> content.accept(new StatusJson(out)));
    }

    /** Any other answer for programs, written in the same way. */
    static String document(boolean indented, Consumer<JsonGenerator> content) {
        StringWriter text = new StringWriter();
        ObjectWriteContext context = indented ? new Indented() : ObjectWriteContext.empty();
        try (JsonGenerator out = JSON.createGenerator(context, text)) {
            content.accept(out);
        }
        return text.toString();
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }

    private void status(Status status) {
        out.writeStartObject();
        number("format", FORMAT);
        texts("problems", status.getProblemsList());
        number(
                "shardsReady",
                status.getShardsList().stream()
                        .filter(shard -> shard.getState() == ShardState.SHARD_STATE_READY)
                        .count());
        out.writeName("supervisor");
        supervisor(status.getSupervisor());
        out.writeName("plan");
        plan(status.getPlan());
        out.writeName("identify");
        identify(status.getIdentify());
        out.writeName("delivery");
        delivery(status.getDelivery());
        out.writeName("interactions");
        interactions(status.getInteractions());
        out.writeArrayPropertyStart("workers");
        status.getWorkersList().forEach(this::worker);
        out.writeEndArray();
        out.writeArrayPropertyStart("shards");
        status.getShardsList().forEach(this::shard);
        out.writeEndArray();
        out.writeEndObject();
    }

    private void supervisor(SupervisorStatus supervisor) {
        out.writeStartObject();
        text("phase", StateWords.name(supervisor.getPhase()));
        text("version", supervisor.getVersion());
        number("pid", supervisor.getPid());
        number("startedAtMs", supervisor.getStartedAtMs());
        number("nowMs", supervisor.getNowMs());
        text("stateDir", supervisor.getStateDir());
        number("heapUsedBytes", supervisor.getHeapUsedBytes());
        known("rssBytes", supervisor.getRssBytes());
        number("cpuNanos", supervisor.getCpuNanos());
        out.writeEndObject();
    }

    private void plan(PlanStatus plan) {
        out.writeStartObject();
        number("shardCount", plan.getShardCount());
        number("firstShard", plan.getFirstShard());
        number("lastShard", plan.getLastShard());
        number("shardsPerCluster", plan.getShardsPerCluster());
        number("clusters", plan.getClusters());
        text("compression", plan.getCompression());
        number("intents", plan.getIntents());
        texts("intentNames", plan.getIntentNamesList());
        text("gatewayUrl", plan.getGatewayUrl());
        text("apiUrl", plan.getApiUrl());
        text("userName", plan.getUserName());
        text("userId", plan.getUserId() == 0 ? "" : Long.toUnsignedString(plan.getUserId()));
        out.writeEndObject();
    }

    private void identify(IdentifyStatus identify) {
        out.writeStartObject();
        number("total", identify.getTotal());
        number("remaining", identify.getRemaining());
        number("reserve", identify.getReserve());
        known("resetsAtMs", identify.getResetsAtMs());
        number("maxConcurrency", identify.getMaxConcurrency());
        number("intervalMs", identify.getIntervalMs());
        number("queued", identify.getQueued());
        number("spent", identify.getSpent());
        known("waitingUntilMs", identify.getWaitingUntilMs());
        known("doneAtMs", identify.getDoneAtMs());
        out.writeEndObject();
    }

    private void delivery(DeliveryStatus delivery) {
        out.writeStartObject();
        text("url", delivery.getUrl());
        truth("healthy", delivery.getHealthy());
        number("inFlight", delivery.getInFlight());
        number("queuedEvents", delivery.getQueuedEvents());
        number("queuedBytes", delivery.getQueuedBytes());
        number("maxQueueEvents", delivery.getMaxQueueEvents());
        number("maxQueueBytes", delivery.getMaxQueueBytes());
        number("oldestAgeMs", delivery.getOldestAgeMs());
        number("delivered", delivery.getDelivered());
        rate("eventsPerSecond", delivery.getEventsPerSecond());
        number("retries", delivery.getRetries());
        number("deadLettered", delivery.getDeadLettered());
        text("deadLetterFile", delivery.getDeadLetterFile());
        number("queueDiskBytes", delivery.getQueueDiskBytes());
        number("queueSegments", delivery.getQueueSegments());
        number("dropped", delivery.getDropped());
        out.writeName("drops");
        out.writeStartArray();
        for (DroppedEvents drop : delivery.getDropsList()) {
            out.writeStartObject();
            text("reason", drop.getReason());
            text("type", drop.getType());
            number("events", drop.getEvents());
            out.writeEndObject();
        }
        out.writeEndArray();
        number("damagedBytes", delivery.getDamagedBytes());
        number("gaps", delivery.getGaps());
        number("sessionsLost", delivery.getSessionsLost());
        number("duplicatesDropped", delivery.getDuplicatesDropped());
        number("badRecords", delivery.getBadRecords());
        latency(Latencies.Counts.of(delivery).figures());
        text("lastError", delivery.getLastError());
        known("lastErrorMs", delivery.getLastErrorMs());
        out.writeEndObject();
    }

    private void interactions(InteractionStatus interactions) {
        out.writeStartObject();
        text("mode", interactions.getMode());
        known("deferAfterMs", interactions.getDeferAfterMs());
        number("deferredCommands", interactions.getDeferredCommands());
        number("deferredComponents", interactions.getDeferredComponents());
        number("deferredAutocompletes", interactions.getDeferredAutocompletes());
        number("acknowledgedByBot", interactions.getAcknowledgedByBot());
        number("tooLate", interactions.getTooLate());
        number("limited", interactions.getLimited());
        number("failed", interactions.getFailed());
        number("notTaken", interactions.getNotTaken());
        number("notUnderstood", interactions.getNotUnderstood());
        number("waiting", interactions.getWaiting());
        number("inFlight", interactions.getInFlight());
        text("lastError", interactions.getLastError());
        known("lastErrorMs", interactions.getLastErrorMs());
        out.writeEndObject();
    }

    private void latency(Optional<Latencies> latencies) {
        out.writeName("latencyMs");
        out.writeStartObject();
        known("p50", latencies.map(Latencies::p50Micros).orElse(0L) / 1_000.0);
        known("p99", latencies.map(Latencies::p99Micros).orElse(0L) / 1_000.0);
        out.writeEndObject();
    }

    private void worker(WorkerStatus worker) {
        out.writeStartObject();
        number("worker", worker.getWorker());
        known("pid", worker.getPid());
        truth("adopted", worker.getAdopted());
        text("state", StateWords.name(worker.getState()));
        number("firstShard", worker.getFirstShard());
        number("lastShard", worker.getLastShard());
        number("shardsReady", worker.getShardsReady());
        number("restarts", worker.getRestarts());
        text("lastExit", worker.getLastExit());
        known("lastExitMs", worker.getLastExitMs());
        known("startedAtMs", worker.getStartedAtMs());
        known("nextLaunchMs", worker.getNextLaunchMs());
        number("heapUsedBytes", worker.getHeapUsedBytes());
        known("rssBytes", worker.getRssBytes());
        number("cpuNanos", worker.getCpuNanos());
        number("dispatches", worker.getDispatches());
        rate("eventsPerSecond", worker.getEventsPerSecond());
        number("unackedBytes", worker.getUnackedBytes());
        truth("readingPaused", worker.getReadingPaused());
        number("malformed", worker.getMalformed());
        text("logFile", worker.getLogFile());
        out.writeEndObject();
    }

    private void shard(ShardStatus shard) {
        ShardFacts facts = shard.getFacts();
        out.writeStartObject();
        number("shard", shard.getShardId());
        number("worker", shard.getWorker());
        text("state", StateWords.json(shard.getState()));
        text("reason", shard.getReason());
        known("sinceMs", shard.getSinceMs());
        known("queuePosition", shard.getQueuePosition());
        number("guilds", shard.getGuilds());
        number("guildsUnavailable", shard.getGuildsUnavailable());
        text("sessionId", shard.getSession().getSessionId());
        text("resumeUrl", shard.getSession().getResumeUrl());
        number("sequence", facts.getSequence());
        number("durableSequence", ShardView.durable(shard));
        known("heartbeatLastSentMs", facts.getHeartbeatLastSentMs());
        known("heartbeatLastAckedMs", facts.getHeartbeatLastAckedMs());
        truth("heartbeatAcknowledged", facts.getHeartbeatAcknowledged());
        known("heartbeatIntervalMs", facts.getHeartbeatIntervalMs());
        known("latencyMicros", facts.getLatencyMicros());
        known("lastDispatchMs", facts.getLastDispatchMs());
        number("dispatches", facts.getDispatches());
        number("reconnects", facts.getReconnects());
        number("resumes", facts.getResumes());
        number("identifies", facts.getIdentifies());
        out.writeEndObject();
    }

    private void number(String name, long value) {
        out.writeNumberProperty(name, value);
    }

    /** 0 stands for "unknown" or "never": null. */
    private void known(String name, long value) {
        if (value == 0) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, value);
        }
    }

    private void known(String name, double value) {
        if (value == 0) {
            out.writeNullProperty(name);
        } else {
            out.writeNumberProperty(name, value);
        }
    }

    private void rate(String name, double value) {
        out.writeNumberProperty(name, Double.isFinite(value) ? Math.round(value * 10) / 10.0 : 0);
    }

    private void truth(String name, boolean value) {
        out.writeBooleanProperty(name, value);
    }

    private void text(String name, String value) {
        if (value.isEmpty()) {
            out.writeNullProperty(name);
        } else {
            out.writeStringProperty(name, value);
        }
    }

    private void texts(String name, List<String> values) {
        out.writeArrayPropertyStart(name);
        values.forEach(out::writeString);
        out.writeEndArray();
    }
}
