package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DataFormatException;

/** A WebSocket client that shows everything and does nothing by itself. */
final class RawClient {
    static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A WebSocket message; {@code frames} says in how many pieces it came. */
    @SuppressWarnings("ArrayRecordComponent")
    record Message(boolean binary, int frames, byte[] bytes) {}

    /** A decoded payload: its exact bytes, and what they say. */
    @SuppressWarnings("ArrayRecordComponent")
    record Payload(byte[] bytes, JsonNode json) {
        int op() {
            return json.path("op").asInt(-1);
        }

        String name() {
            return json.path("t").asString("");
        }

        long sequence() {
            return json.path("s").asLong(-1);
        }

        JsonNode d() {
            return json.path("d");
        }
    }

    private final PayloadInflater inflater;
    private final BlockingQueue<Payload> payloads = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final CompletableFuture<Integer> upgraded = new CompletableFuture<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Channel channel;
    private volatile String sessionId = "";

    private RawClient(EventLoopGroup group, URI url, String compress) {
        this.inflater = new PayloadInflater(compress);
        WebSocketClientHandshaker handshaker =
                WebSocketClientHandshakerFactory.newHandshaker(
                        url,
                        WebSocketVersion.V13,
                        null,
                        false,
                        new DefaultHttpHeaders(),
                        64 * 1024 * 1024);
        var connecting =
                new Bootstrap()
                        .group(group)
                        .channel(NioSocketChannel.class)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel ch) {
                                        ch.pipeline()
                                                .addLast(new ReadCounter())
                                                .addLast(new HttpClientCodec())
                                                .addLast(new HttpObjectAggregator(64 * 1024))
                                                .addLast(new Frames(handshaker));
                                    }
                                })
                        .connect(url.getHost(), url.getPort());
        this.channel = connecting.channel();
        var _ =
                connecting.addListener(done -> {
                    if (!done.isSuccess()) {
                        upgraded.completeExceptionally(done.cause());
                    }
                });
    }

    /** Connects and returns at once. {@code query} begins with "?". */
    static RawClient dial(EventLoopGroup group, String url, String query) {
        String compress = query.contains("compress=") ? query.replaceFirst(".*compress=", "") : "";
        return new RawClient(group, URI.create(url + "/" + query), compress);
    }

    /** 101, or what else the server answered to the upgrade. */
    CompletableFuture<Integer> upgraded() {
        return upgraded;
    }

    RawClient awaitUpgrade() {
        assertThat(upgraded).succeedsWithin(PATIENCE).isEqualTo(101);
        return this;
    }

    void send(String json) {
        var _ = channel.writeAndFlush(new TextWebSocketFrame(json));
    }

    void sendBinary(byte[] bytes) {
        var _ = channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
    }

    void heartbeat(long sequence) {
        send("{\"op\":1,\"d\":" + sequence + "}");
    }

    void identify(String token, int shardId, int shardCount) {
        send(identifyJson(token, shardId, shardCount, ""));
    }

    static String identifyJson(String token, int shardId, int shardCount, String more) {
        return ("{\"op\":2,\"d\":{\"token\":\"%s\",\"intents\":513,\"shard\":[%d,%d],%s"
                        + "\"properties\":{\"os\":\"linux\",\"browser\":\"t\",\"device\":\"t\"}}}")
                .formatted(token, shardId, shardCount, more);
    }

    void resume(String token, String session, long sequence) {
        send(
                "{\"op\":6,\"d\":{\"token\":\"%s\",\"session_id\":\"%s\",\"seq\":%d}}"
                        .formatted(token, session, sequence));
    }

    /** Sends a close frame; the server is to end the connection. */
    void close(int code) {
        var _ = channel.writeAndFlush(new CloseWebSocketFrame(true, 0, closeBody(code)));
    }

    private static ByteBuf closeBody(int code) {
        return Unpooled.buffer(2).writeShort(code);
    }

    /** Ends the TCP connection without a close frame. */
    void vanish() {
        channel.close().awaitUninterruptibly(PATIENCE.toMillis());
    }

    Payload next() {
        return take(payloads);
    }

    Message nextMessage() {
        return take(messages);
    }

    private <T> T take(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionError(
                        "nothing came; close code " + closeCode.getNow(0) + ", end " + end);
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next payload with this op; others before it are thrown away. */
    Payload nextOp(int op) {
        Payload next = next();
        while (next.op() != op) {
            next = next();
        }
        return next;
    }

    List<Payload> dispatches(int count) {
        List<Payload> got = new ArrayList<>();
        while (got.size() < count) {
            got.add(nextOp(0));
        }
        return got;
    }

    /** READY and each GUILD_CREATE that it announces. */
    List<Payload> awaitReady() {
        Payload ready = nextOp(0);
        assertThat(ready.name()).isEqualTo("READY");
        sessionId = ready.d().path("session_id").asString();
        List<Payload> all = new ArrayList<>(List.of(ready));
        all.addAll(dispatches(ready.d().path("guilds").size()));
        return all;
    }

    String sessionId() {
        return sessionId;
    }

    @Nullable Payload poll(Duration within) throws InterruptedException {
        return payloads.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Nullable Payload tryPayload() {
        return payloads.poll();
    }

    /** A message that is here already. */
    @Nullable Message tryMessage() {
        return messages.poll();
    }

    int closeCode() {
        assertThat(closeCode).succeedsWithin(PATIENCE);
        return closeCode.join();
    }

    /** How the connection ended: "closed", or the error's words. */
    String end() {
        assertThat(end).succeedsWithin(PATIENCE);
        return end.join();
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Into how many reads the bytes came so far. */
    int reads() {
        return reads.get();
    }

    private final class ReadCounter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            reads.incrementAndGet();
            ctx.fireChannelRead(message);
        }
    }

    private final class Frames extends SimpleChannelInboundHandler<Object> {
        private final WebSocketClientHandshaker handshaker;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private boolean binary;
        private int frames;

        Frames(WebSocketClientHandshaker handshaker) {
            this.handshaker = handshaker;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            var _ = handshaker.handshake(ctx.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Object in) {
            switch (in) {
                case FullHttpResponse response -> {
                    if (response.status().code() == 101) {
                        handshaker.finishHandshake(ctx.channel(), response);
                    }
                    upgraded.complete(response.status().code());
                }
                case CloseWebSocketFrame close -> {
                    closeCode.complete(close.statusCode());
                    var _ = ctx.close();
                }
                case WebSocketFrame frame -> frame(frame);
                default -> throw new IllegalStateException("what is " + in);
            }
        }

        private void frame(WebSocketFrame frame) {
            if (frames == 0) {
                binary = frame instanceof BinaryWebSocketFrame;
            }
            frames++;
            message.writeBytes(ByteBufUtil.getBytes(frame.content()));
            if (frame.isFinalFragment()) {
                Message whole = new Message(binary, frames, message.toByteArray());
                message.reset();
                frames = 0;
                messages.add(whole);
                decode(whole);
            }
        }

        private void decode(Message whole) {
            // What is meant to hurt is looked at by its test alone.
            if (whole.bytes().length > 4 * 1024 * 1024) {
                return;
            }
            try {
                byte[] plain = inflater.inflate(whole.binary(), whole.bytes());
                if (plain.length > 0) {
                    payloads.add(new Payload(plain, json(plain)));
                }
            } catch (DataFormatException | RuntimeException e) {
                byte[] reason = e.toString().getBytes(StandardCharsets.UTF_8);
                payloads.add(new Payload(reason, JSON.missingNode()));
            }
        }

        private JsonNode json(byte[] plain) {
            try {
                return JSON.readTree(plain);
            } catch (JacksonException e) {
                return JSON.missingNode();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            inflater.close();
            end.complete("closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            end.complete(String.valueOf(cause.getMessage()));
            var _ = ctx.close();
        }
    }
}
