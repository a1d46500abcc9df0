package gw.supervisor.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the environment's variables into settings. */
final class Environment {
    /** Those of {@code bin/gw} and {@code bin/find-jdk}. */
    private static final Set<String> OF_THE_LAUNCHER =
            Set.of(
                    "GW_JAVA_HOME",
                    "GW_LAUNCHER",
                    "GW_JDK_PLACES",
                    "GW_JAVA_OPTS",
                    "GW_NO_BUILD",
                    "GW_NO_AOT",
                    "GW_AOT_TRAIN");

    private Environment() {}

    /** What is set; an empty variable is none. */
    static Map<Setting<?>, Given> read(Map<String, String> environment, Given.Folders folders) {
        Map<Setting<?>, Given> given = new LinkedHashMap<>();
        for (Setting<?> setting : SettingsTable.all()) {
            String name = setting.environment();
            String value = environment.get(name);
            if (value != null && !value.isBlank()) {
                given.put(setting, Given.text(value, name, folders));
            }
        }
        return given;
    }

    /** A warning for each variable that looks like one of gw's and is none. Names only (P8). */
    static List<String> strangers(Map<String, String> environment) {
        List<String> known = SettingsTable.variables();
        return new TreeSet<>(environment.keySet())
                .stream()
                        .filter(name -> name.startsWith("GW_"))
                        .filter(name -> !known.contains(name) && !OF_THE_LAUNCHER.contains(name))
                        .map(name ->
                                "there is no variable "
                                        + Shown.of(name)
                                        + ", it was ignored"
                                        + nearest(name, known))
                        .toList();
    }

    private static String nearest(String name, List<String> known) {
        if (name.equals("GW_TOKEN")) {
            return "; did you mean " + BotSettings.TOKEN.environment() + "?";
        }
        return Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse("");
    }
}
