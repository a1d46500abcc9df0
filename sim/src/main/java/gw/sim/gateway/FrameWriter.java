package gw.sim.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Turns payloads into frames: compressed, and cut up while a fault says so. Event loop only. */
final class FrameWriter {
    private static final int MAX_PIECES = 12;

    private final Channel channel;
    private final SplittableRandom random;
    private final Runnable roomAgain;
    private OutboundCompressor.Kind kind;
    private OutboundCompressor compressor;
    private int splitting;
    private boolean wholeMessages;
    private @Nullable SlowWriter slow;

    FrameWriter(
            Channel channel,
            OutboundCompressor.Kind kind,
            SplittableRandom random,
            Runnable roomAgain) {
        this.channel = channel;
        this.kind = kind;
        this.random = random;
        this.roomAgain = roomAgain;
        this.compressor = new OutboundCompressor(kind);
    }

    OutboundCompressor.Kind kind() {
        return kind;
    }

    /** From now on single payloads are compressed. */
    void compressPayloads() {
        if (kind == OutboundCompressor.Kind.NONE) {
            compressor.close();
            kind = OutboundCompressor.Kind.PAYLOAD;
            compressor = new OutboundCompressor(kind);
        }
    }

    /** Whether the socket takes more. */
    boolean hasRoom() {
        return channel.isWritable() && (slow == null || slow.isEmpty());
    }

    /** One message, not flushed. */
    void payload(byte[] json) {
        message(compressor.compress(channel.alloc(), json), compressor.binary(json.length));
    }

    /** The bytes that a payload becomes, compressed in the connection's context. */
    ByteBuf compressed(byte[] json) {
        return compressor.compress(channel.alloc(), json);
    }

    boolean binary(byte[] json) {
        return compressor.binary(json.length);
    }

    /** One message of these bytes, not flushed. */
    void message(ByteBuf bytes, boolean binary) {
        if (splitting > 0 && bytes.readableBytes() > 1) {
            split(bytes, binary);
        } else {
            write(binary ? new BinaryWebSocketFrame(bytes) : new TextWebSocketFrame(bytes));
        }
    }

    /** The first half of a message that never ends. */
    void half(ByteBuf bytes, boolean binary) {
        ByteBuf half = bytes.readRetainedSlice(bytes.readableBytes() / 2);
        bytes.release();
        write(first(half, binary, false));
    }

    /**
     * A zlib payload may also come in several messages, for it has an end of its own. The two ways
     * take turns.
     */
    private void split(ByteBuf bytes, boolean binary) {
        boolean stream = kind == OutboundCompressor.Kind.ZLIB_STREAM;
        boolean messages = stream && wholeMessages;
        wholeMessages = !wholeMessages;
        int pieces = Math.min(bytes.readableBytes(), 2 + random.nextInt(MAX_PIECES - 1));
        for (int piece = 0; piece < pieces; piece++) {
            boolean last = piece == pieces - 1;
            int most = bytes.readableBytes() - (pieces - 1 - piece);
            int length = last ? bytes.readableBytes() : 1 + random.nextInt(most);
            ByteBuf part = bytes.readRetainedSlice(length);
            if (messages) {
                write(new BinaryWebSocketFrame(part));
            } else if (piece == 0) {
                write(first(part, binary, last));
            } else {
                write(new ContinuationWebSocketFrame(last, 0, part));
            }
        }
        bytes.release();
    }

    private static WebSocketFrame first(ByteBuf bytes, boolean binary, boolean last) {
        return binary
                ? new BinaryWebSocketFrame(last, 0, bytes)
                : new TextWebSocketFrame(last, 0, bytes);
    }

    private void write(WebSocketFrame frame) {
        var _ = channel.write(frame, channel.voidPromise());
    }

    /** A close frame, flushed. Any code, even those that must not be sent. */
    void close(int code, String reason) {
        ByteBuf body = Unpooled.buffer(2 + reason.length());
        body.writeShort(code);
        body.writeCharSequence(reason, StandardCharsets.US_ASCII);
        var _ = channel.writeAndFlush(new CloseWebSocketFrame(true, 0, body));
    }

    void flush() {
        channel.flush();
    }

    /** Many fragments, for a while. */
    void splitFor(Duration duration) {
        splitting++;
        var _ =
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    splitting--;
                                },
                                duration.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    /** A few bytes at a time, for a while. */
    void slowFor(Duration duration) {
        if (slow != null) {
            return;
        }
        SlowWriter writer = new SlowWriter(random, roomAgain);
        slow = writer;
        channel.pipeline().addFirst(writer);
        var _ =
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    slow = null;
                                    if (channel.pipeline().context(writer) != null) {
                                        channel.pipeline().remove(writer);
                                    }
                                    roomAgain.run();
                                },
                                duration.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    /** Frees what the compressor holds. */
    void end() {
        compressor.close();
    }
}
