package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.FakeDiscord;
import gw.sim.event.RealisticEvents;
import gw.sim.gateway.SimSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Each mistake has its message and its exit code, fits on a screen, and shows no secret (P8). */
@Timeout(120)
class BadInputIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir private Path dir;

    private String fails(int exitCode, Map<String, String> environment, String... arguments) {
        List<String> all = new ArrayList<>(List.of("start", "--state-dir", dir + "/state"));
        all.addAll(List.of(arguments));
        try (GwProcess gw = GwProcess.start(environment, all)) {
            int status = gw.awaitExit(SOON);
            String output = gw.output();
            assertThat(status).as(output).isEqualTo(exitCode);
            assertThat(output.lines().count()).as(output).isLessThan(20);
            assertThat(output)
                    .doesNotContain(World.TOKEN)
                    .doesNotContain(World.SECRET)
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
            return output;
        }
    }

    private static String[] basics(String apiUrl) {
        return new String[] {
            "--api-url", apiUrl, "--url", "http://127.0.0.1:9/", "--intents", "GUILDS"
        };
    }

    private static FakeDiscord discord(SimSettings settings) throws Exception {
        return FakeDiscord.start(settings, new RealisticEvents(1));
    }

    private static String[] join(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void aTokenThatDiscordRefuses() throws Exception {
        try (FakeDiscord discord = discord(World.quick(1, 1, 1))) {
            assertThat(
                            fails(
                                    4,
                                    Map.of("DISCORD_TOKEN", "MTk4.wrong.token"),
                                    basics(discord.apiUrl().toString())))
                    .contains("refused the token")
                    .contains("DISCORD_TOKEN")
                    .doesNotContain("MTk4.wrong.token");
        }
    }

    @Test
    void intentsThatTheBotMustNotHave() throws Exception {
        SimSettings strict =
                World.quick(8, 4, 10)
                        .limited(1_000, 1_000, SimSettings.KNOWN_INTENTS & ~(1L << 15));
        try (FakeDiscord discord = discord(strict)) {
            assertThat(
                            fails(
                                    5,
                                    World.secrets(),
                                    "--api-url",
                                    discord.apiUrl().toString(),
                                    "--url",
                                    "http://127.0.0.1:9/",
                                    "--intents",
                                    "GUILDS,MESSAGE_CONTENT",
                                    "--identify-interval",
                                    "510ms"))
                    .contains("4014")
                    .contains("developer portal");
            assertThat(discord.stats().violations().keySet())
                    .as("one try, of all shards and buckets")
                    .containsExactly("intents");
            assertThat(discord.stats().violations().get("intents")).isEqualTo(1);
        }
    }

    @Test
    void noRoomInTheSessionStartLimit() throws Exception {
        SimSettings spent = World.quick(4, 1, 10).limited(1_000, 2, SimSettings.KNOWN_INTENTS);
        try (FakeDiscord discord = discord(spent)) {
            assertThat(
                            fails(
                                    6,
                                    World.secrets(),
                                    join(basics(discord.apiUrl().toString()), "--no-wait")))
                    .contains("session start")
                    .contains("2 of 1000")
                    .contains("--no-wait");
        }
    }

    @Test
    void aRangeOutsideOfTheCount() {
        assertThat(
                        fails(
                                3,
                                World.secrets(),
                                join(
                                        basics("http://127.0.0.1:9/api"),
                                        "--max-shards",
                                        "10",
                                        "--first",
                                        "5",
                                        "--last",
                                        "10")))
                .contains("10")
                .contains("5");
    }

    @Test
    void aUrlThatIsNone() {
        assertThat(fails(3, World.secrets(), "--url", "ftp://example.org/", "--intents", "GUILDS"))
                .contains("--url")
                .contains("ftp://example.org/")
                .contains("http");
    }

    @Test
    void aDiscordThatCantBeReached() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(
                        fails(
                                7,
                                World.secrets(),
                                join(basics("http://127.0.0.1:" + port + "/api"), "--no-wait")))
                .contains("connection refused")
                .contains("127.0.0.1:" + port);
    }

    @Test
    void aConfigurationThatCantBeRead() throws Exception {
        assertThat(fails(3, World.secrets(), "--config", dir + "/nowhere.yaml"))
                .contains("nowhere.yaml");
        Path broken = dir.resolve("broken.yaml");
        Files.writeString(broken, "token: " + World.TOKEN + "\nintents: [GUILDS\nurl: 3\n");
        assertThat(fails(3, Map.of(), "--config", broken.toString())).contains("broken.yaml");
        Path unknown = dir.resolve("unknown.yaml");
        Files.writeString(unknown, "maxShard: 3\n");
        assertThat(fails(3, World.secrets(), "--config", unknown.toString()))
                .contains("maxShard")
                .contains("maxShards");
    }

    @Test
    void anOptionThatIsNone() {
        assertThat(fails(2, World.secrets(), "--max-shard", "3")).contains("--max-shards");
        assertThat(fails(2, Map.of(), "--token", World.TOKEN)).contains("DISCORD_TOKEN");
    }

    @Test
    void aControlPortThatIsInUse() throws Exception {
        try (FakeDiscord discord = discord(World.quick(1, 1, 1));
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(
                            fails(
                                    8,
                                    World.secrets(),
                                    join(
                                            basics(discord.apiUrl().toString()),
                                            "--control",
                                            "127.0.0.1:" + taken.getLocalPort())))
                    .contains("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aStateDirectoryThatIsInUse() {
        try (World world = World.start(dir, World.quick(1, 1, 4))) {
            var _ = world.awaitReady(1);
            assertThat(fails(8, World.secrets(), basics(world.discord.apiUrl().toString())))
                    .contains(Long.toString(world.gw.pid()))
                    .contains("state");
            assertThat(world.status().getSupervisor().getPid()).isEqualTo(world.gw.pid());
        }
    }

    /**
     * A Unix socket's path has 107 bytes: gw goes to a short directory, and its clients find it.
     */
    @Test
    void aStateDirectoryWhosePathIsTooLongForASocket() throws Exception {
        Path deep = dir.resolve("d".repeat(90)).resolve("e".repeat(90));
        Files.createDirectories(deep);
        try (World world = World.start(deep, World.quick(1, 1, 4));
                GwProcess status = statusOf(world, "running")) {
            assertThat(status.output()).contains(Long.toString(world.gw.pid()));
            try (GwProcess stop =
                    GwProcess.start(
                            Map.of(), List.of("stop", "--state-dir", world.state.toString()))) {
                assertThat(stop.awaitExit(SOON)).as(stop.output()).isZero();
            }
            assertThat(world.gw.awaitExit(SOON)).isZero();
        }
    }

    private static GwProcess statusOf(World world, String phase) {
        GwProcess[] last = new GwProcess[1];
        Wait.untilTrue(
                Duration.ofSeconds(40),
                () -> {
                    GwProcess status =
                            GwProcess.start(
                                    Map.of(),
                                    List.of(
                                            "status",
                                            "--json",
                                            "--state-dir",
                                            world.state.toString()));
                    last[0] = status;
                    return status.awaitExit(SOON) == 0
                            && status.output().contains("\"" + phase + "\"");
                },
                () -> last[0].output() + "\n" + world.gw.output());
        return last[0];
    }

    @Test
    void noSupervisorRuns() {
        for (String command : List.of("status", "stop")) {
            try (GwProcess gw =
                    GwProcess.start(Map.of(), List.of(command, "--state-dir", dir + "/none"))) {
                assertThat(gw.awaitExit(SOON)).isEqualTo(9);
                assertThat(gw.output()).contains("no supervisor runs").contains("gw start");
            }
        }
    }

    @Test
    void noJdk25() throws Exception {
        // A machine with what a shell script needs, and no java.
        Path tools = Files.createDirectories(dir.resolve("tools"));
        for (String tool : List.of("sh", "sed", "cat", "readlink", "dirname")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin", tool));
        }
        Path empty = Files.createDirectories(dir.resolve("empty"));
        ProcessBuilder bare =
                new ProcessBuilder("/bin/sh", GwProcess.binGw().toString(), "status")
                        .redirectErrorStream(true);
        bare.environment().clear();
        bare.environment()
                .putAll(
                        Map.of(
                                "PATH",
                                tools.toString(),
                                "HOME",
                                empty.toString(),
                                "GW_JDK_PLACES",
                                empty.toString()));
        Process none = bare.start();
        String said = new String(none.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(none.waitFor()).as(said).isEqualTo(69);
        assertThat(said).contains("no JDK 25").contains("adoptium.net").contains("GW_JAVA_HOME");
    }
}
