package gw.sim.cli;

import gw.sim.fault.Fault;
import gw.sim.ledger.Violations;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What stands below the options in the help. */
final class HelpText {
    private static final int KINDS_COLUMNS = 70;

    private HelpText() {}

    static String[] footer() {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "",
                                "What it enforces, as Discord does; each breach is counted as a"
                                        + " violation:"));
        lines.addAll(kinds());
        lines.addAll(
                List.of("", "Faults, by name (close-N takes any code, interaction-N any status):"));
        Fault.byName()
                .forEach((name, fault) ->
                        lines.add(
                                String.format(
                                        Locale.ROOT,
                                        "  %-26s %s",
                                        name,
                                        escaped(fault.get().description()))));
        lines.addAll(
                List.of(
                        "",
                        "While it runs, beside Discord's own routes:",
                        "  POST /sim/faults/{name}?shard=N   do a fault now",
                        "  GET  /sim/faults                  their names",
                        "  POST /sim/rate/{N|max}            events per second from now on",
                        "  POST /sim/guilds/join/{N}         the bot joins so many new guilds",
                        "  POST /sim/shards/{N}              what GET /gateway/bot recommends from"
                                + " now on",
                        "  GET  /sim/stats                   connections, sessions, identifies,"
                                + " violations",
                        "",
                        "Examples:",
                        "  gw sim --port 8900 --shards 2",
                        "      point a library's REST base URL at http://127.0.0.1:8900/api, the"
                                + " token is sim-token",
                        "  gw sim --port 8900 --rate 500 --fault-every 5s --duration 10m",
                        "      a client that never breaks a rule ends it with exit code 0",
                        "  gw sim --fault reconnect@10s:0 --fault close-4009@20s --identify-window"
                                + " 1s",
                        "  gw sim --port 8900 --bot --bot-port 8901",
                        "      then: DISCORD_TOKEN=sim-token gw start --api-url"
                                + " http://127.0.0.1:8900/api \\",
                        "                --url http://127.0.0.1:8901/events --intents"
                                + " GUILDS,GUILD_MESSAGES",
                        "      End gw sim first: what it sends after gw has gone is missing in the"
                                + " balance.",
                        "  curl -X POST 'http://127.0.0.1:8900/sim/faults/silent-zombie?shard=1'",
                        "",
                        "Exit codes:",
                        "  0   no violation, and with --bot all that was sent was received",
                        "  1   a violation, or events are missing, twisted or out of order",
                        "  2   the command line was not understood",
                        "  8   a port is in use",
                        "  70  something that should not happen; -v shows the stack trace"));
        return lines.toArray(new String[0]);
    }

    /** Picocli formats each line once more. */
    private static String escaped(String text) {
        return text.replace("%", "%%");
    }

    private static List<String> kinds() {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (Violations.Kind kind : Violations.Kind.values()) {
            if (line.length() > KINDS_COLUMNS) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "  " : ", ").append(kind.name().toLowerCase(Locale.ROOT));
        }
        lines.add(line.toString());
        return lines;
    }
}
