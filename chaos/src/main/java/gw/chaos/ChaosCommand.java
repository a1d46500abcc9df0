package gw.chaos;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/** {@code gw-chaos}. */
@Command(
        name = "gw-chaos",
        description = {
            "Runs gw between a fake Discord and a counting bot while everything is killed, stopped"
                    + " and hindered by a script that the seed chooses; then holds what the bot has"
                    + " against what was sent, and the identifies against what Discord forced.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = false)
final class ChaosCommand implements Callable<Integer> {
    private static final int KEPT = 0;
    private static final int BROKEN = 1;
    private static final String NONE = "none";

    private static final double LONGEST_MINUTES = 7 * 24 * 60.0;

    private final PrintStream out;
    private final RandomGenerator random;
    private final Path gw;

    @Spec
    @SuppressWarnings("NullAway.Init") // Picocli sets it.
    private CommandSpec spec;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description =
                    "How long things happen; fractions are taken. Start and drain come on top."
                            + " Default: ${DEFAULT-VALUE}.")
    private double minutes = 3;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Chooses what happens and when. Default: a random one, which is printed.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--with",
            paramLabel = "ACTIONS",
            split = ",",
            description = "Actions besides the standard ones, see below.")
    private List<String> with = new ArrayList<>();

    @Option(
            names = "--without",
            paramLabel = "ACTIONS",
            split = ",",
            description = "Actions to leave out.")
    private List<String> without = new ArrayList<>();

    @Option(
            names = "--only",
            paramLabel = "ACTIONS",
            split = ",",
            description = "These instead of the standard ones; 'none': nothing happens.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Events a second, over all shards. Default: ${DEFAULT-VALUE}.")
    private int rate = 2_000;

    @Option(names = "--shards", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int shards = 50;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Processes that share the shards. Default: ${DEFAULT-VALUE}.")
    private int workers = 2;

    @Option(names = "--guilds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int guilds = 1_000;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            description = "Most time for delivering the rest. Default: ${DEFAULT-VALUE}.")
    private int drainSeconds = 240;

    @Option(
            names = "--disk",
            paramLabel = "MEGABYTES",
            description =
                    "Size of the state directory's file system for disk-full."
                            + " Default: ${DEFAULT-VALUE}.")
    private int diskMegabytes = 256;

    @Option(
            names = "--gw-option",
            paramLabel = "WORD",
            description = "A further word on gw start's command line; may be repeated.")
    private List<String> gwOptions = new ArrayList<>();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "For state, logs and findings; a short path, and empty. Default: a new"
                            + " one under the temporary directory.")
    private Optional<Path> directory = Optional.empty();

    @Option(names = "--keep", description = "Keep the directory of a good run, too.")
    private boolean keep;

    @Option(names = "--json", description = "The summary as one JSON object, and nothing else.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "This.")
    @SuppressWarnings("UnusedVariable") // Picocli acts on it.
    private boolean help;

    /**
     * The command.
     *
     * @param random makes a seed when none is given
     * @param gw the launcher of what is tried
     */
    ChaosCommand(PrintStream out, RandomGenerator random, Path gw) {
        this.out = out;
        this.random = random;
        this.gw = gw;
    }

    static String[] footer() {
        List<String> lines = new ArrayList<>(List.of("", "Actions (* standard):"));
        for (Kind kind : Kind.values()) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "  %s %-16s %s",
                            Kind.STANDARD.contains(kind) ? "*" : " ",
                            kind.word,
                            kind.description));
        }
        lines.addAll(
                List.of(
                        "",
                        "Exit codes:",
                        "  0   all promises were kept",
                        "  1   a promise was broken; the directory is kept and named",
                        "  2   the command line was not understood",
                        "  70  the run could not be made"));
        return lines.toArray(new String[0]);
    }

    @Override
    public Integer call() throws CannotRun, IOException, InterruptedException {
        Settings settings = settings();
        Outcome outcome =
                Chaos.run(
                        settings,
                        json
                                ? new PrintStream(
                                        OutputStream.nullOutputStream(),
                                        false,
                                        StandardCharsets.UTF_8)
                                : out,
                        keep);
        out.print(json ? Summary.json(outcome) + "\n" : Summary.text(outcome));
        if (!outcome.unable().isEmpty()) {
            throw new CannotRun(String.join("; ", outcome.unable()));
        }
        return outcome.verdict().kept() ? KEPT : BROKEN;
    }

    private Settings settings() throws IOException {
        range("--minutes", minutes, 0.05, LONGEST_MINUTES);
        range("--rate", rate, 0, 50_000);
        range("--shards", shards, 1, 1_000);
        range("--workers", workers, 1, shards);
        range("--guilds", guilds, 1, 100_000);
        range("--drain", drainSeconds, 1, 86_400);
        range("--disk", diskMegabytes, 16, 65_536);
        Set<Kind> kinds = kinds();
        Path root =
                directory.isPresent()
                        ? Files.createDirectories(directory.get())
                        : Files.createTempDirectory("gw-chaos-");
        try (var entries = Files.list(root)) {
            if (entries.findAny().isPresent()) {
                throw wrong("--dir: " + root + " (expected: an empty directory, or none)");
            }
        }
        return new Settings(
                seed.orElseGet(() -> random.nextLong(1, 1_000_000)),
                Duration.ofMillis(Math.round(minutes * 60_000)),
                rate,
                shards,
                workers,
                guilds,
                kinds,
                Duration.ofSeconds(drainSeconds),
                diskMegabytes,
                gw,
                gwOptions,
                root.toRealPath());
    }

    private Set<Kind> kinds() {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        if (only.isEmpty()) {
            kinds.addAll(Kind.STANDARD);
        } else if (!only.equals(List.of(NONE))) {
            kinds.addAll(named("--only", only));
        }
        kinds.addAll(named("--with", with));
        kinds.removeAll(named("--without", without));
        return kinds;
    }

    private List<Kind> named(String option, List<String> words) {
        try {
            return words.stream().map(Kind::named).toList();
        } catch (IllegalArgumentException e) {
            throw wrong(option + ": " + e.getMessage());
        }
    }

    private void range(String option, double value, double from, double to) {
        if (!(value >= from && value <= to)) {
            throw wrong(
                    String.format(
                            Locale.ROOT,
                            "%s: %s (expected: %s to %s)",
                            option,
                            number(value),
                            number(from),
                            number(to)));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
