package gw.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.WorkerConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What is not acked stays as it was written, though its memory is used again (P1). */
class UnackedWindowTest {
    private static final class Silent implements LinkListener {
        @Override
        public void configured(WorkerConfig config) {}

        @Override
        public void refused(String reason) {}

        @Override
        public void orphaned() {}

        @Override
        public void turn(int shardId) {}

        @Override
        public void granted(int shardId, long grantId, long expiresAtMillis) {}

        @Override
        public void restart(int shardId, boolean fresh) {}

        @Override
        public void shutdown(int withinMillis, boolean endSessions) {}

        @Override
        public void held(boolean on) {}

        @Override
        public void durable(int shardId, String sessionId, long sequence) {}

        @Override
        public void windowMoved() {}

        @Override
        public void trouble(String what) {}
    }

    private record Sent(Batch batch, byte fill) {}

    @Test
    void usesAChunkAgainOnceAllInItIsAcked() {
        UnackedWindow window = new UnackedWindow();
        RecordChunk chunk = window.chunk(10);
        window.add(window.batch(chunk, 0, 5));
        window.add(window.batch(chunk, 5, 5));
        window.full(chunk);
        assertThat(window.chunk(10)).isNotSameAs(chunk);
        assertThat(window.acked(1, new Silent())).isTrue();
        assertThat(window.chunk(10)).isNotSameAs(chunk);
        assertThat(window.acked(2, new Silent())).isTrue();
        assertThat(window.chunk(10)).isSameAs(chunk);
    }

    /** P7: batches that wait to be used again would hold on to the chunks of a burst. */
    @Test
    void aBatchThatWaitsToBeUsedAgainHoldsNoMemory() throws Exception {
        UnackedWindow window = new UnackedWindow();
        Batch batch = window.batch(window.chunk(300_000), 0, 300_000);
        window.add(batch);
        InputStream bytes = batch.bytes();
        assertThat(bytes.available()).isGreaterThan(300_000);
        assertThat(window.acked(1, new Silent())).isTrue();
        assertThat(batch.chunk().bytes()).isEmpty();
        assertThat(bytes.available()).isZero();
        assertThat(window.batch(window.chunk(10), 0, 10)).isSameAs(batch);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nothingIsWrittenOverBeforeItsAck(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        UnackedWindow window = new UnackedWindow();
        ArrayDeque<Sent> unacked = new ArrayDeque<>();
        RecordChunk chunk = window.chunk(1);
        int at = 0;
        long acked = 0;
        for (int i = 0; i < 5_000; i++) {
            int length = random.nextInt(100) == 0 ? 300_000 : 1 + random.nextInt(20_000);
            if (chunk.bytes().length - at < length) {
                window.full(chunk);
                chunk = window.chunk(length);
                at = 0;
            }
            byte fill = (byte) i;
            Arrays.fill(chunk.bytes(), at, at + length, fill);
            Batch batch = window.batch(chunk, at, length);
            batch.mark(1, "s", i);
            window.add(batch);
            unacked.addLast(new Sent(batch, fill));
            at += length;
            int acks = random.nextInt(unacked.size() > 20 ? 20 : 2);
            for (int j = 0; j < acks && !unacked.isEmpty(); j++) {
                Sent sent = unacked.removeFirst();
                int from = sent.batch().from();
                byte[] expected = new byte[sent.batch().length()];
                Arrays.fill(expected, sent.fill());
                assertThat(
                                Arrays.equals(
                                        sent.batch().chunk().bytes(),
                                        from,
                                        from + expected.length,
                                        expected,
                                        0,
                                        expected.length))
                        .as("seed %s, batch %s is as it was", seed, i)
                        .isTrue();
                acked++;
                assertThat(window.acked(acked, new Silent())).isTrue();
            }
        }
        assertThat(window.acked(acked + unacked.size(), new Silent())).isTrue();
        assertThat(window.isEmpty()).isTrue();
        assertThat(window.bytes()).isZero();
    }
}
