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

    private final JsonFields out;

    private StatusJson(JsonFields out) {
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
        return document(indented, out -> content.accept(new StatusJson(new JsonFields(out))));
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
        out.beginObject();
        out.number("format", FORMAT);
        out.texts("problems", status.getProblemsList());
        out.number(
                "shardsReady",
                status.getShardsList().stream()
                        .filter(shard -> shard.getState() == ShardState.SHARD_STATE_READY)
                        .count());
        out.name("supervisor");
        supervisor(status.getSupervisor());
        out.name("plan");
        plan(status.getPlan());
        out.name("identify");
        identify(status.getIdentify());
        out.name("delivery");
        delivery(status.getDelivery());
        out.name("interactions");
        interactions(status.getInteractions());
        ReshardJson.reshard(out, status.getReshard());
        ReshardJson.capacity(out, status.getCapacity());
        out.beginArray("workers");
        status.getWorkersList().forEach(this::worker);
        out.endArray();
        out.beginArray("shards");
        status.getShardsList().forEach(this::shard);
        out.endArray();
        out.end();
    }

    private void supervisor(SupervisorStatus supervisor) {
        out.beginObject();
        out.text("phase", StateWords.name(supervisor.getPhase()));
        out.text("version", supervisor.getVersion());
        out.number("pid", supervisor.getPid());
        out.number("startedAtMs", supervisor.getStartedAtMs());
        out.number("nowMs", supervisor.getNowMs());
        out.text("stateDir", supervisor.getStateDir());
        out.number("heapUsedBytes", supervisor.getHeapUsedBytes());
        out.known("rssBytes", supervisor.getRssBytes());
        out.number("cpuNanos", supervisor.getCpuNanos());
        out.end();
    }

    private void plan(PlanStatus plan) {
        out.beginObject();
        out.number("shardCount", plan.getShardCount());
        out.number("firstShard", plan.getFirstShard());
        out.number("lastShard", plan.getLastShard());
        out.number("shardsPerCluster", plan.getShardsPerCluster());
        out.number("clusters", plan.getClusters());
        out.text("compression", plan.getCompression());
        out.number("intents", plan.getIntents());
        out.texts("intentNames", plan.getIntentNamesList());
        out.text("gatewayUrl", plan.getGatewayUrl());
        out.text("apiUrl", plan.getApiUrl());
        out.text("userName", plan.getUserName());
        out.text("userId", plan.getUserId() == 0 ? "" : Long.toUnsignedString(plan.getUserId()));
        out.end();
    }

    private void identify(IdentifyStatus identify) {
        out.beginObject();
        out.number("total", identify.getTotal());
        out.number("remaining", identify.getRemaining());
        out.number("reserve", identify.getReserve());
        out.known("resetsAtMs", identify.getResetsAtMs());
        out.number("maxConcurrency", identify.getMaxConcurrency());
        out.number("intervalMs", identify.getIntervalMs());
        out.number("queued", identify.getQueued());
        out.number("spent", identify.getSpent());
        out.known("waitingUntilMs", identify.getWaitingUntilMs());
        out.known("doneAtMs", identify.getDoneAtMs());
        out.end();
    }

    private void delivery(DeliveryStatus delivery) {
        out.beginObject();
        out.text("url", delivery.getUrl());
        out.truth("healthy", delivery.getHealthy());
        out.number("inFlight", delivery.getInFlight());
        out.number("queuedEvents", delivery.getQueuedEvents());
        out.number("queuedBytes", delivery.getQueuedBytes());
        out.number("maxQueueEvents", delivery.getMaxQueueEvents());
        out.number("maxQueueBytes", delivery.getMaxQueueBytes());
        out.number("oldestAgeMs", delivery.getOldestAgeMs());
        out.number("delivered", delivery.getDelivered());
        out.rate("eventsPerSecond", delivery.getEventsPerSecond());
        out.number("retries", delivery.getRetries());
        out.number("deadLettered", delivery.getDeadLettered());
        out.text("deadLetterFile", delivery.getDeadLetterFile());
        out.number("queueDiskBytes", delivery.getQueueDiskBytes());
        out.number("queueSegments", delivery.getQueueSegments());
        out.number("dropped", delivery.getDropped());
        out.beginArray("drops");
        for (DroppedEvents drop : delivery.getDropsList()) {
            out.beginObject();
            out.text("reason", drop.getReason());
            out.text("type", drop.getType());
            out.number("events", drop.getEvents());
            out.end();
        }
        out.endArray();
        out.number("damagedBytes", delivery.getDamagedBytes());
        out.number("gaps", delivery.getGaps());
        out.number("sessionsLost", delivery.getSessionsLost());
        out.number("duplicatesDropped", delivery.getDuplicatesDropped());
        out.number("badRecords", delivery.getBadRecords());
        latency(Latencies.Counts.of(delivery).figures());
        out.text("lastError", delivery.getLastError());
        out.known("lastErrorMs", delivery.getLastErrorMs());
        out.end();
    }

    private void interactions(InteractionStatus interactions) {
        out.beginObject();
        out.text("mode", interactions.getMode());
        out.known("deferAfterMs", interactions.getDeferAfterMs());
        out.number("deferredCommands", interactions.getDeferredCommands());
        out.number("deferredComponents", interactions.getDeferredComponents());
        out.number("deferredAutocompletes", interactions.getDeferredAutocompletes());
        out.number("acknowledgedByBot", interactions.getAcknowledgedByBot());
        out.number("tooLate", interactions.getTooLate());
        out.number("limited", interactions.getLimited());
        out.number("failed", interactions.getFailed());
        out.number("notTaken", interactions.getNotTaken());
        out.number("notUnderstood", interactions.getNotUnderstood());
        out.number("waiting", interactions.getWaiting());
        out.number("inFlight", interactions.getInFlight());
        out.text("lastError", interactions.getLastError());
        out.known("lastErrorMs", interactions.getLastErrorMs());
        out.end();
    }

    private void latency(Optional<Latencies> latencies) {
        out.name("latencyMs");
        out.beginObject();
        out.known("p50", latencies.map(Latencies::p50Micros).orElse(0L) / 1_000.0);
        out.known("p99", latencies.map(Latencies::p99Micros).orElse(0L) / 1_000.0);
        out.end();
    }

    private void worker(WorkerStatus worker) {
        out.beginObject();
        out.number("worker", worker.getWorker());
        out.known("pid", worker.getPid());
        out.truth("adopted", worker.getAdopted());
        out.text("state", StateWords.name(worker.getState()));
        out.number("generation", worker.getGeneration());
        out.known("shardCount", worker.getShardCount());
        out.number("firstShard", worker.getFirstShard());
        out.number("lastShard", worker.getLastShard());
        out.number("shardsReady", worker.getShardsReady());
        out.number("restarts", worker.getRestarts());
        out.text("lastExit", worker.getLastExit());
        out.known("lastExitMs", worker.getLastExitMs());
        out.known("startedAtMs", worker.getStartedAtMs());
        out.known("nextLaunchMs", worker.getNextLaunchMs());
        out.number("heapUsedBytes", worker.getHeapUsedBytes());
        out.known("rssBytes", worker.getRssBytes());
        out.number("cpuNanos", worker.getCpuNanos());
        out.number("dispatches", worker.getDispatches());
        out.rate("eventsPerSecond", worker.getEventsPerSecond());
        out.number("unackedBytes", worker.getUnackedBytes());
        out.truth("readingPaused", worker.getReadingPaused());
        out.number("malformed", worker.getMalformed());
        out.text("logFile", worker.getLogFile());
        out.end();
    }

    private void shard(ShardStatus shard) {
        ShardFacts facts = shard.getFacts();
        out.beginObject();
        out.number("shard", shard.getShardId());
        out.number("worker", shard.getWorker());
        out.text("state", StateWords.json(shard.getState()));
        out.text("reason", shard.getReason());
        out.known("sinceMs", shard.getSinceMs());
        out.known("queuePosition", shard.getQueuePosition());
        out.number("guilds", shard.getGuilds());
        out.number("guildsUnavailable", shard.getGuildsUnavailable());
        out.text("sessionId", shard.getSession().getSessionId());
        out.text("resumeUrl", shard.getSession().getResumeUrl());
        out.number("sequence", facts.getSequence());
        out.number("durableSequence", ShardView.durable(shard));
        out.known("heartbeatLastSentMs", facts.getHeartbeatLastSentMs());
        out.known("heartbeatLastAckedMs", facts.getHeartbeatLastAckedMs());
        out.truth("heartbeatAcknowledged", facts.getHeartbeatAcknowledged());
        out.known("heartbeatIntervalMs", facts.getHeartbeatIntervalMs());
        out.known("latencyMicros", facts.getLatencyMicros());
        out.known("lastDispatchMs", facts.getLastDispatchMs());
        out.number("dispatches", facts.getDispatches());
        out.number("reconnects", facts.getReconnects());
        out.number("resumes", facts.getResumes());
        out.number("identifies", facts.getIdentifies());
        out.end();
    }
}
