package gw.supervisor.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Payloads of any shape leave the counts as they were, and never throw (P7). */
class GuildPayloadsTest {
    private static final int G = 0;

    private final GuildBook book = new GuildBook();
    private final Events events = new Events(0, 1, "one");

    @BeforeEach
    void threeGuilds() {
        book.taken(G, events.ready(List.of(1L << 22, 2L << 22, 3L << 22)));
    }

    private void untouched(int unreadable) {
        assertThat(book.counts(G).of(0)).hasValue(3);
        assertThat(book.isAbsent(G, 1L << 22)).isTrue();
        assertThat(book.unreadable()).isEqualTo(unreadable);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "garbage",
                "{\"d\":null}",
                "{\"d\":[]}",
                "{\"d\":{}}",
                "{\"d\":{\"guilds\":null}}",
                "{\"d\":{\"guilds\":{\"id\":\"1\"}}}",
                "{\"d\":{\"guilds\":[]",
                "{\"d\":{\"guilds\":[]}",
                "{\"d\":{\"guilds\":[{\"id\":\"1\"}]}}x",
                "{\"d\":{\"guilds\":[{\"id\":\"1\"},]}}",
                "{\"d\":{\"guilds\":[{\"id\":\"1\"}}}",
                "{\"guilds\":[{\"id\":\"1\"}]}",
                "{\"d\":{\"user\":{\"guilds\":[{\"id\":\"1\"}]}}}"
            })
    void aReadyThatCannotBeReadChangesNothing(String payload) {
        book.taken(G, new Events(0, 1, "two").raw("READY", 0, payload));
        untouched(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"d\":", "{\"d\":{\"unavailable\":true}", "{\"d\":7}"})
    void aGuildDeleteThatCannotBeReadChangesNothing(String payload) {
        book.taken(G, events.raw("GUILD_DELETE", 1L << 22, payload));
        untouched(1);
    }

    @Test
    void onlyTheFlagOfTheGuildItselfTellsAnOutage() {
        book.taken(
                G,
                events.event(
                        "GUILD_DELETE",
                        1L << 22,
                        "{\"x\":{\"unavailable\":true},\"unavailable\":\"true\"}"));
        assertThat(book.counts(G).of(0)).hasValue(2);
        book.taken(
                G,
                events.event(
                        "GUILD_DELETE",
                        2L << 22,
                        "{\"unavailable\":false,\"unavailable\":true,\"x\":[1,{}]}"));
        assertThat(book.counts(G).of(0)).hasValue(2);
    }

    @Test
    void eachGuildOfAReadyCountsOnceAndWhatIsNoneDoesNot() {
        String guilds =
                "{\"id\":\"5\"},{\"id\":\"5\"},{\"id\":6},{\"x\":{\"id\":\"9\"},\"id\":\"7\"},"
                    + "7,\"8\",null,[{\"id\":\"9\"}],{},{\"id\":null},{\"id\":[1]},{\"id\":\"\"},"
                    + "{\"id\":\"0\"},{\"id\":\"-4\"},{\"id\":\"99999999999999999999\"},"
                    + "{\"id\":\"9999999999999999999\"},{\"id\":1e3},{\"id\":\"x\"}";
        book.taken(G, new Events(0, 1, "two").event("READY", 0, "{\"guilds\":[" + guilds + "]}"));
        assertThat(book.counts(G).of(0)).hasValue(3);
        assertThat(List.of(5L, 6L, 7L, 9L, 8L).stream().map(id -> book.isAbsent(G, id)))
                .containsExactly(true, true, true, false, false);
    }

    @Test
    void aListBeyondAnyMeasureIsNotTaken() {
        Events huge = new Events(0, 1, "two");
        book.taken(
                G,
                huge.ready(
                        LongStream.rangeClosed(1, GuildPayloads.MOST_GUILDS + 1)
                                .map(i -> i << 22)
                                .boxed()
                                .toList()));
        untouched(1);
        byte[] payload =
                ("{\"d\":{\"guilds\":[]}}" + " ".repeat(GuildPayloads.MOST_READY_BYTES))
                        .getBytes(StandardCharsets.US_ASCII);
        book.taken(G, new Events(0, 1, "three").raw("READY", 0, payload));
        untouched(2);
        book.taken(G, new Events(0, 1, "4").raw("READY", 0, "{\"d\":" + "[".repeat(1_000_000)));
        untouched(3);
    }

    @Test
    void outagesBeyondAnyMeasureAreNotKept() {
        for (long i = 10; i < GuildPayloads.MOST_GUILDS + 100; i++) {
            book.taken(G, events.outage(i << 22));
        }
        assertThat(book.missing(G, 1)).isEqualTo(GuildPayloads.MOST_GUILDS);
        assertThat(book.counts(G).of(0)).hasValue(3);
    }

    /** Cut anywhere, or with a byte or two that are others. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void spoiltPayloadsNeverThrow(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Events events = new Events(0, 1, "s");
        String sound = events.ready(List.of(5L << 22, 6L << 22)).payloadText();
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = sound.getBytes(StandardCharsets.US_ASCII);
            for (int spoilt = random.nextInt(3); spoilt > 0; spoilt--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(bytes.length + 1);
            GuildPayloads.listed(bytes, 0, length)
                    .ifPresent(guilds -> assertThat(guilds.size()).isLessThanOrEqualTo(2));
            if (length < bytes.length) {
                assertThat(GuildPayloads.listed(bytes, 0, length)).as("seed %d", seed).isEmpty();
            }
            var _ = GuildPayloads.isOutage(bytes, 0, length);
            var _ = GuildPayloads.isWithoutGuild(bytes, 0, length);
        }
    }
}
