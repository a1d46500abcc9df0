package gw.supervisor.launch;

import gw.model.Secret;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.json.JsonTree;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The fake Discord and its counting bot, as a process beside the supervisor. It is spoken to by
 * lines over its standard input and output, and ends when its input does. One thread at a time.
 */
public final class SimProcess implements AutoCloseable {
    private static final Duration START_WITHIN = Duration.ofSeconds(30);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    private static final Duration END_WITHIN = Duration.ofSeconds(1);

    /** A JVM that writes an AOT cache does so at its end. */
    private static final Duration TRAINED_WITHIN = Duration.ofSeconds(30);

    /**
     * A service manager ends every process at once, and this one must count up after the others.
     */
    private static final List<String> UNTIL_ITS_INPUT_ENDS =
            List.of("/bin/sh", "-c", "trap '' TERM; exec \"$@\"", "gw");

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;
    private final Path log;
    private final Addresses addresses;

    /**
     * Where the two listen, and what they want to be told.
     *
     * @param apiUrl the fake Discord's REST API
     * @param token the only one that it takes
     * @param botUrl where the counting bot takes events
     * @param secret that the bot wants in the {@code Authorization} header
     */
    public record Addresses(URI apiUrl, Secret token, URI botUrl, Secret secret) {}

    /**
     * Every event that was sent against every event that was received.
     *
     * @param balanced nothing was lost, reordered or changed, and no rule of Discord's broken
     * @param explanation in words
     */
    public record Balance(long sent, long received, boolean balanced, String explanation) {}

    /**
     * Starts it and waits until it listens.
     *
     * @param arguments options of {@code gw sim}
     * @param log for what it says on standard error
     */
    public static SimProcess start(List<String> arguments, Path log) throws UserError {
        JvmCommand command =
                new JvmCommand(
                        "gw-sim.jar",
                        "gw.sim.cli.SimMain",
                        List.of(
                                "-Xms32m",
                                "-Xmx1g",
                                "-Xss512k",
                                "-XX:+UseSerialGC",
                                "-XX:+UseCompactObjectHeaders",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow"),
                        "gw-sim.aot");
        List<String> all = new ArrayList<>(UNTIL_ITS_INPUT_ENDS);
        List<String> options = new ArrayList<>(List.of("--embedded"));
        options.addAll(arguments);
        all.addAll(command.with(options));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.to(log.toFile()));
            JvmCommand.hideSecrets(builder);
            return new SimProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UserError(
                    ExitCode.INTERNAL,
                    "the fake Discord can't be started: " + e.getMessage(),
                    "",
                    e);
        }
    }

    private SimProcess(Process process, Path log) throws UserError {
        this.process = process;
        this.log = log;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        JsonNode ready = answer(START_WITHIN);
        try {
            this.addresses =
                    new Addresses(
                            URI.create(ready.path("apiUrl").asString()),
                            Secret.of(ready.path("token").asString()),
                            URI.create(ready.path("botUrl").asString()),
                            Secret.of(ready.path("secret").asString()));
        } catch (IllegalArgumentException e) {
            process.destroyForcibly();
            throw broken("it says nothing of where it listens", e);
        }
    }

    public Addresses addresses() {
        return addresses;
    }

    /** Nothing new happens from now on; what happened is still sent. */
    public void quiesce() throws UserError {
        var _ = ask("quiesce");
    }

    /** Counts up and ends. */
    public Balance finish() throws UserError {
        JsonNode answer = ask("finish");
        return new Balance(
                answer.path("sent").asLong(),
                answer.path("received").asLong(),
                answer.path("balanced").asBoolean(),
                answer.path("explain").asString(""));
    }

    private JsonNode ask(String order) throws UserError {
        try {
            orders.write(order);
            orders.newLine();
            orders.flush();
        } catch (IOException e) {
            throw broken("it is gone", e);
        }
        return answer(ANSWER_WITHIN);
    }

    private JsonNode answer(Duration within) throws UserError {
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread _ =
                Thread.ofVirtual()
                        .name("gw-sim-answer")
                        .start(() -> {
                            try {
                                line.complete(answers.readLine());
                            } catch (IOException e) {
                                line.completeExceptionally(e);
                            }
                        });
        try {
            String text = line.get(within.toMillis(), TimeUnit.MILLISECONDS);
            if (text == null) {
                throw broken("it ended", new IOException("end of its output"));
            }
            return JsonTree.read(text);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw broken("no answer within " + within.toSeconds() + " s", e);
        } catch (ExecutionException | JacksonException e) {
            process.destroyForcibly();
            throw broken("its answer can't be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw broken("interrupted", e);
        }
    }

    private UserError broken(String how, Exception cause) {
        return new UserError(
                ExitCode.INTERNAL,
                "the fake Discord failed: " + how,
                "What it said is in " + log + ".",
                cause);
    }

    /** Ends it. */
    @Override
    public void close() {
        try {
            orders.close();
            Duration patience = JvmCommand.isTraining() ? TRAINED_WITHIN : END_WITHIN;
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
