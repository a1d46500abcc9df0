package gw.supervisor.config;

/** How {@code gw start --help} sorts the options. */
enum Group {
    BOT("The bot"),
    SHARDS("Shards and workers"),
    RESHARD("Resharding"),
    DISCORD("Discord"),
    DELIVERY("Delivery and queue"),
    RUNNING("Running"),
    SIM("Trying it out");

    private final String heading;

    Group(String heading) {
        this.heading = heading;
    }

    String heading() {
        return heading;
    }
}
