package gw.worker.socket;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * One connection to the gateway. All methods are called on its event loop; after the end they do
 * nothing.
 */
public final class GatewaySocket {
    private static final long CLOSE_WAIT_MILLIS = 1_000;

    private final EventLoop loop;
    private final SocketListener listener;
    private @Nullable Channel channel;
    private @Nullable SocketClose wanted;
    private boolean open;
    private boolean over;
    private boolean reading = true;

    GatewaySocket(EventLoop loop, SocketListener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /**
     * Sends one text message.
     *
     * @param json UTF-8, at most 4096 bytes (the caller has checked it); not changed afterwards
     * @param written runs on the event loop once the bytes are handed to the kernel; not when that
     *     fails
     */
    public void send(byte[] json, Runnable written) {
        Channel current = channel;
        if (!live() || current == null) {
            return;
        }
        var _ =
                current.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(json)))
                        .addListener(sent -> {
                            if (sent.isSuccess() && !over) {
                                written.run();
                            }
                        });
    }

    /** Sends a close frame with this code and closes, at the latest a second later. */
    public void close(int code, String reason) {
        if (over || wanted != null) {
            return;
        }
        wanted = new SocketClose(SocketClose.Cause.LOCAL, code, reason);
        Channel current = channel;
        if (!open || current == null) {
            breakOff();
            return;
        }
        // Reading goes on, or the other side's close would never be seen.
        current.config().setAutoRead(true);
        var _ = current.writeAndFlush(new CloseWebSocketFrame(code, reason));
        var _ = loop.schedule(this::breakOff, CLOSE_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Breaks the connection without a word. */
    public void abort(String reason) {
        fail(new SocketClose(SocketClose.Cause.LOCAL, 0, reason));
    }

    /** Stops or goes on reading: backpressure. */
    public void reading(boolean enabled) {
        reading = enabled;
        if (channel != null && open && wanted == null) {
            channel.config().setAutoRead(enabled);
        }
    }

    /** Whether payloads still go to the listener. */
    boolean live() {
        return open && !over && wanted == null;
    }

    boolean over() {
        return over;
    }

    /** The TCP connection came to be; false when it isn't wanted any more. */
    boolean connected(Channel newChannel) {
        if (over) {
            return false;
        }
        channel = newChannel;
        return true;
    }

    void upgraded() {
        if (over) {
            return;
        }
        open = true;
        if (!reading && channel != null) {
            channel.config().setAutoRead(false);
        }
        listener.opened();
    }

    /** The other side's close frame; its echo is sent and the connection ends. */
    void remoteClose(int code, String reason) {
        fail(new SocketClose(SocketClose.Cause.REMOTE, code, reason));
    }

    /** Ends the connection for this reason, unless an earlier one stands. */
    void fail(SocketClose why) {
        if (wanted == null) {
            wanted = why;
        }
        breakOff();
    }

    /** The channel is gone. */
    void disconnected() {
        fail(
                new SocketClose(
                        open ? SocketClose.Cause.TRANSPORT : SocketClose.Cause.CONNECT_FAILED,
                        0,
                        open ? "connection lost" : "connection closed before the upgrade"));
    }

    private void breakOff() {
        if (over) {
            return;
        }
        over = true;
        if (channel != null) {
            var _ = channel.close();
        }
        SocketClose why =
                wanted == null
                        ? new SocketClose(SocketClose.Cause.TRANSPORT, 0, "connection lost")
                        : wanted;
        // Never within a call of the caller's: it may be in the middle of a transition.
        loop.execute(() -> listener.closed(why));
    }
}
