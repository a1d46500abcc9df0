package gw.supervisor.config;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The options of {@code gw start}, a picocli mixin. They are made from the table of settings, and
 * taken as they are: {@link ConfigLoader} reads them, so that an error of an option, a variable and
 * the file sounds the same. Used by one thread.
 */
@Command
public final class StartOptions {
    private static final Map<String, Setting<?>> REFUSED =
            Map.of("--token", BotSettings.TOKEN, "--secret", BotSettings.SECRET);

    private @Nullable CommandSpec command;

    /** Whether {@code -v} was there: known even when the rest can't be read. */
    public boolean verbose() {
        return given().containsKey(RunSettings.VERBOSE);
    }

    /** What was there, as it was written; before the command line was parsed: nothing. */
    Map<Setting<?>, String> given() {
        Map<Setting<?>, String> given = new LinkedHashMap<>();
        for (Setting<?> setting : SettingsTable.all()) {
            OptionSpec option = matched(setting.optionName());
            if (option != null) {
                Object value = option.getValue();
                given.put(setting, String.valueOf(value));
            }
        }
        return given;
    }

    /** Refuses an option that was there twice, and a secret on the command line. */
    void check() throws UserError {
        for (Map.Entry<String, Setting<?>> refused : REFUSED.entrySet()) {
            if (matched(refused.getKey()) != null) {
                throw refused(refused.getKey(), refused.getValue());
            }
        }
        for (Setting<?> setting : SettingsTable.all()) {
            OptionSpec option = matched(setting.optionName());
            if (option != null && option.stringValues().size() > 1) {
                throw new UserError(
                        ExitCode.USAGE,
                        setting.optionName() + " was given more than once",
                        "Give it once.");
            }
        }
    }

    private static UserError refused(String option, Setting<?> setting) {
        String what = option.substring(2);
        return new UserError(
                ExitCode.USAGE,
                option + " is no option: the command line is no place for a " + what,
                "A "
                        + what
                        + " on the command line can be seen by every user of the machine; use "
                        + setting.environment()
                        + ", "
                        + option
                        + "-file or the file of --config.");
    }

    private @Nullable OptionSpec matched(String name) {
        CommandSpec parsed = command;
        if (parsed == null || name.isEmpty() || parsed.commandLine().getParseResult() == null) {
            return null;
        }
        return parsed.commandLine().getParseResult().matchedOption(name);
    }

    @Spec(Spec.Target.MIXEE)
    void addTo(CommandSpec mixee) {
        command = mixee;
        mixee.usageMessage().sortOptions(false);
        int order = 0;
        for (Group group : Group.values()) {
            ArgGroupSpec.Builder section =
                    ArgGroupSpec.builder()
                            .exclusive(false)
                            .validate(false)
                            .order(order++)
                            .heading("%n" + group.heading() + ":%n");
            for (Setting<?> setting : SettingsTable.all()) {
                if (setting.group() == group && !setting.option().isEmpty()) {
                    section.addArg(option(setting, order++));
                }
            }
            mixee.addArgGroup(section.build());
        }
        for (String name : REFUSED.keySet()) {
            // Known, so that its value is taken and forgotten, not printed as a stray word.
            mixee.addOption(
                    OptionSpec.builder(name).type(String.class).arity("0..1").hidden(true).build());
        }
    }

    private static OptionSpec option(Setting<?> setting, int order) {
        boolean isSwitch = setting.parameter().isEmpty();
        OptionSpec.Builder option =
                OptionSpec.builder(setting.optionName())
                        .type(isSwitch ? Boolean.class : String.class)
                        .arity(isSwitch ? "0" : "1")
                        .order(order)
                        .description(description(setting));
        if (!isSwitch) {
            option.paramLabel(setting.parameter());
        }
        if (setting.equals(ReshardSettings.RESHARD)) {
            option.negatable(true);
        }
        if (setting.equals(RunSettings.VERBOSE)) {
            option.names("-v", setting.optionName());
        }
        return option.build();
    }

    private static String description(Setting<?> setting) {
        String text = setting.description();
        if (setting.isNeeded()) {
            text += " Needed.";
        } else if (!setting.parameter().isEmpty() && !setting.fallbackText().isEmpty()) {
            text += " Default: " + setting.fallbackText() + ".";
        }
        // Picocli takes it for a format.
        return text.replace("%", "%%");
    }
}
