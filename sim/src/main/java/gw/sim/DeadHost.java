package gw.sim;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A host that takes connections and never says a word, for a while. Owned by the event loop. */
final class DeadHost {
    private final EventLoop loop;
    private final List<Channel> waiting = new ArrayList<>();
    private int deaths;

    DeadHost(EventLoop loop) {
        this.loop = loop;
    }

    void dieFor(Duration duration) {
        deaths++;
        var _ = loop.schedule(this::revive, duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether a request of this channel is never answered. */
    boolean swallows(Channel channel) {
        if (deaths == 0) {
            return false;
        }
        waiting.add(channel);
        var _ = channel.closeFuture().addListener(_ -> waiting.remove(channel));
        return true;
    }

    /** A host that came back knows nothing of its old connections. */
    private void revive() {
        deaths--;
        if (deaths == 0) {
            for (Channel channel : List.copyOf(waiting)) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                var _ = channel.close();
            }
        }
    }
}
