package gw.sim.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.Deflater;

/** Messages that no client should survive by luck. Owned by the event loop. */
final class HostileMessages {
    /** How large a bomb is when nobody stops it. */
    static final int BOMB_BYTES = 256 * 1024 * 1024;

    private static final int MAX_GARBAGE_BYTES = 512;
    private static final int NESTED = 100_000;
    private static final int DEFLATE_BLOCK_BYTES = 1024 * 1024;
    private static final int ZSTD_BLOCK_BYTES = 128 * 1024;
    private static final String BOMB_HEAD =
            "{\"t\":\"MESSAGE_CREATE\",\"s\":1,\"op\":0,\"d\":{\"content\":\"";
    private static final String TRUNCATED =
            "{\"t\":\"MESSAGE_CREATE\",\"s\":1,\"op\":0,\"d\":{\"content\":\"this never ends\"}}";

    /**
     * None of these moves a client's sequence on: what it takes by mistake must not hide a real
     * event.
     */
    private static final List<String> ENVELOPES =
            List.of(
                    "{\"t\":\"HOSTILE\",\"s\":1,\"d\":{}}",
                    "{\"t\":\"HOSTILE\",\"s\":null,\"op\":0,\"d\":"
                            + "[".repeat(NESTED)
                            + "]".repeat(NESTED)
                            + "}",
                    "{\"t\":\"HOSTILE\",\"s\":\"1\",\"op\":0,\"d\":{}}",
                    "{\"t\":\"HOSTILE\",\"s\":18446744073709551617,\"op\":0,\"d\":{}}",
                    "{\"t\":\"HOSTILE\",\"s\":1,\"op\":0,\"op\":7,\"s\":1,\"d\":{}}",
                    "[]",
                    "\"op\"",
                    "null",
                    "{\"t\":\"HOSTILE\",\"s\":1,\"op\":0,\"d\":{\"content\":\"never closed");

    private final SplittableRandom random;
    private int nextEnvelope;

    HostileMessages(SplittableRandom random) {
        this.random = random;
    }

    void garbage(FrameWriter to) {
        byte[] bytes = new byte[1 + random.nextInt(MAX_GARBAGE_BYTES)];
        random.nextBytes(bytes);
        to.message(Unpooled.wrappedBuffer(bytes), true);
    }

    void truncated(FrameWriter to) {
        byte[] json = TRUNCATED.getBytes(StandardCharsets.US_ASCII);
        boolean binary = to.binary(json);
        to.half(to.compressed(json), binary);
    }

    /** The next of the variants in turn. */
    void envelope(FrameWriter to) {
        to.payload(ENVELOPES.get(nextEnvelope).getBytes(StandardCharsets.US_ASCII));
        nextEnvelope = (nextEnvelope + 1) % ENVELOPES.size();
    }

    /**
     * Compressed blocks put together by hand, after which the connection's stream is of no use any
     * more. A client that asked for no compression gets a zlib document that it never asked for.
     */
    void bomb(FrameWriter to) {
        byte[] head = BOMB_HEAD.getBytes(StandardCharsets.US_ASCII);
        ByteBuf bomb =
                switch (to.kind()) {
                    case ZSTD_STREAM -> zstdBlocks(to.compressed(head));
                    case ZLIB_STREAM -> deflateBlocks(to.compressed(head));
                    case NONE, PAYLOAD ->
                            deflateBlocks(Unpooled.buffer().writeByte(0x78).writeByte(0x01));
                };
        to.message(bomb, true);
    }

    /** RLE blocks: four bytes each. */
    private static ByteBuf zstdBlocks(ByteBuf out) {
        for (int i = 0; i < BOMB_BYTES / ZSTD_BLOCK_BYTES; i++) {
            out.writeMediumLE(ZSTD_BLOCK_BYTES << 3 | 1 << 1);
            out.writeByte('a');
        }
        return out;
    }

    private static ByteBuf deflateBlocks(ByteBuf out) {
        byte[] plain = new byte[DEFLATE_BLOCK_BYTES];
        Arrays.fill(plain, (byte) 'a');
        byte[] block = new byte[8 * 1024];
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(plain);
            int length = deflater.deflate(block, 0, block.length, Deflater.SYNC_FLUSH);
            for (int i = 0; i < BOMB_BYTES / DEFLATE_BLOCK_BYTES; i++) {
                out.writeBytes(block, 0, length);
            }
        } finally {
            deflater.end();
        }
        return out;
    }
}
