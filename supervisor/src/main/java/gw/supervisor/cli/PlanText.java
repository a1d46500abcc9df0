package gw.supervisor.cli;

import gw.supervisor.config.Intents;
import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.plan.Cluster;
import gw.supervisor.plan.GatewayBot;
import gw.supervisor.plan.ShardPlan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What gw is about to do, in words: shards, workers, identify time, intents, where events go.
 *
 * @param bot what Discord said
 */
record PlanText(SupervisorConfig config, GatewayBot bot, ShardPlan plan) {
    private static final int LISTED_CLUSTERS = 16;

    /** One fact a line. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        int workers = plan.clusters().size();
        lines.add(
                plan.shards().size()
                        + (plan.shards().size() == 1 ? " shard, " : " shards, ")
                        + plan.shards()
                        + ", in "
                        + workers
                        + (workers == 1 ? " worker" : " workers"));
        int buckets = buckets();
        lines.add(
                "identify: "
                        + buckets
                        + (buckets == 1 ? " bucket" : " buckets")
                        + ", one IDENTIFY each "
                        + Words.duration(config.identifyInterval().toMillis())
                        + ": about "
                        + Words.duration(identifyTime().toMillis())
                        + " when every session is new");
        lines.add(
                "session starts: "
                        + bot.limit().remaining()
                        + " of "
                        + bot.limit().total()
                        + " left, reset in "
                        + Words.duration(bot.limit().resetAfter().toMillis())
                        + ", "
                        + reserve(config, bot)
                        + " in reserve");
        List<String> privileged = Intents.privileged(config.intents());
        lines.add(
                "intents: "
                        + String.join(", ", Intents.names(config.intents()))
                        + (privileged.isEmpty()
                                ? ""
                                : " (privileged: " + String.join(", ", privileged) + ")"));
        lines.add("compression: " + config.compression().wireName());
        lines.add("events go to " + withoutQuery(config.url().toString()));
        return lines;
    }

    /** The same, and each worker's shards. */
    List<String> detailed() {
        List<String> lines = new ArrayList<>(lines());
        for (Cluster cluster : plan.clusters()) {
            if (cluster.index() == LISTED_CLUSTERS) {
                lines.add("  and " + (plan.clusters().size() - LISTED_CLUSTERS) + " more workers");
                break;
            }
            lines.add(
                    "  worker "
                            + cluster.index()
                            + ": shards "
                            + cluster.shards().first()
                            + ".."
                            + cluster.shards().last()
                            + " ("
                            + cluster.shards().size()
                            + ")");
        }
        return lines;
    }

    /** A small limit is not kept back whole: half of it at most, as the limiter has it. */
    static int reserve(SupervisorConfig config, GatewayBot bot) {
        return Math.min(config.identifyReserve(), bot.limit().total() / 2);
    }

    private int buckets() {
        return Math.min(bot.limit().maxConcurrency(), plan.shards().size());
    }

    /** The fullest bucket decides; its first IDENTIFY waits for nothing. */
    Duration identifyTime() {
        int windows = Math.ceilDiv(plan.shards().size(), bot.limit().maxConcurrency());
        return config.identifyInterval().multipliedBy(windows - 1L);
    }

    private static String withoutQuery(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query) + "?...";
    }
}
