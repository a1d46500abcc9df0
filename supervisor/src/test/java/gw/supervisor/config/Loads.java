package gw.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import gw.supervisor.exit.UserError;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loads a configuration as {@code gw start} does, in a directory of the test's own. */
final class Loads {
    static final String TOKEN =
            "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs123456789";
    static final Machine MACHINE = new Machine(4);

    /** Enough to start with. */
    static final Map<String, String> ENOUGH =
            Map.of("DISCORD_TOKEN", TOKEN, "GW_URL", "http://127.0.0.1:1/e", "GW_INTENTS", "1");

    private final Path dir;

    Loads(Path dir) {
        this.dir = dir;
    }

    @Command(name = "start", mixinStandardHelpOptions = true)
    static final class Start {
        @Mixin final StartOptions options = new StartOptions();
    }

    static StartOptions options(String... arguments) {
        Start start = new Start();
        var _ = new CommandLine(start).parseArgs(arguments);
        return start.options;
    }

    Loaded load(Map<String, String> environment, String... arguments) throws UserError {
        Map<String, String> all = new HashMap<>(environment);
        all.putIfAbsent("HOME", "/home/somebody");
        return ConfigLoader.load(options(arguments), all, MACHINE, dir);
    }

    /** With enough in the environment to start. */
    SupervisorConfig config(String... arguments) throws UserError {
        return load(ENOUGH, arguments).config();
    }

    /** What is refused, in full: message and advice. */
    UserError refused(Map<String, String> environment, String... arguments) {
        try {
            Loaded loaded = load(environment, arguments);
            throw new AssertionError("taken: " + loaded);
        } catch (UserError e) {
            assertThat(e.getMessage() + e.advice()).doesNotContain("Exception");
            return e;
        }
    }

    UserError refused(String... arguments) {
        return refused(ENOUGH, arguments);
    }

    Path file(String name, String text) {
        try {
            Path file = Files.writeString(dir.resolve(name), text);
            return Files.setPosixFilePermissions(
                    file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String words(UserError error) {
        return error.getMessage() + "\n" + error.advice();
    }

    /** The environment with one variable more. */
    static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(ENOUGH);
        environment.put(name, value);
        return environment;
    }

    static Map<String, String> without(String... names) {
        Map<String, String> environment = new HashMap<>(ENOUGH);
        environment.keySet().removeAll(List.of(names));
        return environment;
    }
}
