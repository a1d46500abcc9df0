package gw.supervisor.fleet;

import java.util.Map;

/** A process's exit status in words. */
final class ExitWords {
    private static final Map<Integer, String> SIGNALS =
            Map.of(
                    1,
                    "hang-up",
                    2,
                    "interrupt",
                    6,
                    "abort: the JVM crashed",
                    9,
                    "kill",
                    11,
                    "segmentation fault",
                    15,
                    "terminate");
    private static final int SIGNAL_BASE = 128;

    private ExitWords() {}

    static String of(int status) {
        if (status > SIGNAL_BASE && status < SIGNAL_BASE + 65) {
            int signal = status - SIGNAL_BASE;
            String name = SIGNALS.get(signal);
            return "killed by signal " + signal + (name == null ? "" : " (" + name + ")");
        }
        return status == 3 ? "exit 3 (out of memory)" : "exit " + status;
    }
}
