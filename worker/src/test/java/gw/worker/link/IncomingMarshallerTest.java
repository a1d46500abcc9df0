package gw.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;

import gw.proto.v1.Ack;
import gw.proto.v1.Hold;
import gw.proto.v1.LinkGrpc;
import gw.proto.v1.RestartShard;
import gw.proto.v1.ToWorker;
import gw.proto.v1.WorkerConfig;

import io.grpc.StatusRuntimeException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** An ack that is read without protobuf says what protobuf would have read (P1). */
class IncomingMarshallerTest {
    private final IncomingMarshaller marshaller =
            new IncomingMarshaller(LinkGrpc.getAttachMethod().getResponseMarshaller());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 127, 128, 300, 16_384, 1L << 40, Long.MAX_VALUE, -1})
    void readsAcksOfAllSizes(long number) {
        Incoming read = parse(ack(number));
        assertThat(read).isInstanceOf(Incoming.Ack.class);
        assertThat(((Incoming.Ack) read).batch()).isEqualTo(number);
    }

    @Test
    void leavesAllElseToProtobuf() {
        List<ToWorker> messages =
                List.of(
                        ToWorker.getDefaultInstance(),
                        ToWorker.newBuilder().setAck(Ack.getDefaultInstance()).build(),
                        ToWorker.newBuilder().setHold(Hold.newBuilder().setOn(true)).build(),
                        ToWorker.newBuilder()
                                .setRestartShard(RestartShard.newBuilder().setShardId(3))
                                .build(),
                        ToWorker.newBuilder()
                                .setConfig(WorkerConfig.newBuilder().setToken("x".repeat(100)))
                                .build());
        for (ToWorker message : messages) {
            assertThat(parse(message.toByteArray())).isEqualTo(new Incoming.Message(message));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void neverReadsAnAckThatProtobufWouldNotRead(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = ack(random.nextLong() >>> random.nextInt(64));
            int changes = random.nextInt(3);
            for (int change = 0; change < changes; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            byte[] sent = Arrays.copyOf(bytes, length);
            assertThat(meaning(sent)).as("seed %s, message %s", seed, i).isEqualTo(expected(sent));
        }
    }

    private String meaning(byte[] bytes) {
        try {
            return switch (parse(bytes)) {
                case Incoming.Ack ack -> "ack " + ack.batch();
                case Incoming.Message message -> words(message.message());
            };
        } catch (StatusRuntimeException e) {
            return "no message";
        }
    }

    private static String expected(byte[] bytes) {
        try {
            return words(ToWorker.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            return "no message";
        }
    }

    private static String words(ToWorker message) {
        return message.hasAck() ? "ack " + message.getAck().getBatch() : message.toString();
    }

    private Incoming parse(byte[] bytes) {
        return marshaller.parse(new ByteArrayInputStream(bytes));
    }

    private static byte[] ack(long number) {
        return ToWorker.newBuilder()
                .setAck(Ack.newBuilder().setBatch(number))
                .build()
                .toByteArray();
    }
}
