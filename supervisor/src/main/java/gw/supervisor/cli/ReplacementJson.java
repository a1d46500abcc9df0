package gw.supervisor.cli;

import tools.jackson.core.JsonGenerator;

import java.util.List;
import java.util.Optional;

/** What was replaced and what it cost, for programs; docs/operations.md names the fields. */
final class ReplacementJson {
    private ReplacementJson() {}

    static String of(ReplacementFigures figures, List<RollingRestart.Replaced> workers) {
        return StatusJson.document(
                true,
                out -> {
                    out.writeStartObject();
                    out.writeStringProperty("from", figures.begin().getSupervisor().getVersion());
                    out.writeStringProperty("to", figures.end().getSupervisor().getVersion());
                    out.writeNumberProperty("pid", figures.end().getSupervisor().getPid());
                    out.writeNumberProperty(
                            "startedAtMs", figures.end().getSupervisor().getStartedAtMs());
                    out.writeNumberProperty(
                            "shardsReady", FollowedSupervisor.ready(figures.end()).size());
                    out.writeNumberProperty("identifiesSpent", figures.identifiesSpent());
                    out.writeNumberProperty(
                            "sessionStartsLeft", figures.end().getIdentify().getRemaining());
                    out.writeNumberProperty("sessionsLost", figures.sessionsLost());
                    out.writeNumberProperty("delivered", figures.delivered());
                    out.writeNumberProperty("retries", figures.retries());
                    out.writeNumberProperty("duplicatesDropped", figures.duplicatesDropped());
                    out.writeNumberProperty("dropped", figures.dropped());
                    out.writeName("latencyMs");
                    out.writeStartObject();
                    latency(out, "before", figures.latencyBefore());
                    latency(out, "meanwhile", figures.latencyMeanwhile());
                    out.writeEndObject();
                    out.writeArrayPropertyStart("workers");
                    workers.forEach(worker -> worker(out, worker));
                    out.writeEndArray();
                    out.writeEndObject();
                });
    }

    private static void worker(JsonGenerator out, RollingRestart.Replaced worker) {
        out.writeStartObject();
        out.writeNumberProperty("worker", worker.worker());
        out.writeNumberProperty("oldPid", worker.oldPid());
        out.writeNumberProperty("newPid", worker.newPid());
        out.writeNumberProperty("shards", worker.shards());
        out.writeNumberProperty("millis", worker.millis());
        out.writeEndObject();
    }

    private static void latency(JsonGenerator out, String name, Optional<Latencies> latencies) {
        if (latencies.isEmpty()) {
            out.writeNullProperty(name);
            return;
        }
        Latencies figures = latencies.get();
        out.writeName(name);
        out.writeStartObject();
        out.writeNumberProperty("p50", figures.p50Micros() / 1_000.0);
        out.writeNumberProperty("p99", figures.p99Micros() / 1_000.0);
        out.writeNumberProperty("max", figures.maxMicros() / 1_000.0);
        out.writeEndObject();
    }
}
