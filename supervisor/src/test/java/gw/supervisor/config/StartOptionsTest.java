package gw.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import gw.supervisor.exit.ExitCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One table of settings: the help, the environment, the file and the manual follow it. */
class StartOptionsTest {
    @TempDir private Path dir;

    private static CommandLine commandLine() {
        return new CommandLine(new Loads.Start());
    }

    @Test
    void theHelpHasEveryOptionUnderAHeadingWithItsDefault() {
        String help = commandLine().getUsageMessage();
        String words = squeezed(help);
        for (Setting<?> setting : SettingsTable.all()) {
            if (setting.option().isEmpty()) {
                continue;
            }
            assertThat(words)
                    .contains(
                            setting.equals(ReshardSettings.RESHARD)
                                    ? "--[no-]reshard"
                                    : setting.optionName());
            assertThat(words).contains(squeezed(setting.description()));
            if (!setting.parameter().isEmpty()
                    && !setting.isNeeded()
                    && !setting.fallbackText().isEmpty()) {
                assertThat(words).contains(squeezed("Default: " + setting.fallbackText() + "."));
            }
        }
        for (Group group : Group.values()) {
            assertThat(help).contains("\n" + group.heading() + ":\n");
        }
        assertThat(help).contains("--[no-]reshard").doesNotContain("--token ", "--secret ");
    }

    /** Lines are broken anywhere. */
    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    @Test
    void everySettingIsInTheTableOnce() throws IllegalAccessException {
        List<Object> declared = new ArrayList<>();
        for (Class<?> type :
                new Class<?>[] {BotSettings.class, ReshardSettings.class, RunSettings.class}) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())
                        && field.getType().equals(Setting.class)) {
                    declared.add(field.get(null));
                }
            }
        }
        assertThat(new ArrayList<Object>(SettingsTable.all()))
                .containsExactlyInAnyOrderElementsOf(declared);
        assertThat(SettingsTable.keys()).doesNotHaveDuplicates();
        assertThat(SettingsTable.variables()).doesNotHaveDuplicates();
        assertThat(SettingsTable.all())
                .filteredOn(setting -> !setting.option().isEmpty())
                .extracting(Setting::optionName)
                .doesNotHaveDuplicates();
    }

    @Test
    void everyOptionIsOfTheTable() {
        assertThat(commandLine().getCommandSpec().options())
                .filteredOn(option -> !option.hidden())
                .extracting(OptionSpec::longestName)
                .containsAll(
                        SettingsTable.all().stream()
                                .filter(setting -> !setting.option().isEmpty())
                                .map(Setting::optionName)
                                .toList())
                .hasSize(
                        2
                                + (int)
                                        SettingsTable.all().stream()
                                                .filter(setting -> !setting.option().isEmpty())
                                                .count());
    }

    @Test
    void anOptionIsTakenOnce() {
        var error = new Loads(dir).refused("--max-shards=3", "--max-shards=4");
        assertThat(error.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(error).hasMessage("--max-shards was given more than once");
    }

    @Test
    void aSecondParseStartsAnew() {
        Loads.Start start = new Loads.Start();
        CommandLine commandLine = new CommandLine(start);
        var _ = commandLine.parseArgs("--max-shards=3", "-v", "--token=x");
        assertThat(start.options.verbose()).isTrue();
        var _ = commandLine.parseArgs("--first=1");
        assertThat(start.options.verbose()).isFalse();
        assertThat(start.options.given()).containsOnlyKeys(BotSettings.FIRST);
    }

    /** The manual's table is the table of settings. */
    @Test
    void theManualHasEverySetting() throws IOException {
        Path manual = manual();
        assertThat(Files.readString(manual)).contains(OptionsTable.markdown());
    }

    private static Path manual() {
        Path here = Path.of("").toAbsolutePath();
        for (Path at = here; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("docs/architecture.md"))) {
                return at.resolve("docs/operations.md");
            }
        }
        throw new IllegalStateException("docs was not found above " + here);
    }
}
