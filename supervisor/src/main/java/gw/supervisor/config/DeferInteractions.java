package gw.supervisor.config;

import java.util.Locale;

/** Whether gw answers interactions in the bot's place, and who sees that. */
public enum DeferInteractions {
    /** It does not. */
    OFF,
    /** What is deferred is for the user's eyes alone. */
    EPHEMERAL,
    /** What is deferred can be seen by all. */
    PUBLIC;

    /** Its name on the command line and in the status. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
