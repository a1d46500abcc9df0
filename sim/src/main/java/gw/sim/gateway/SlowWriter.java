package gw.sim.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Lets bytes out a few at a time, until it is removed. Owned by the event loop. */
final class SlowWriter extends ChannelOutboundHandlerAdapter {
    private static final int MAX_PIECE_BYTES = 12;
    private static final long TICK_MILLIS = 1;

    private record Waiting(ByteBuf bytes, ChannelPromise promise) {}

    private final SplittableRandom random;
    private final Runnable drained;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private @Nullable ScheduledFuture<?> ticks;

    /** {@code drained} is called each time that nothing waits any more. */
    SlowWriter(SplittableRandom random, Runnable drained) {
        this.random = random;
        this.drained = drained;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ticks =
                ctx.executor()
                        .scheduleAtFixedRate(
                                () -> tick(ctx), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (ticks != null) {
            var _ = ticks.cancel(false);
        }
        writeAll(ctx);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            queue.addLast(new Waiting(bytes, promise));
        } else {
            var _ = ctx.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        // Each tick flushes its own.
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        writeAll(ctx);
        var _ = ctx.close(promise);
    }

    private void tick(ChannelHandlerContext ctx) {
        Waiting first = queue.peekFirst();
        if (first == null) {
            return;
        }
        int piece = 1 + random.nextInt(MAX_PIECE_BYTES);
        if (first.bytes().readableBytes() > piece) {
            var _ = ctx.writeAndFlush(first.bytes().readRetainedSlice(piece));
            return;
        }
        queue.removeFirst();
        var _ = ctx.writeAndFlush(first.bytes(), first.promise());
        if (queue.isEmpty()) {
            drained.run();
        }
    }

    private void writeAll(ChannelHandlerContext ctx) {
        for (Waiting waiting = queue.pollFirst(); waiting != null; waiting = queue.pollFirst()) {
            var _ = ctx.write(waiting.bytes(), waiting.promise());
        }
        ctx.flush();
    }
}
