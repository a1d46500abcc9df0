package gw.bench.parts;

import gw.model.TransportCompression;
import gw.sim.gateway.CompressedStream;
import gw.sim.gateway.SimEvent;
import gw.worker.codec.CodecException;
import gw.worker.codec.PayloadBuffer;
import gw.worker.codec.PayloadDecoder;
import gw.worker.codec.PayloadSink;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One message of a connection's stream. At the stream's end a new connection begins with it. */
public class Inflate extends Part {
    private static final int MESSAGES = 4_096;
    private static final long MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

    @Param({"ZLIB_STREAM", "ZSTD_STREAM"})
    TransportCompression compression = TransportCompression.ZLIB_STREAM;

    private final PayloadBuffer shared = new PayloadBuffer(MAX_MESSAGE_BYTES);
    private List<byte[]> messages = List.of();
    private PayloadDecoder decoder = connection();
    private int at;
    private byte last;
    private final PayloadSink sink = (bytes, offset, length) -> last = bytes[offset + length - 1];

    private PayloadDecoder connection() {
        return PayloadDecoder.create(compression, shared, MAX_MESSAGE_BYTES);
    }

    /** Compresses the stream, and checks that it can be read. */
    @Setup
    public void compress() throws CodecException {
        List<byte[]> payloads = new ArrayList<>(MESSAGES);
        for (SimEvent event : Payloads.events(EVENT_BYTES, MESSAGES)) {
            payloads.add(Payloads.message(event, payloads.size()));
        }
        messages = CompressedStream.of(compression.name(), payloads);
        reconnect();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] payload = payloads.get(i);
            byte[] message = messages.get(i);
            decoder.message(
                    true,
                    message,
                    0,
                    message.length,
                    (bytes, offset, length) -> {
                        if (!Arrays.equals(
                                bytes, offset, offset + length, payload, 0, payload.length)) {
                            throw new IllegalStateException("not what was compressed");
                        }
                    });
        }
        reconnect();
    }

    /** One. */
    @Benchmark
    public byte inflate() throws CodecException {
        if (at == MESSAGES) {
            reconnect();
        }
        byte[] message = messages.get(at++);
        decoder.message(true, message, 0, message.length, sink);
        return last;
    }

    private void reconnect() {
        decoder.close();
        decoder = connection();
        at = 0;
    }

    /** Frees what isn't Java's. */
    @TearDown
    public void close() {
        decoder.close();
    }
}
