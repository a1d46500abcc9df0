package gw.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.TransportCompression;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** Each refusal holds the key as the user wrote it, the value, and what is allowed. */
class SettingValuesTest {
    @TempDir private Path dir;
    private Loads loads;

    @BeforeEach
    void setUp() {
        loads = new Loads(dir);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--max-shards=0|a whole number from 1 to 100000",
                "--max-shards=100001|a whole number from 1 to 100000",
                "--max-shards=9999999999999999999999|a whole number from 1 to 100000",
                "--max-shards=8.0|a whole number from 1 to 100000",
                "--max-shards=many|a whole number from 1 to 100000",
                "--max-shards=|a whole number from 1 to 100000",
                "--first=-1|a whole number from 0 to 99999",
                "--last=x|a whole number from 0 to 99999",
                "--shards-per-cluster=0|a whole number from 1 to 100000",
                "--max-clusters=0|a whole number from 1 to 10000",
                "--compress=gzip|one of none, payload, zlib-stream, zstd-stream, true, false",
                "--intents=GUILDZ|did you mean GUILDS?",
                "--intents=131073|bit 17",
                "--intents=,|at least one intent, or 0 for none",
                "--url=ftp://bot/e|a URL with http or https and a host",
                "--url=bot:8080|a URL with http or https and a host",
                "--url=http:///e|a URL with http or https and a host",
                "--url=http://bot:99999/|a URL with http or https and a host",
                "--url=http://bot name/|a URL with http or https and a host",
                "--url=http://bot/#e|a URL without a fragment",
                "--api-url=https://discord.com/api/v10|a URL without the version",
                "--api-url=http://discord.com/api|https for Discord",
                "--api-url=https://proxy/api?x=1|a URL without a query",
                "--identify-interval=5|a duration from 1ms to 10m",
                "--identify-interval=5 parsecs|a duration from 1ms to 10m",
                "--identify-interval=1h|a duration from 1ms to 10m",
                "--identify-reserve=-1|a whole number from 0 to 100000",
                "--sim-guilds=200001|a whole number from 1 to 200000",
                "--large-threshold=49|a whole number from 50 to 250",
                "--large-threshold=251|a whole number from 50 to 250",
                "--properties=os|os, browser and device",
                "--properties=os=a,os=b|os, browser and device",
                "--properties=shell=zsh|os, browser and device",
                "--properties=os=|1 to 200 characters",
                "--presence=online|a JSON object",
                "--presence=[]|a JSON object",
                "--presence={\"status\":\"away\"}|one of online, dnd, idle, invisible, offline",
                "--presence={\"state\":1}|only since, activities, status and afk",
                "--presence={\"activities\":[{\"name\":\"x\"}]}|a name and a numeric type",
                "--presence={\"activities\":3}|activities to be a list",
                "--presence={\"afk\":1}|afk to be true or false",
                "--presence={\"status\":\"idle\"} x|a JSON object",
                "--control=7625|host:port",
                "--control=host:70000|a port from 0 to 65535",
                "--control=host:x|host:port",
                "--reshard-percentage=0|a whole number from 1 to 100",
                "--reshard-percentage=101|a whole number from 1 to 100",
                "--reshard-check=999ms|a duration from 1s to 24h",
                "--reshard-check=25h|a duration from 1s to 24h",
                "--reshard-overlap=499ms|a duration from 500ms to 10m",
                "--reshard-overlap=11m|a duration from 500ms to 10m",
                "--reshard-timeout=4s|a duration from 5s to 24h",
                "--reshard-timeout=2d|a duration from 5s to 24h",
                "--identify-authority=other|host:port",
                "--identify-authority=127.0.0.1:0|a port from 1 to 65535",
                "--delivery-concurrency=0|a whole number from 1 to 10000",
                "--batch-max=0|a whole number from 1 to 1000",
                "--batch-max=1001|a whole number from 1 to 1000",
                "--batch-linger=2s|a duration from 0s to 1s",
                "--delivery-timeout=99ms|a duration from 100ms to 10m",
                "--queue-max-bytes=1k|a size from 1m to 1024g",
                "--queue-max-bytes=1t|a size from 1m to 1024g",
                "--queue-max-bytes=999999999999999999g|a size from 1m to 1024g",
                "--queue-max-events=0|a whole number from 1 to 10000000000",
                "--worker-timeout=0s|a duration from 1s to 10m",
                "--worker-heap=31|a whole number from 32 to 65536",
                "--max-message-bytes=1023k|a size from 1m to 256m",
            })
    void refusesOnTheCommandLine(String argument, String allowed) {
        UserError error = loads.refused(argument);
        int at = argument.indexOf('=');
        assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(error.getMessage()).startsWith(argument.substring(0, at) + ": ");
        assertThat(error.getMessage()).contains(allowed);
    }

    @Test
    void showsTheValueInEachPlacesOwnSpelling() {
        assertThat(loads.refused("--max-shards", "0"))
                .hasMessage("--max-shards: 0 (expected: a whole number from 1 to 100000)");
        assertThat(loads.refused(Loads.with("GW_MAX_SHARDS", "0")))
                .hasMessage("GW_MAX_SHARDS: 0 (expected: a whole number from 1 to 100000)");
        loads.file("gw.yaml", "# comment\nmaxShards: 0\n");
        assertThat(loads.refused("--config=gw.yaml"))
                .hasMessage(
                        "maxShards in gw.yaml, line 2: 0 (expected: a whole number from 1 to"
                                + " 100000)");
    }

    @Test
    void aBareNumberIsNoDuration() {
        assertThat(loads.refused("--worker-timeout=5").advice())
                .isEqualTo("Say the unit: 5s for seconds, 5ms for milliseconds.");
    }

    @Test
    void listsTheIntentsWhenOneIsUnknown() {
        assertThat(loads.refused("--intents=GUILDZ").advice())
                .contains(Intent.names())
                .contains("number");
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "5s, 5000", "2m, 120000", "1.5s, 1500", "2min, 120000"})
    void readsDurations(String text, long millis) throws UserError {
        assertThat(loads.config("--delivery-timeout=" + text).deliveryTimeout()).hasMillis(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "1048576, 1048576",
        "1024k, 1048576",
        "2m, 2097152",
        "2M, 2097152",
        "2Mi, 2097152",
        "2MiB, 2097152",
        "2 mb, 2097152",
        "256m, 268435456",
        "2097152b, 2097152"
    })
    void readsSizes(String text, long bytes) throws UserError {
        assertThat(loads.config("--max-message-bytes=" + text).maxMessageBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "true, ZLIB_STREAM",
        "false, NONE",
        "none, NONE",
        "payload, PAYLOAD",
        "ZSTD-stream, ZSTD_STREAM"
    })
    void readsCompressions(String text, TransportCompression compression) throws UserError {
        assertThat(loads.config("--compress=" + text).compression()).isEqualTo(compression);
    }

    @Test
    void readsIntentsWithBlanksOrCommas() throws UserError {
        assertThat(loads.config("--intents", " GUILDS, 512 ").intents()).isEqualTo(513);
        assertThat(loads.config("--intents=0").intents()).isZero();
    }

    @Test
    void readsThePresenceFromAFile() throws UserError {
        loads.file("p.json", "{ \"activities\": [{\"name\": \"{{shard}}\", \"type\": 3}] }\n");
        assertThat(loads.config("--presence=@p.json").presence())
                .contains("{\"activities\":[{\"name\":\"{{shard}}\",\"type\":3}]}");
        assertThat(loads.refused("--presence=@q.json").getMessage())
                .startsWith("--presence: the presence file ")
                .endsWith("q.json: there is no such file");
    }

    @Test
    void aPresenceMustFitIntoIdentify() {
        assertThat(loads.refused("--presence={\"since\":\"" + "x".repeat(3_000) + "\"}"))
                .hasMessageContaining("at most 3000 bytes")
                .hasMessageContaining("...");
    }

    @Test
    void readsControlAddresses() throws UserError {
        assertThat(loads.config("--control=[::1]:7625").control())
                .contains(new ControlAddress.Tcp("::1", 7625));
        assertThat(loads.config("--control=/run/gw.sock").control())
                .contains(new ControlAddress.Unix(Path.of("/run/gw.sock")));
        assertThat(loads.config("--control=unix:gw.sock").control())
                .contains(new ControlAddress.Unix(dir.resolve("gw.sock")));
        assertThat(loads.refused("--control=/" + "x".repeat(107)))
                .hasMessageContaining("at most 107 bytes, this one has 108");
    }

    @Test
    void expandsTheHomeDirectoryWhichShellsDoNotBehindAnEqualsSign() throws UserError {
        assertThat(loads.config("--state-dir=~/gw").stateDir())
                .isEqualTo(Path.of("/home/somebody/gw"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "TRUE", "on", "1"})
    void readsSwitchesInTheEnvironment(String text) throws UserError {
        assertThat(loads.load(Loads.with("GW_DRY_RUN", text)).dryRun()).isTrue();
    }

    @Test
    void refusesASwitchThatIsNeitherOnNorOff() {
        assertThat(loads.refused(Loads.with("GW_DRY_RUN", "maybe")))
                .hasMessage("GW_DRY_RUN: maybe (expected: true or false)");
    }

    @Test
    void keepsItsMessagesShortAndOnOneLine() {
        assertThat(loads.refused("--max-shards=1\n2" + "x".repeat(10_000)).getMessage())
                .doesNotContain("\n")
                .hasSizeLessThan(200);
    }
}
