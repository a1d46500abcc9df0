package gw.supervisor.config;

/** Where values come from, the strongest first. */
enum Origin {
    COMMAND_LINE,
    ENVIRONMENT,
    FILE
}
