package gw.sim.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

import org.jspecify.annotations.NullMarked;

import java.util.ArrayList;
import java.util.List;

/** A connection's messages as the sim sends them, for benchmarks of other packages. */
@NullMarked
public final class CompressedStream {
    private CompressedStream() {}

    /**
     * Compresses payloads one after another in one context.
     *
     * @param kind a name of {@link OutboundCompressor.Kind}
     */
    public static List<byte[]> of(String kind, List<byte[]> payloads) {
        List<byte[]> messages = new ArrayList<>(payloads.size());
        try (OutboundCompressor compressor =
                new OutboundCompressor(OutboundCompressor.Kind.valueOf(kind))) {
            for (byte[] payload : payloads) {
                ByteBuf message = compressor.compress(ByteBufAllocator.DEFAULT, payload);
                messages.add(ByteBufUtil.getBytes(message));
                message.release();
            }
        }
        return messages;
    }
}
