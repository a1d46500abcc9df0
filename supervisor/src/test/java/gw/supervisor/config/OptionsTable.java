package gw.supervisor.config;

/** The manual's table of settings, as docs/operations.md must hold it. */
final class OptionsTable {
    private OptionsTable() {}

    static String markdown() {
        StringBuilder table =
                new StringBuilder(
                        """
                        | option | environment | file | default | what |
                        |---|---|---|---|---|
                        """);
        for (Setting<?> setting : SettingsTable.all()) {
            table.append("| ")
                    .append(option(setting))
                    .append(" | `")
                    .append(setting.environment())
                    .append("` | ")
                    .append(setting.key().isEmpty() ? "-" : code(setting.key()))
                    .append(" | ")
                    .append(setting.fallbackText().isEmpty() ? "none" : setting.fallbackText())
                    .append(" | ")
                    .append(setting.description())
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String option(Setting<?> setting) {
        if (setting.option().isEmpty()) {
            return "-";
        }
        if (setting.equals(ReshardSettings.RESHARD)) {
            return "`--reshard`, `--no-reshard`";
        }
        return (setting.equals(RunSettings.VERBOSE) ? "`-v`, " : "") + code(setting.option());
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
