package gw.supervisor.config;

import java.time.Duration;
import java.util.List;

/** The settings that concern the move to another shard count. */
final class ReshardSettings {
    static final Setting<Boolean> RESHARD =
            Setting.of(
                    Group.RESHARD,
                    "reshard",
                    "--reshard",
                    Readers::bool,
                    true,
                    "on",
                    "Whether gw moves to more shards by itself when they become full. On unless"
                            + " --no-reshard turns it off; gw reshard works in any case.");

    static final Setting<Integer> RESHARD_PERCENTAGE =
            Setting.of(
                    Group.RESHARD,
                    "reshardPercentage",
                    "--reshard-percentage=PERCENT",
                    Readers.whole(1, 100),
                    80,
                    "gw reshards by itself when the fullest shard has so many percent of the 2500"
                            + " guilds that Discord allows for one.");

    static final Setting<Duration> CHECK =
            Setting.of(
                    Group.RESHARD,
                    "reshardCheck",
                    "--reshard-check=TIME",
                    Readers.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
                    Duration.ofHours(1),
                    "1h",
                    "How often gw looks how full the shards are.");

    static final Setting<Duration> OVERLAP =
            Setting.of(
                    Group.RESHARD,
                    "reshardOverlap",
                    "--reshard-overlap=TIME",
                    Readers.duration(Duration.ofMillis(500), Duration.ofMinutes(10)),
                    Duration.ofSeconds(10),
                    "10s",
                    "How long the old shards and the new ones run side by side at least, and by how"
                            + " much their events may differ in time and still be told to be the"
                            + " same.");

    static final Setting<Duration> TIMEOUT =
            Setting.of(
                    Group.RESHARD,
                    "reshardTimeout",
                    "--reshard-timeout=TIME",
                    Readers.duration(Duration.ofSeconds(5), Duration.ofHours(24)),
                    Duration.ofMinutes(10),
                    "10m",
                    "How long a reshard may go without a step forward before it is given up."
                            + " Waiting for session starts doesn't count.");

    static final Setting<Boolean> START_EVENTS =
            Setting.flag(
                    Group.RESHARD,
                    "reshardStartEvents",
                    "--reshard-start-events",
                    "Deliver READY and the GUILD_CREATEs with which the new shards start, marked by"
                            + " the header X-Gw-Start-Up: reshard. Otherwise they are kept from"
                            + " the bot.");

    private ReshardSettings() {}

    static List<Setting<?>> all() {
        return List.of(RESHARD, RESHARD_PERCENTAGE, CHECK, OVERLAP, TIMEOUT, START_EVENTS);
    }
}
