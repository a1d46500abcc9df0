package gw.supervisor.delivery.http;

import gw.bench.parts.Part;
import gw.bench.parts.Records;
import gw.model.Secret;
import gw.record.RecordView;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** One POST, from the record to the bytes that are written. */
@NullMarked
public class RequestEncode extends Part {
    private static final int DIFFERENT = 256;

    private final byte[] encoded = Records.batches(EVENT_BYTES, DIFFERENT, DIFFERENT).getFirst();
    private final RecordView view = new RecordView();
    private final RequestEncoder encoder = encoder();
    private int at;

    private static RequestEncoder encoder() {
        URI url = URI.create("http://127.0.0.1:8080/events");
        Duration timeout = Duration.ofSeconds(10);
        HttpSinkSettings settings =
                new HttpSinkSettings(
                        url,
                        Optional.of(Secret.of("a secret of some length")),
                        timeout,
                        timeout,
                        "gw/0.1.0",
                        false);
        return new RequestEncoder(Target.of(url), settings);
    }

    /** With the channel's allocator; the buffer is given back at once. */
    @Benchmark
    public int encode() {
        at = view.wrapChecked(encoded, at == encoded.length ? 0 : at);
        ByteBuf request = encoder.encode(ByteBufAllocator.DEFAULT, view, 1, 0);
        int length = request.readableBytes() + request.getByte(request.writerIndex() - 1);
        request.release();
        return length;
    }
}
