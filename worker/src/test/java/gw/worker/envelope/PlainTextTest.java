package gw.worker.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

/** Eight bytes at a time find what one at a time finds. */
class PlainTextTest {
    private static int slowly(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == '"' || bytes[i] == '\\' || (bytes[i] >= 0 && bytes[i] < ' ')) {
                return i;
            }
        }
        return end;
    }

    @Test
    void findsEachByteAtEachPlace() {
        for (int value = 0; value < 256; value++) {
            for (int place = 0; place < 20; place++) {
                byte[] bytes =
                        "aaaaaaaaaaaaaaaaaaaaa"
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                bytes[place] = (byte) value;
                for (int from = 0; from < 10; from++) {
                    assertThat(PlainText.end(bytes, from, bytes.length))
                            .as("%s at %s from %s", value, place, from)
                            .isEqualTo(slowly(bytes, from, bytes.length));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsTheFirstOfMany(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] alphabet = {
            0,
            1,
            0x1f,
            0x20,
            '!',
            '"',
            '#',
            '[',
            '\\',
            ']',
            0x7f,
            (byte) 0x80,
            (byte) 0xa2,
            (byte) 0xff
        };
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] =
                        random.nextInt(8) == 0
                                ? alphabet[random.nextInt(alphabet.length)]
                                : (byte) random.nextInt('a', 'z');
            }
            int from = random.nextInt(bytes.length + 1);
            int end = random.nextInt(from, bytes.length + 1);
            assertThat(PlainText.end(bytes, from, end))
                    .as("seed %s, run %s", seed, i)
                    .isEqualTo(slowly(bytes, from, end));
        }
    }
}
