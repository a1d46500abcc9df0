package gw.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** Guards P8: a secret is never printed by accident. */
class SecretTest {
    @Test
    void showsNothingOfItself() {
        Secret secret = Secret.of("MTIz.token");

        assertThat(secret).hasToString("***");
        assertThat("config: " + secret).doesNotContain("MTIz");
        assertThat(secret.reveal()).isEqualTo("MTIz.token");
    }

    @Test
    void refusesWhatNoHeaderCanCarry() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.of("abc\r\nX-Evil: 1"))
                .withMessageContaining("position 3")
                .withMessageNotContaining("abc");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.of(""))
                .withMessage("it is empty");
    }
}
