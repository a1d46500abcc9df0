package gw.supervisor.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every setting: the one table that the help, the environment, the file and the manual follow. */
final class SettingsTable {
    private static final List<Setting<?>> ALL =
            Stream.of(BotSettings.all(), ReshardSettings.all(), RunSettings.all())
                    .<Setting<?>>flatMap(List::stream)
                    .toList();

    private SettingsTable() {}

    static List<Setting<?>> all() {
        return ALL;
    }

    static List<String> keys() {
        return ALL.stream().map(Setting::key).filter(key -> !key.isEmpty()).toList();
    }

    static List<String> variables() {
        return ALL.stream().map(Setting::environment).toList();
    }

    static Optional<Setting<?>> byKey(String key) {
        for (Setting<?> setting : ALL) {
            if (!key.isEmpty() && setting.key().equals(key)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
