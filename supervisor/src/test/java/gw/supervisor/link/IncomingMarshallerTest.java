package gw.supervisor.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;

import gw.proto.v1.RecordBatch;
import gw.proto.v1.ShardUpdate;
import gw.proto.v1.ToSupervisor;

import io.grpc.StatusRuntimeException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Whatever a worker writes is read as protobuf reads it, or refused with words (P1). */
class IncomingMarshallerTest {
    private final IncomingMarshaller marshaller = new IncomingMarshaller();

    private static ToSupervisor batch(long number, byte[] records) {
        return ToSupervisor.newBuilder()
                .setBatch(
                        RecordBatch.newBuilder()
                                .setBatch(number)
                                .setRecords(ByteString.copyFrom(records)))
                .build();
    }

    private Incoming parse(byte[] bytes) {
        return marshaller.parse(new ByteArrayInputStream(bytes));
    }

    private static void assertRecords(Incoming incoming, long number, byte[] records) {
        assertThat(incoming).isInstanceOf(Incoming.Records.class);
        Incoming.Records one = (Incoming.Records) incoming;
        assertThat(one.number()).isEqualTo(number);
        assertThat(Arrays.copyOfRange(one.array(), one.from(), one.to())).isEqualTo(records);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 127, 128, 20_000, 200_000, 2_000_000})
    void readsRecordsOfAnySize(int length) {
        byte[] records = new byte[length];
        new SplittableRandom(length).nextBytes(records);
        assertRecords(parse(batch(length, records).toByteArray()), length, records);
        assertRecords(parse(batch(1, new byte[] {1}).toByteArray()), 1, new byte[] {1});
    }

    @Test
    void readsOtherMessages() {
        ToSupervisor shard =
                ToSupervisor.newBuilder().setShard(ShardUpdate.newBuilder().setShardId(3)).build();
        assertThat(parse(shard.toByteArray())).isEqualTo(new Incoming.Message(shard));
        assertThat(parse(new byte[0]))
                .isEqualTo(new Incoming.Message(ToSupervisor.getDefaultInstance()));
    }

    /** A newer worker may say more, and nobody promises the order of fields. */
    @Test
    void readsRecordsThatAreWrittenInAnotherWay() {
        byte[] records = {1, 2, 3};
        UnknownFieldSet more =
                UnknownFieldSet.newBuilder()
                        .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                        .build();
        ToSupervisor inner =
                ToSupervisor.newBuilder()
                        .setBatch(batch(5, records).getBatch().toBuilder().setUnknownFields(more))
                        .build();
        assertRecords(parse(inner.toByteArray()), 5, records);
        ToSupervisor outer =
                batch(5, records).toBuilder()
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                99,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(7)
                                                        .build())
                                        .build())
                        .build();
        assertRecords(parse(outer.toByteArray()), 5, records);
        // Records before their number.
        assertRecords(parse(new byte[] {0x12, 7, 0x12, 3, 1, 2, 3, 0x08, 5}), 5, records);
        // A number that is left out is 0, and so are records.
        assertRecords(parse(new byte[] {0x12, 5, 0x12, 3, 1, 2, 3}), 0, records);
        assertRecords(parse(new byte[] {0x12, 0}), 0, new byte[0]);
    }

    @Test
    void refusesWhatIsCut() {
        byte[] whole = batch(300, new byte[500]).toByteArray();
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> parse(cut))
                    .as("%s bytes", length)
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("no ToSupervisor");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void readsGarbageAsProtobufDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes =
                    batch(random.nextLong(1 << 20), new byte[random.nextInt(40)]).toByteArray();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(Math.min(bytes.length, 9))] = (byte) random.nextInt();
            }
            Incoming mine;
            try {
                mine = parse(bytes);
            } catch (StatusRuntimeException e) {
                assertThatThrownBy(() -> ToSupervisor.parseFrom(bytes))
                        .as("seed %s", seed)
                        .isNotNull();
                continue;
            }
            assertSame(mine, bytes, seed);
        }
    }

    private static void assertSame(Incoming mine, byte[] bytes, long seed) {
        ToSupervisor theirs;
        try {
            theirs = ToSupervisor.parseFrom(bytes);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(
                    "seed " + seed + ": protobuf refuses " + Arrays.toString(bytes), e);
        }
        if (theirs.hasBatch()) {
            assertRecords(
                    mine,
                    theirs.getBatch().getBatch(),
                    theirs.getBatch().getRecords().toByteArray());
        } else {
            assertThat(mine).isEqualTo(new Incoming.Message(theirs));
        }
    }
}
