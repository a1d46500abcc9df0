package gw.supervisor.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The outcome of reading the command line, the environment and the file. Shows no secret.
 *
 * @param config with {@code --sim}: its token, API and perhaps its URL stand for nothing until
 *     {@link SupervisorConfig#withSim} has put the sim's there
 * @param warnings what the user should know, each a line
 * @param origins where each value that isn't a default came from, each a line: {@code maxShards =
 *     885 (maxShards in gw.yaml, line 3)}
 * @param dryRun show the plan and exit
 * @param sim what the sim shall be like; empty: no sim
 * @param plain no live display
 * @param verbose say more
 */
public record Loaded(
        SupervisorConfig config,
        List<String> warnings,
        List<String> origins,
        boolean dryRun,
        Optional<Sim> sim,
        boolean plain,
        boolean verbose) {
    /**
     * What was chosen for the sim; what is empty is the sim's own affair.
     *
     * @param shards what it recommends
     * @param eventsPerSecond all shards together
     * @param guilds of the bot
     * @param ownUrl whether the user named a URL, so that the events go there and not to the sim's
     *     bot
     */
    public record Sim(
            OptionalInt shards, OptionalInt eventsPerSecond, OptionalInt guilds, boolean ownUrl) {}

    public Loaded {
        warnings = List.copyOf(warnings);
        origins = List.copyOf(origins);
    }
}
