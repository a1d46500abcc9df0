package gw.supervisor.config;

import gw.model.Secret;
import gw.supervisor.delivery.BatchSettings;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.state.StateDirectory;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the command line, the environment and the file, in this order of strength, once. Used by
 * one thread.
 */
public final class ConfigLoader {
    /** Stand where the sim's own come; they lead nowhere. */
    private static final URI SIM_URL = URI.create("http://sim.invalid/");

    private static final Secret SIM_TOKEN = Secret.of("sim");

    private final Layers layers;
    private final Map<String, String> environment;
    private final Machine machine;
    private final List<String> warnings;
    private final boolean sim;

    private ConfigLoader(
            Layers layers, Map<String, String> environment, Machine machine, List<String> warnings)
            throws UserError {
        this.layers = layers;
        this.environment = environment;
        this.machine = machine;
        this.warnings = warnings;
        sim = layers.get(RunSettings.SIM);
    }

    /** {@link #load(StartOptions, Map, Machine, Path)} for this machine and working directory. */
    public static Loaded load(StartOptions options, Map<String, String> environment)
            throws UserError {
        return load(options, environment, Machine.here(), Path.of("").toAbsolutePath());
    }

    /**
     * Reads and checks everything.
     *
     * @param environment the process's variables
     * @param machine what some defaults depend on
     * @param workingDirectory where relative paths of options and variables start; absolute
     * @throws UserError when something is missing, unknown, out of range or unreadable; it names
     *     the value as the user wrote it, and shows no secret (P8)
     */
    public static Loaded load(
            StartOptions options,
            Map<String, String> environment,
            Machine machine,
            Path workingDirectory)
            throws UserError {
        options.check();
        Given.Folders folders = Given.Folders.of(workingDirectory, environment);
        Map<Setting<?>, Given> ofOptions = new LinkedHashMap<>();
        options.given()
                .forEach((setting, value) ->
                        ofOptions.put(setting, Given.text(value, setting.optionName(), folders)));
        Map<Setting<?>, Given> ofVariables = Environment.read(environment, folders);
        List<String> warnings = new ArrayList<>(Environment.strangers(environment));
        Map<Setting<?>, Given> ofFile = file(ofOptions, ofVariables, folders.home(), warnings);
        Layers layers =
                new Layers(
                        List.of(
                                new Layers.Layer(ofOptions),
                                new Layers.Layer(ofVariables),
                                new Layers.Layer(ofFile)));
        return new ConfigLoader(layers, environment, machine, warnings).loaded();
    }

    private static Map<Setting<?>, Given> file(
            Map<Setting<?>, Given> ofOptions,
            Map<Setting<?>, Given> ofVariables,
            Path home,
            List<String> warnings)
            throws UserError {
        Given given =
                ofOptions.getOrDefault(BotSettings.CONFIG, ofVariables.get(BotSettings.CONFIG));
        if (given == null) {
            return Map.of();
        }
        Path file = given.as(Given::path);
        Map<Setting<?>, Given> settings = ConfigFile.read(file, given.as(Given::text), home);
        boolean secret =
                settings.containsKey(BotSettings.TOKEN) || settings.containsKey(BotSettings.SECRET);
        if (secret && BoundedFile.isReadableByOthers(file)) {
            warnings.add(
                    Shown.of(file.toString())
                            + " holds a secret and can be read by other users of this machine:"
                            + " chmod 600 it");
        }
        return settings;
    }

    private Loaded loaded() throws UserError {
        SupervisorConfig config = config();
        config.control().flatMap(Addresses::exposure).ifPresent(warnings::add);
        return new Loaded(
                config,
                warnings,
                origins(),
                layers.get(RunSettings.DRY_RUN),
                sim(),
                layers.get(RunSettings.PLAIN),
                layers.get(RunSettings.VERBOSE));
    }

    private SupervisorConfig config() throws UserError {
        CrossChecks checks = new CrossChecks(layers, sim, warnings);
        Optional<Secret> token = sim ? Optional.of(SIM_TOKEN) : Credentials.token(layers, warnings);
        Optional<Secret> secret = Credentials.secret(layers, warnings);
        Optional<URI> url = layers.get(BotSettings.URL);
        Optional<Long> intents = layers.get(BotSettings.INTENTS);
        if (!sim) {
            // A mistake in what was given comes before what wasn't given.
            for (Setting<?> setting : SettingsTable.all()) {
                var _ = layers.get(setting);
            }
            Missing.check(token.isPresent(), url.isPresent(), intents.isPresent());
        }
        OptionalInt maxShards = layers.getInt(BotSettings.MAX_SHARDS);
        OptionalInt first = layers.getInt(BotSettings.FIRST);
        OptionalInt last = layers.getInt(BotSettings.LAST);
        int shardsPerCluster = layers.get(BotSettings.SHARDS_PER_CLUSTER);
        int maxClusters =
                layers.getInt(BotSettings.MAX_CLUSTERS).orElse(Math.max(1, machine.cores()));
        checks.shards(maxShards, first, last, shardsPerCluster, maxClusters);
        URI apiUrl = sim ? SIM_URL : layers.get(BotSettings.API_URL);
        return new SupervisorConfig(
                token.orElse(SIM_TOKEN),
                url.orElse(SIM_URL),
                secret,
                intents.orElse(Intents.all()),
                layers.get(BotSettings.COMPRESS),
                maxShards,
                first,
                last,
                shardsPerCluster,
                maxClusters,
                apiUrl,
                checks.identifyInterval(apiUrl),
                layers.get(BotSettings.IDENTIFY_RESERVE),
                checks.identifyAuthority(),
                layers.get(BotSettings.PRESENCE),
                layers.getInt(BotSettings.LARGE_THRESHOLD),
                properties(),
                layers.get(RunSettings.STATE_DIR)
                        .orElseGet(() -> StateDirectory.defaultPath(environment)),
                layers.get(RunSettings.CONTROL),
                !layers.get(RunSettings.NO_WAIT),
                reshard(layers),
                layers.get(RunSettings.DELIVERY_CONCURRENCY),
                new BatchSettings(
                        layers.get(RunSettings.BATCH_MAX), layers.get(RunSettings.BATCH_LINGER)),
                layers.get(RunSettings.DELIVERY_TIMEOUT),
                queue(layers),
                deferInteractions(),
                layers.get(RunSettings.DEFER_AFTER),
                layers.get(RunSettings.WORKER_TIMEOUT),
                layers.get(RunSettings.ORPHAN_TIMEOUT),
                layers.getInt(RunSettings.WORKER_HEAP),
                layers.get(BotSettings.MAX_MESSAGE_BYTES));
    }

    private static ReshardConfig reshard(Layers layers) throws UserError {
        return new ReshardConfig(
                layers.get(ReshardSettings.RESHARD),
                layers.get(ReshardSettings.RESHARD_PERCENTAGE),
                layers.get(ReshardSettings.CHECK),
                layers.get(ReshardSettings.OVERLAP),
                layers.get(ReshardSettings.TIMEOUT),
                layers.get(ReshardSettings.START_EVENTS));
    }

    private static QueueConfig queue(Layers layers) throws UserError {
        return new QueueConfig(
                layers.get(RunSettings.QUEUE_MAX_BYTES),
                layers.get(RunSettings.QUEUE_MAX_EVENTS),
                layers.get(RunSettings.QUEUE_MAX_AGE),
                layers.get(RunSettings.TTL),
                layers.get(RunSettings.QUEUE_FULL),
                layers.get(RunSettings.CATCH_UP),
                layers.get(RunSettings.FSYNC));
    }

    private DeferInteractions deferInteractions() throws UserError {
        DeferInteractions how = layers.get(RunSettings.DEFER_INTERACTIONS);
        if (how == DeferInteractions.OFF) {
            ignored(RunSettings.DEFER_AFTER, "without --defer-interactions");
        }
        return how;
    }

    private Map<String, String> properties() throws UserError {
        Map<String, String> properties = new LinkedHashMap<>(BotSettings.PROPERTIES_OF_GW);
        properties.putAll(layers.get(BotSettings.PROPERTIES));
        return properties;
    }

    /** A URL of the environment or the file is the real bot's: it must not get the sim's events. */
    private boolean ofOptions(Setting<?> setting) {
        return layers.strongestFirst().getFirst().values().containsKey(setting);
    }

    private Optional<Loaded.Sim> sim() throws UserError {
        if (sim) {
            ignored(BotSettings.API_URL, "with --sim: the sim is Discord");
            return Optional.of(
                    new Loaded.Sim(
                            layers.getInt(RunSettings.SIM_SHARDS),
                            layers.getInt(RunSettings.SIM_RATE),
                            layers.getInt(RunSettings.SIM_GUILDS),
                            ofOptions(BotSettings.URL)));
        }
        for (Setting<?> setting :
                List.of(RunSettings.SIM_SHARDS, RunSettings.SIM_RATE, RunSettings.SIM_GUILDS)) {
            Given given = layers.find(setting);
            if (given != null) {
                throw new UserError(
                        ExitCode.CONFIG,
                        given.where() + " has a meaning only with --sim",
                        "Add --sim, or leave it out.");
            }
        }
        return Optional.empty();
    }

    private void ignored(Setting<?> setting, String why) {
        Given given = layers.find(setting);
        if (given != null) {
            warnings.add(given.where() + " is ignored " + why);
        }
    }

    private List<String> origins() {
        List<String> origins = new ArrayList<>();
        for (Setting<?> setting : SettingsTable.all()) {
            Given given = layers.find(setting);
            if (given != null) {
                boolean secret =
                        setting.equals(BotSettings.TOKEN) || setting.equals(BotSettings.SECRET);
                origins.add(
                        setting.name()
                                + " = "
                                + (secret ? "***" : given.shown())
                                + " ("
                                + given.where()
                                + ")");
            }
        }
        return origins;
    }
}
