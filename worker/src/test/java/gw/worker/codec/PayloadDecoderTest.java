package gw.worker.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;

import gw.model.TransportCompression;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** What Discord sent is what comes out, byte for byte (P1); bombs and damage are bounded (P7). */
class PayloadDecoderTest {
    private static final long MAX = 4 * 1024 * 1024;

    private final List<String> payloads = new ArrayList<>();
    private final PayloadSink sink =
            (bytes, offset, length) ->
                    payloads.add(new String(bytes, offset, length, StandardCharsets.UTF_8));

    @ParameterizedTest
    @EnumSource(TransportCompression.class)
    void givesBackWhatWasSent(TransportCompression compression) throws Exception {
        List<String> sent =
                List.of("{\"op\":10}", "ä€😀".repeat(1000), "x".repeat(300_000), "{\"op\":11}");
        try (PayloadDecoder decoder = decoder(compression)) {
            Sender sender = new Sender(compression);
            for (String payload : sent) {
                byte[] message = sender.send(payload);
                byte[] padded = new byte[message.length + 9];
                System.arraycopy(message, 0, padded, 4, message.length);
                boolean binary = compression != TransportCompression.NONE;
                decoder.message(binary, padded, 4, message.length, sink);
            }
        }
        assertThat(payloads).isEqualTo(sent);
    }

    @Test
    void aZlibPayloadMayBeSpreadOverManyMessages() throws Exception {
        Sender sender = new Sender(TransportCompression.ZLIB_STREAM);
        Random random = new Random(7);
        try (PayloadDecoder decoder = decoder(TransportCompression.ZLIB_STREAM)) {
            for (int i = 0; i < 50; i++) {
                byte[] message = sender.send("payload " + i + " " + random.nextLong());
                int cut = 1 + random.nextInt(message.length - 4);
                decoder.message(true, message, 0, cut, sink);
                decoder.message(true, message, cut, message.length - cut, sink);
            }
        }
        assertThat(payloads).hasSize(50).last().asString().startsWith("payload 49");
    }

    @ParameterizedTest
    @EnumSource(value = TransportCompression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void refusesABombWithinItsBound(TransportCompression compression) throws Exception {
        byte[] bomb = new Sender(compression).send("0".repeat(64 * 1024 * 1024));
        assertThat(bomb.length).isLessThan(1024 * 1024);
        try (PayloadDecoder decoder = decoder(compression)) {
            assertThatThrownBy(() -> decoder.message(true, bomb, 0, bomb.length, sink))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("larger than");
        }
        assertThat(payloads).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damageIsRefusedAndNeverCrashes(long seed) throws Exception {
        Random random = new Random(seed);
        int refused = 0;
        for (TransportCompression compression : TransportCompression.values()) {
            for (int i = 0; i < 300 && compression != TransportCompression.NONE; i++) {
                byte[] message = new Sender(compression).send("text " + random.nextLong());
                message[random.nextInt(message.length)] ^= (byte) (1 + random.nextInt(255));
                int length = 1 + random.nextInt(message.length);
                try (PayloadDecoder decoder = decoder(compression)) {
                    decoder.message(true, message, 0, length, sink);
                } catch (CodecException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(100);
    }

    @ParameterizedTest
    @EnumSource(TransportCompression.class)
    void aTextMessageIsNeverDecompressed(TransportCompression compression) throws Exception {
        byte[] text = "{\"op\":10}".getBytes(StandardCharsets.UTF_8);
        try (PayloadDecoder decoder = decoder(compression)) {
            decoder.message(false, text, 0, text.length, sink);
        }
        assertThat(payloads).containsExactly("{\"op\":10}");
    }

    @Test
    void aZlibStreamThatEndsIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream zlib = new DeflaterOutputStream(bytes)) {
            zlib.write(new byte[100]);
        }
        byte[] message = bytes.toByteArray();
        try (PayloadDecoder decoder = decoder(TransportCompression.ZLIB_STREAM)) {
            assertThatThrownBy(() -> decoder.message(true, message, 0, message.length, sink))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("ended by the sender");
        }
    }

    private static PayloadDecoder decoder(TransportCompression compression) {
        return PayloadDecoder.create(compression, new PayloadBuffer(MAX), MAX);
    }

    /** Compresses as Discord does. */
    private static final class Sender {
        private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
        private final TransportCompression compression;
        private final OutputStream stream;

        Sender(TransportCompression compression) throws IOException {
            this.compression = compression;
            this.stream =
                    switch (compression) {
                        case ZLIB_STREAM ->
                                new DeflaterOutputStream(wire, new Deflater(), 512, true);
                        case ZSTD_STREAM -> new ZstdOutputStreamNoFinalizer(wire);
                        case NONE, PAYLOAD -> wire;
                    };
        }

        byte[] send(String payload) throws IOException {
            byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
            if (compression == TransportCompression.PAYLOAD) {
                try (OutputStream document = new DeflaterOutputStream(wire)) {
                    document.write(bytes);
                }
            } else {
                stream.write(bytes);
                stream.flush();
            }
            byte[] message = wire.toByteArray();
            wire.reset();
            return Arrays.copyOf(message, message.length);
        }
    }
}
