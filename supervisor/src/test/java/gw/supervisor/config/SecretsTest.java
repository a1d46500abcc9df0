package gw.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** The token and the secret stand in no error, warning or list, wherever they were put (P8). */
class SecretsTest {
    private static final String HUSH = "hush-hush-hush";

    @TempDir private Path dir;
    private Loads loads;

    @BeforeEach
    void setUp() {
        loads = new Loads(dir);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "'Bot ', ''", "'bot  ', ''", "'', '\n'", "'Bot ', '\r\n'", "' ', ' '"})
    void stripsWhatPeoplePasteWithAToken(String before, String after) throws UserError {
        String text = before + Loads.TOKEN + after;
        assertThat(loads.load(Loads.with("DISCORD_TOKEN", text)).config().token().reveal())
                .isEqualTo(Loads.TOKEN);
        loads.file("t", text);
        assertThat(
                        loads.load(Loads.without("DISCORD_TOKEN"), "--token-file=t")
                                .config()
                                .token()
                                .reveal())
                .isEqualTo(Loads.TOKEN);
    }

    @Test
    void theStrongerPlaceWins() throws UserError {
        loads.file("t", "from.the.file");
        loads.file("gw.yaml", "token: from.the.config\nsecret: " + HUSH);
        Map<String, String> none = Loads.without("DISCORD_TOKEN");
        assertThat(token(Loads.ENOUGH, "--token-file=t", "--config=gw.yaml"))
                .isEqualTo("from.the.file");
        assertThat(token(Loads.ENOUGH, "--config=gw.yaml")).isEqualTo(Loads.TOKEN);
        assertThat(token(none, "--config=gw.yaml")).isEqualTo("from.the.config");
        assertThat(
                        loads.load(Loads.with("GW_SECRET", "stronger"), "--config=gw.yaml")
                                .config()
                                .secret()
                                .orElseThrow()
                                .reveal())
                .isEqualTo("stronger");
    }

    private String token(Map<String, String> environment, String... arguments) throws UserError {
        return loads.load(environment, arguments).config().token().reveal();
    }

    @Test
    void twoInOnePlaceAreRefused() {
        assertThat(loads.refused(Loads.with("GW_TOKEN_FILE", "t")))
                .hasMessage("DISCORD_TOKEN and GW_TOKEN_FILE are both given");
        loads.file("gw.yaml", "secret: " + HUSH + "\nsecretFile: s\n");
        assertThat(loads.refused("--config=gw.yaml"))
                .hasMessage(
                        "secret in gw.yaml, line 1 and secretFile in gw.yaml, line 2 are both"
                                + " given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--token", "--secret"})
    void neitherIsAnOption(String option) {
        for (String[] arguments :
                new String[][] {{option, Loads.TOKEN}, {option + "=" + Loads.TOKEN}, {option}}) {
            UserError error = loads.refused(arguments);
            assertThat(error.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(Loads.words(error))
                    .contains("can be seen by every user of the machine", option + "-file")
                    .contains(option.equals("--token") ? "DISCORD_TOKEN" : "GW_SECRET")
                    .doesNotContain(Loads.TOKEN);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Bot ', it is empty",
        "'abc xyz', it has a blank in it",
        "'abc\nxyz', it has a line break",
        "'tökén', character outside of ASCII"
    })
    void refusesWhatIsNoTokenWithoutShowingIt(String text, String why) {
        UserError error = loads.refused(Loads.with("DISCORD_TOKEN", text));
        assertThat(error.getMessage())
                .startsWith("DISCORD_TOKEN: the value isn't a bot token: ")
                .contains(why)
                .doesNotContain(text.strip().equals("Bot") ? "Bot " : text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token: [" + HUSH + "]",
                "token: {a: " + HUSH + "}",
                "token: \"" + HUSH + "\\n" + HUSH + "\"",
                "token: " + HUSH + ": " + HUSH,
                "token: '" + HUSH,
                "token: *" + HUSH,
                "token: !" + HUSH + " [",
                "token: &" + HUSH + " @",
                "secret: [" + HUSH + "]\n" + "token: a",
                "{\"token\": " + HUSH + " ",
                "{\"token\": \"" + HUSH + "\n",
                "token: a\nsecret: \"" + HUSH + "\\x\"",
            })
    void brokenFilesQuoteNothing(String text) {
        loads.file("gw.yaml", text);
        UserError error = loads.refused(Loads.without("DISCORD_TOKEN"), "--config=gw.yaml");
        assertThat(Loads.words(error)).doesNotContain(HUSH);
        assertThat(error.getCause()).isNull();
    }

    @Test
    void aTokenInTheWrongPlaceIsNotRepeated() {
        loads.file("gw.yaml", Loads.TOKEN + ": 1\n");
        loads.file("line.txt", Loads.TOKEN);
        for (String argument :
                new String[] {
                    "--token-file=" + Loads.TOKEN,
                    "--config=" + Loads.TOKEN,
                    "--config=gw.yaml",
                    "--config=line.txt",
                    "--url=" + Loads.TOKEN,
                    "--intents=" + Loads.TOKEN,
                    "--max-shards=Bot " + Loads.TOKEN,
                    "--presence=" + Loads.TOKEN,
                    "--presence=@" + Loads.TOKEN,
                }) {
            Map<String, String> environment =
                    argument.startsWith("--token-file")
                            ? Loads.without("DISCORD_TOKEN")
                            : Loads.ENOUGH;
            assertThat(Loads.words(loads.refused(environment, argument)))
                    .as(argument)
                    .doesNotContain(Loads.TOKEN.substring(0, 20));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://bot:" + HUSH + "@host/",
                "http://" + HUSH + "@host/",
                "http://bot:" + HUSH + "@ho st/",
                "ftp://host/?key=" + HUSH,
                "http://host:x/?key=" + HUSH
            })
    void aPasswordInAUrlIsRefusedUnseen(String url) {
        UserError error = loads.refused("--url=" + url);
        assertThat(error.getMessage()).startsWith("--url: ").contains("***");
        assertThat(Loads.words(error)).doesNotContain(HUSH);
    }

    @Test
    void whatWasLoadedPrintsNoSecret() throws UserError {
        loads.file("gw.yaml", "secret: " + HUSH + "\n");
        Loaded loaded = loads.load(Loads.ENOUGH, "--config=gw.yaml", "-v");
        assertThat(loaded.config().secret()).isPresent();
        assertThat(loaded.toString()).doesNotContain(HUSH, Loads.TOKEN).contains("***");
    }

    @Test
    void warnsOfFilesThatOthersCanRead() throws Exception {
        open(loads.file("t", Loads.TOKEN));
        open(loads.file("gw.yaml", "secret: " + HUSH + "\n"));
        open(loads.file("harmless.yaml", "maxShards: 3\n"));
        Map<String, String> none = Loads.without("DISCORD_TOKEN");
        assertThat(loads.load(none, "--token-file=t", "--config=gw.yaml").warnings())
                .satisfiesExactlyInAnyOrder(
                        warning ->
                                assertThat(warning)
                                        .startsWith(
                                                dir.resolve("t") + " can be read by other users")
                                        .endsWith("chmod 600 it"),
                        warning ->
                                assertThat(warning)
                                        .startsWith(dir.resolve("gw.yaml") + " holds a secret")
                                        .endsWith("chmod 600 it"));
        assertThat(loads.load(Loads.ENOUGH, "--config=harmless.yaml").warnings()).isEmpty();
    }

    private static void open(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    @Test
    void boundsTheTokenFile() {
        loads.file("t", "x".repeat(5_000));
        UserError error = loads.refused(Loads.without("DISCORD_TOKEN"), "--token-file=t");
        assertThat(error.getMessage())
                .startsWith("--token-file: the file ")
                .endsWith("it is larger than 4k");
    }

    @Test
    void anEmptyTokenFileIsSaidToBeEmpty() {
        loads.file("t", "\n");
        assertThat(loads.refused(Loads.without("DISCORD_TOKEN"), "--token-file=t"))
                .hasMessage("--token-file: the value isn't a bot token: it is empty");
    }
}
