package gw.supervisor.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a JVM of gw's own: this JVM's java, the jars of this installation, an AOT
 * cache where the build made one. No secret ever stands in it (P8).
 *
 * @param jar file name of the jar that holds the main class, for example {@code gw-worker.jar}
 * @param mainClass fully qualified
 * @param flags for the JVM
 * @param aotCache file name of its cache in the installation's {@code aot} directory
 */
public record JvmCommand(String jar, String mainClass, List<String> flags, String aotCache) {
    /** Where the installation lies: holds {@code lib} and {@code aot}. Set by bin/gw. */
    static final String HOME_PROPERTY = "gw.home";

    /**
     * Set by the build while it trains the caches: the directory that new caches are written to.
     */
    static final String TRAIN_PROPERTY = "gw.aot.train";

    private static final List<String> UNDISTURBED =
            List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "gw");

    public JvmCommand {
        flags = List.copyOf(flags);
    }

    /**
     * The whole command, run by a shell that makes way for the JVM: Ctrl-C and the end of a
     * terminal go to every process of its group, and are the supervisor's to handle alone. Without
     * an installation (a run from an IDE) it falls back to this JVM's own class path.
     */
    public List<String> with(List<String> arguments) {
        List<String> command = new ArrayList<>(UNDISTURBED);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        String home = System.getProperty(HOME_PROPERTY);
        if (home == null) {
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
        } else {
            addAot(command, Path.of(home));
            command.add("-D" + HOME_PROPERTY + "=" + home);
            // Native libraries that aren't found there come out of their jars.
            command.add("-Djava.library.path=" + Path.of(home, "native"));
            command.add("-cp");
            command.add(Path.of(home, "lib", jar).toString());
        }
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    /** Takes the user's secrets, and gw's own settings, out of a child's environment (P8). */
    public static void hideSecrets(ProcessBuilder child) {
        child.environment()
                .keySet()
                .removeIf(name -> name.startsWith("GW_") || name.startsWith("DISCORD_"));
    }

    /** Whether the caches are being made: then each JVM takes its time at its end. */
    static boolean isTraining() {
        return System.getProperty(TRAIN_PROPERTY) != null;
    }

    /**
     * The JVM may miss that a jar is another one than the cache was made of, and run what the cache
     * holds of the old one.
     */
    private static boolean isNewerThan(Path cache, Path jar) {
        try {
            return Files.isReadable(cache)
                    && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar))
                            > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void addAot(List<String> command, Path home) {
        String train = System.getProperty(TRAIN_PROPERTY);
        if (train != null) {
            command.add("-XX:AOTCacheOutput=" + Path.of(train, aotCache));
            return;
        }
        Path cache = home.resolve("aot").resolve(aotCache);
        if (isNewerThan(cache, home.resolve("lib").resolve(jar))
                && isNewerThan(cache, home.resolve("lib").resolve("gw-proto.jar"))) {
            command.add("-XX:AOTCache=" + cache);
            // A cache of another JDK build is not an error: the JVM starts without it, more slowly.
            command.add("-XX:AOTMode=auto");
            command.add("-Xlog:disable");
            command.add("-Xlog:all=error:stderr");
        }
    }
}
