package gw.bench.parts;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

/** JMH makes one by name and runs the benchmarks in it. */
public final class EventLoopThreads extends MultiThreadIoEventLoopGroup {
    static final String NAME = "gw-part";

    /** As JMH wants it. */
    public EventLoopThreads(int threads, String prefix) {
        super(threads, new DefaultThreadFactory(NAME, true), LocalIoHandler.newFactory());
    }
}
