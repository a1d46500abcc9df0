package gw.supervisor.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that the user can choose: how it is called on the command line, in the environment and
 * in the file, how it is read, and what holds when it isn't given.
 *
 * @param key its name in the file; empty: it can't stand there
 * @param option {@code --max-shards=COUNT}, or {@code --sim} for a switch; empty: it is a secret,
 *     and the command line is no place for it (P8)
 * @param environment the variable's name
 * @param fallback what holds when it isn't given
 * @param fallbackText the same in words; empty: nothing holds
 * @param description for the help and the manual, sentences
 */
record Setting<T>(
        Group group,
        String key,
        String option,
        String environment,
        Reader<? extends T> reader,
        T fallback,
        String fallbackText,
        String description) {
    /** The {@code fallbackText} of what gw can't start without. */
    static final String NEEDED = "needed";

    /** A setting whose variable is called after its option. */
    static <T> Setting<T> of(
            Group group,
            String key,
            String option,
            Reader<? extends T> reader,
            T fallback,
            String fallbackText,
            String description) {
        return new Setting<>(
                group, key, option, variable(option), reader, fallback, fallbackText, description);
    }

    /** One that needs no words of its own for its fallback. */
    static <T> Setting<T> of(
            Group group,
            String key,
            String option,
            Reader<? extends T> reader,
            T fallback,
            String description) {
        return of(group, key, option, reader, fallback, String.valueOf(fallback), description);
    }

    /** One that holds nothing when it isn't given. */
    static <T> Setting<Optional<T>> optional(
            Group group,
            String key,
            String option,
            Reader<T> reader,
            String fallbackText,
            String description) {
        return of(
                group,
                key,
                option,
                reader.as(Optional::of),
                Optional.empty(),
                fallbackText,
                description);
    }

    /** Something that is on or off, and off when it isn't given. */
    static Setting<Boolean> flag(Group group, String key, String option, String description) {
        return of(group, key, option, Readers::bool, false, "off", description);
    }

    /** The option without its parameter: {@code --max-shards}. */
    String optionName() {
        int at = option.indexOf('=');
        return at < 0 ? option : option.substring(0, at);
    }

    /** The option's parameter as the help names it; empty for a switch. */
    String parameter() {
        int at = option.indexOf('=');
        return at < 0 ? "" : option.substring(at + 1);
    }

    /** Whether gw can't start without it. */
    boolean isNeeded() {
        return fallbackText.equals(NEEDED);
    }

    /** Its name in lists: the file's, or else the option's. */
    String name() {
        return key.isEmpty() ? optionName().substring(2) : key;
    }

    private static String variable(String option) {
        int end = option.indexOf('=');
        return "GW_"
                + option.substring(2, end < 0 ? option.length() : end)
                        .replace('-', '_')
                        .toUpperCase(Locale.ROOT);
    }
}
