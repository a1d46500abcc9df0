package gw.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class IntentsTest {
    @Test
    void addsUpTheBits() {
        assertThat(Intents.parse(List.of("GUILDS", "GUILD_MESSAGES"))).isEqualTo(513);
        assertThat(Intents.parse(List.of())).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GUILD_MESSAGES",
                "GuildMessages",
                "guild_messages",
                "guildmessages",
                "512",
                "0x200",
                "0X200",
                "0512",
                " GuildMessages "
            })
    void takesNamesInBothStylesAndNumbers(String word) {
        assertThat(Intents.parse(List.of(word))).isEqualTo(1L << 9);
    }

    @ParameterizedTest
    @CsvSource({
        "GUILD_BANS, GUILD_MODERATION",
        "GUILD_EMOJIS, GUILD_EXPRESSIONS",
        "GuildEmojisAndStickers, GUILD_EXPRESSIONS"
    })
    void takesTheNamesThatDiscordGaveUp(String old, String now) {
        assertThat(Intents.names(Intents.parse(List.of(old)))).containsExactly(now);
    }

    @ParameterizedTest
    @EnumSource(Intent.class)
    void namesWhatItReads(Intent intent) {
        long bits = Intents.parse(List.of(intent.name()));
        assertThat(bits).isEqualTo(intent.bit());
        assertThat(Intents.names(bits)).containsExactly(intent.name());
    }

    @Test
    void knowsAllThatDiscordDocuments() {
        assertThat(Intents.all())
                .isEqualTo(0x1FFFFL | (1L << 20) | (1L << 21) | (1L << 24) | (1L << 25));
        assertThat(Intents.privileged(Intents.all()))
                .containsExactly("GUILD_MEMBERS", "GUILD_PRESENCES", "MESSAGE_CONTENT");
        assertThat(Intents.privileged(513)).isEmpty();
    }

    @Test
    void refusesAnUnknownNameWithTheNearest() {
        assertThatThrownBy(() -> Intents.parse(List.of("GUILDS", "GUILD_MESAGES")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("GUILD_MESAGES is no intent; did you mean GUILD_MESSAGES?");
        assertThatThrownBy(() -> Intents.parse(List.of("something-else-entirely")))
                .hasMessage("something-else-entirely is no intent");
    }

    @ParameterizedTest
    @CsvSource({"131072, bit 17", "0x4C0000, 'bits 18, 19, 22'", "67108865, bit 26"})
    void refusesUnknownBitsByTheirPosition(String number, String bits) {
        assertThatThrownBy(() -> Intents.parse(List.of(number)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has " + bits + ", which Discord doesn't document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0x", "99999999999999999999", "1.5", "", "0xFFFFFFFFFFFFFFFF"})
    void refusesWhatIsNoNumber(String word) {
        assertThatThrownBy(() -> Intents.parse(List.of(word)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no intent");
    }
}
