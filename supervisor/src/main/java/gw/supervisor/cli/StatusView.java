package gw.supervisor.cli;

import gw.proto.v1.PlanStatus;
import gw.proto.v1.Status;
import gw.proto.v1.SupervisorStatus;
import gw.supervisor.config.Intents;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** The status for people: what is wrong first, then each part from the supervisor to the bot. */
final class StatusView {
    private StatusView() {}

    /**
     * The whole view.
     *
     * @param columns of the terminal; the lines may still be longer and are to be cut
     * @param zone for times of day
     */
    static List<Line> lines(Status status, int columns, ZoneId zone) {
        List<Line> lines = new ArrayList<>();
        if (status.getProblemsCount() > 0) {
            lines.add(Line.of(Tone.BAD, "PROBLEMS"));
            for (String problem : status.getProblemsList()) {
                lines.add(Line.of("  ").add(Tone.BAD, "! ").add(problem));
            }
            lines.add(new Line());
        }
        lines.addAll(supervisor(status.getSupervisor()).lines());
        lines.addAll(plan(status.getPlan()).lines());
        lines.add(new Line());
        lines.addAll(WorkersSection.of(status).lines());
        lines.add(new Line());
        lines.addAll(ShardsSection.of(status, columns).lines());
        lines.add(new Line());
        lines.addAll(IdentifySection.of(status, zone).lines());
        lines.addAll(ReshardSection.lines(status, zone));
        lines.addAll(DeliverySection.of(status).lines());
        lines.addAll(InteractionsSection.lines(status));
        return lines;
    }

    private static Section supervisor(SupervisorStatus supervisor) {
        return new Section("supervisor")
                .add(
                        Line.of(
                                        StateWords.tone(supervisor.getPhase()),
                                        StateWords.name(supervisor.getPhase()))
                                .add(
                                        Section.BETWEEN
                                                + Section.joined(
                                                        "pid " + supervisor.getPid(),
                                                        "gw " + supervisor.getVersion(),
                                                        "up for "
                                                                + Words.duration(
                                                                        supervisor.getNowMs()
                                                                                - supervisor
                                                                                        .getStartedAtMs()),
                                                        memory(supervisor))))
                .add("state in " + supervisor.getStateDir());
    }

    private static String memory(SupervisorStatus supervisor) {
        String heap = "heap " + Words.bytes(supervisor.getHeapUsedBytes());
        return supervisor.getRssBytes() == 0
                ? heap
                : "memory " + Words.bytes(supervisor.getRssBytes()) + " (" + heap + ")";
    }

    private static Section plan(PlanStatus plan) {
        return new Section("plan")
                .addFacts(
                        "shards "
                                + Words.range(plan.getFirstShard(), plan.getLastShard())
                                + " of "
                                + Words.count(plan.getShardCount()),
                        Words.count(plan.getClusters(), "cluster", "clusters")
                                + " of up to "
                                + Words.count(plan.getShardsPerCluster(), "shard", "shards"),
                        plan.getCompression())
                .addFacts(bot(plan))
                .add(intents(plan))
                .addFacts(named("gateway ", plan.getGatewayUrl()), named("api ", plan.getApiUrl()));
    }

    private static String bot(PlanStatus plan) {
        return plan.getUserId() == 0
                ? ""
                : "bot "
                        + plan.getUserName()
                        + " ("
                        + Long.toUnsignedString(plan.getUserId())
                        + ")";
    }

    private static Line intents(PlanStatus plan) {
        Line line = Line.of("intents ");
        if (plan.getIntentNamesCount() == 0) {
            return line.add(Long.toUnsignedString(plan.getIntents()));
        }
        List<String> privileged = Intents.privileged(plan.getIntents());
        String before = "";
        for (String name : plan.getIntentNamesList()) {
            line.add(before + name);
            if (privileged.contains(name)) {
                line.add(Tone.WAITING, " (privileged)");
            }
            before = ", ";
        }
        return line;
    }

    private static String named(String name, String value) {
        return value.isEmpty() ? "" : name + value;
    }
}
