package gw.supervisor.config;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.plan.ShardPlanner;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What can be said only of several values together. */
final class CrossChecks {
    private final Layers layers;
    private final boolean sim;
    private final List<String> warnings;

    /** Checks that add to the warnings. */
    CrossChecks(Layers layers, boolean sim, List<String> warnings) {
        this.layers = layers;
        this.sim = sim;
        this.warnings = warnings;
    }

    /** Refuses shards outside of the count, as far as the count is known yet. */
    void shards(
            OptionalInt maxShards,
            OptionalInt first,
            OptionalInt last,
            int shardsPerCluster,
            int maxClusters)
            throws UserError {
        if (maxShards.isPresent()) {
            var _ = ShardPlanner.plan(maxShards, first, last, shardsPerCluster, maxClusters, 1);
            return;
        }
        Given lastGiven = layers.find(BotSettings.LAST);
        if (lastGiven != null && last.orElse(0) < first.orElse(0)) {
            throw new UserError(
                    ExitCode.CONFIG,
                    lastGiven.where()
                            + ": "
                            + last.orElse(0)
                            + " (expected: at least the first shard, "
                            + first.orElse(0)
                            + ")",
                    "Both ends are inclusive: 0 <= first <= last <= max-shards - 1.");
        }
        if (!sim && (first.isPresent() || last.isPresent())) {
            warnings.add(
                    "a part of the shards was chosen without max-shards: what Discord recommends"
                            + " changes, and machines that don't agree on the count leave guilds"
                            + " out");
        }
    }

    /** Not below Discord's window, when Discord answers. */
    Duration identifyInterval(URI apiUrl) throws UserError {
        Duration interval = layers.get(BotSettings.IDENTIFY_INTERVAL);
        Given given = layers.find(BotSettings.IDENTIFY_INTERVAL);
        if (given != null
                && Addresses.isDiscord(apiUrl)
                && interval.compareTo(BotSettings.DISCORD_WINDOW) < 0) {
            throw new UserError(
                    ExitCode.CONFIG,
                    given.where()
                            + ": "
                            + given.shown()
                            + " (expected: at least 5s with "
                            + apiUrl.getHost()
                            + ")",
                    "Discord takes one identify in 5 seconds for each bucket and ends sessions"
                            + " that come faster.");
        }
        return interval;
    }

    /** Another one than this: nobody can ask itself. */
    Optional<ControlAddress> identifyAuthority() throws UserError {
        Optional<ControlAddress> authority = layers.get(BotSettings.IDENTIFY_AUTHORITY);
        Given given = layers.find(BotSettings.IDENTIFY_AUTHORITY);
        if (given != null
                && authority.isPresent()
                && authority.equals(layers.get(RunSettings.CONTROL))) {
            throw new UserError(
                    ExitCode.CONFIG,
                    given.where() + ": " + given.shown() + " is this gw's own control address",
                    "Name the control address of the other gw, or leave it out: without it this gw"
                            + " hands out its identify tokens itself.");
        }
        return authority;
    }
}
