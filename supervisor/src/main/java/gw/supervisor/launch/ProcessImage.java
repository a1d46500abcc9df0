package gw.supervisor.launch;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How this process can become a fresh run of gw: by the launcher that started it, as that is on
 * disk then, with the same arguments, environment, process id, terminal and working directory.
 *
 * @param launcher absolute; its symbolic links are followed anew each time
 * @param arguments as typed
 */
public record ProcessImage(Path launcher, List<String> arguments) {
    /** Set by bin/gw: its own path as it was called. */
    static final String LAUNCHER_VARIABLE = "GW_LAUNCHER";

    private static final Path OWN_COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final int FIRST_NOT_STANDARD = 3;

    public ProcessImage {
        arguments = List.copyOf(arguments);
    }

    /** Empty when this process was not started by bin/gw. */
    public static Optional<ProcessImage> of(
            Map<String, String> environment, List<String> arguments) {
        return Optional.ofNullable(environment.get(LAUNCHER_VARIABLE))
                .filter(path -> path.startsWith("/"))
                .map(path -> new ProcessImage(Path.of(path), arguments));
    }

    /** Whether the launcher is there. */
    public boolean isInstalled() {
        return Files.isRegularFile(launcher) && Files.isExecutable(launcher);
    }

    /**
     * Becomes it: all threads end where they are, all files but the standard ones are closed, and
     * nothing is run of what a JVM does at its end. Flush before. Returns only if it fails.
     *
     * @return why, in words
     */
    public String replace() {
        List<byte[]> all = new ArrayList<>();
        all.add(bytes(launcher.toString()));
        all.addAll(own(arguments));
        Posix.closeOnExec(FIRST_NOT_STANDARD);
        Posix.unblockSignals();
        return launcher + ": " + Posix.execv(bytes(launcher.toString()), all);
    }

    /** Byte by byte as they came: a locale may have no characters for some of them. */
    private static List<byte[]> own(List<String> arguments) {
        try {
            List<byte[]> words = split(Files.readAllBytes(OWN_COMMAND_LINE));
            if (words.size() >= arguments.size()) {
                return words.subList(words.size() - arguments.size(), words.size());
            }
        } catch (IOException e) {
            // Without /proc the text has to do.
        }
        return arguments.stream().map(ProcessImage::bytes).toList();
    }

    private static List<byte[]> split(byte[] commandLine) {
        List<byte[]> words = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < commandLine.length; at++) {
            if (commandLine[at] == 0) {
                words.add(Arrays.copyOfRange(commandLine, from, at));
                from = at + 1;
            }
        }
        return words;
    }

    private static byte[] bytes(String text) {
        String encoding = System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name());
        return text.getBytes(
                Charset.isSupported(encoding) ? Charset.forName(encoding) : StandardCharsets.UTF_8);
    }
}
