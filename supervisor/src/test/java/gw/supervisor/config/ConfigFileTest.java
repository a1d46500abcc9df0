package gw.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import gw.model.TransportCompression;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

class ConfigFileTest {
    @TempDir private Path dir;
    private Loads loads;

    @BeforeEach
    void setUp() {
        loads = new Loads(dir);
    }

    private UserError refusedFile(String text) {
        loads.file("gw.yaml", text);
        return loads.refused("--config=gw.yaml");
    }

    private SupervisorConfig file(String text) throws UserError {
        loads.file("gw.yaml", text);
        return loads.config("--config=gw.yaml");
    }

    @Test
    void takesTheSeedsPayloadAsItIs() throws UserError {
        loads.file(
                "seed.json",
                "{\"token\":\"Bot abc.def.ghi\",\"compress\":true,"
                        + "\"intents\":[\"GUILDS\",\"GUILD_MESSAGES\"],\"maxShards\":885,"
                        + "\"firstShardId\":100,\"lastShardId\":124,"
                        + "\"url\":\"http://127.0.0.1:8080/x\",\"shardsPerCluster\":25,"
                        + "\"maxClusters\":46,\"reshard\":true}");
        Loaded loaded = loads.load(Map.of(), "--config=seed.json");
        SupervisorConfig config = loaded.config();
        assertThat(config.token().reveal()).isEqualTo("abc.def.ghi");
        assertThat(config.compression()).isEqualTo(TransportCompression.ZLIB_STREAM);
        assertThat(config.intents()).isEqualTo(513);
        assertThat(config.maxShards()).hasValue(885);
        assertThat(config.firstShard()).hasValue(100);
        assertThat(config.lastShard()).hasValue(124);
        assertThat(config.url()).hasHost("127.0.0.1").hasPath("/x");
        assertThat(config.shardsPerCluster()).isEqualTo(25);
        assertThat(config.maxClusters()).isEqualTo(46);
        assertThat(config.reshard().automatic()).isTrue();
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void takesYaml() throws UserError {
        loads.file("token", Loads.TOKEN);
        loads.file(
                "gw.yaml",
                """
                # the bot
                tokenFile: token
                intents: [GUILDS, GuildMessages]
                url: http://127.0.0.1:8080/events
                secret:          # left empty
                presence:
                  status: dnd
                  activities:
                    - {name: "shard {{shard}}", type: 3}
                properties:
                  browser: mosaic
                  device: 7
                identifyInterval: 5.5s
                queueMaxBytes: 64m
                maxShards: 0020
                control: ./c.sock
                """);
        SupervisorConfig config = loads.load(Map.of(), "--config=gw.yaml").config();
        assertThat(config.token().reveal()).isEqualTo(Loads.TOKEN);
        assertThat(config.intents()).isEqualTo(513);
        assertThat(config.secret()).isEmpty();
        assertThat(config.presence())
                .contains(
                        "{\"status\":\"dnd\",\"activities\":[{\"name\":\"shard"
                                + " {{shard}}\",\"type\":3}]}");
        assertThat(config.properties())
                .containsEntry("browser", "mosaic")
                .containsEntry("device", "7");
        assertThat(config.identifyInterval()).hasMillis(5_500);
        assertThat(config.queue().maxBytes()).isEqualTo(64 << 20);
        assertThat(config.maxShards()).hasValue(20);
        assertThat(config.control()).contains(new ControlAddress.Unix(dir.resolve("c.sock")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "intents: 513",
                "intents: 0x201",
                "intents: GUILDS,GUILD_MESSAGES",
                "intents: GUILDS GUILD_MESSAGES",
                "intents:\n- GUILDS\n- 512",
                "{\"intents\":\t513}",
                "{\n\t\"intents\": [\"\\u0047UILDS\", 512]\n}",
                "{intents: [GUILDS, GUILD_MESSAGES]}",
                "\uFEFFintents: 513"
            })
    void takesIntentsInAnyShape(String text) throws UserError {
        loads.file("gw.yaml", text);
        assertThat(loads.load(Loads.without("GW_INTENTS"), "--config=gw.yaml").config().intents())
                .isEqualTo(513);
    }

    @Test
    void takesEveryKeyOfTheTable() throws UserError {
        StringBuilder text = new StringBuilder();
        for (String key : SettingsTable.keys()) {
            text.append(key).append(": null\n");
        }
        assertThatCode(() -> file(text.toString())).doesNotThrowAnyException();
    }

    @Test
    void relativePathsStartAtTheFile() throws Exception {
        Path other = Files.createDirectory(dir.resolve("etc"));
        Files.writeString(other.resolve("gw.yaml"), "stateDir: state\n");
        assertThat(loads.config("--config=etc/gw.yaml").stateDir())
                .isEqualTo(other.resolve("state"));
    }

    @Test
    void refusesAnUnknownKeyWithFileLineAndTheNearest() {
        UserError error = refusedFile("url: http://x/\nmaxShard: 3\n");
        assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(error)
                .hasMessage("the configuration file gw.yaml: line 2: there is no setting maxShard");
        assertThat(error.advice()).isEqualTo("Did you mean maxShards?");
        assertThat(refusedFile("zzzzzzzzzzz: 3\n").advice()).contains("maxShards", "tokenFile");
        assertThat(refusedFile("config: gw.yaml\n")).hasMessageContaining("no setting config");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxShards: 3\\nurl: http://x/\\nmaxShards: 3|in lines 1 and 3",
                "{\"maxShards\":3,\"maxShards\":3}|in line 1"
            })
    void refusesADuplicateKey(String text, String where) {
        assertThat(refusedFile(text.replace("\\n", "\n")))
                .hasMessage("the configuration file gw.yaml: maxShards is there twice, " + where);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|it is empty",
                "  \\n\\n|it is empty",
                "# nothing|it is empty",
                "null|it is empty",
                "just words|it holds no settings",
                "- a\\n- b|it holds no settings",
                "maxShards: 3\\n---\\nmaxShards: 4|something follows",
                "{\"maxShards\":3} {}|something follows",
                "maxShards: [3|line 1",
                "{\"maxShards\": 3,|neither YAML nor JSON",
                "url: \"http|neither YAML nor JSON",
                "url: http://x\\n  maxShards: 3|line 2",
                "url: @x|line 1",
                "properties: {os: a, os: b}|line 1: os is there twice",
                "intents: &a [GUILDS]\\nproperties: *a|line 2: YAML aliases",
                "url: !!binary aGVsbG8=|line 1",
                "apiUrl: [http://x/]|apiUrl in gw.yaml, line 1",
                "apiUrl: {a: b}|apiUrl in gw.yaml, line 1: an object",
                "maxShards: 1e1|maxShards in gw.yaml, line 1",
                "maxShards: [1]|maxShards in gw.yaml, line 1: [1]",
                "? {a: b} : c|the configuration file gw.yaml",
            })
    void refusesWhatItCannotRead(String text, String why) {
        assertThat(refusedFile(text == null ? "" : text.replace("\\n", "\n")).getMessage())
                .contains(why);
    }

    @Test
    void refusesWhatIsNoFile() {
        assertThat(loads.refused("--config=none.yaml").getMessage())
                .startsWith("the configuration file ")
                .endsWith("none.yaml: there is no such file");
        assertThat(loads.refused("--config=.").getMessage()).endsWith("it is a directory");
        assertThat(refusedFile("url: \"" + "x".repeat(1 << 20) + "\"").getMessage())
                .endsWith("it is larger than 1m");
    }

    @Test
    void refusesWhatIsNoText() throws IOException {
        Files.write(dir.resolve("gw.yaml"), new byte[] {'u', (byte) 0xC3, (byte) 0x28});
        assertThat(loads.refused("--config=gw.yaml").getMessage()).endsWith("it isn't UTF-8 text");
    }

    /** A file may be hostile: it ends in one refusal, soon and without much memory (P7). */
    @ParameterizedTest
    @Timeout(60)
    @ValueSource(
            strings = {"[", "{", "{a: ", "- ", "{\"a\":", "[[\"a\",", "? ", "&a ", "!!", "a: \n"})
    void boundsHostileFiles(String unit) {
        String many = unit.repeat(300_000 / unit.length());
        assertThat(refusedFile("properties: " + many)).isNotNull();
        assertThat(refusedFile("{\"properties\": " + many)).isNotNull();
        assertThat(refusedFile(many)).isNotNull();
    }

    @Test
    @Timeout(60)
    void boundsAliasBombs() {
        StringBuilder bomb = new StringBuilder("properties:\n  a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("  a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(refusedFile(bomb.toString())).hasMessageContaining("aliases");
    }

    @Test
    @Timeout(60)
    void garbageEndsInARefusalThatQuotesNothingOfIt() {
        Random random = new Random(7);
        String alphabet = "{}[]:,-?&*!|>'\"%@`# \n\tabc01\u0001\u00e9\u2028";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder("token: " + Loads.TOKEN + "\n");
            int length = random.nextInt(40);
            for (int j = 0; j < length; j++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Path file = loads.file("gw.yaml", text.toString());
            try {
                assertThat(ConfigFile.read(file, "gw.yaml", dir).toString())
                        .doesNotContain(Loads.TOKEN);
            } catch (UserError e) {
                assertThat(Loads.words(e)).doesNotContain(Loads.TOKEN);
                assertThat(e.getCause()).as("its words would quote the file").isNull();
            }
        }
    }
}
