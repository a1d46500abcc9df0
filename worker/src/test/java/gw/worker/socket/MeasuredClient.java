package gw.worker.socket;

import com.sun.management.OperatingSystemMXBean;

import gw.model.TransportCompression;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A worker's sockets without the rest of a worker, measured from within; prints "name value" lines.
 */
final class MeasuredClient implements SocketListener {
    private static final int[] SIZES = {400, 1_200, 8_192};

    private final EventLoopGroup group = Transport.best().group(1, "gw-worker");
    private final EventLoop loop = group.next();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final List<GatewaySocket> open = new ArrayList<>();
    private final String url;
    private final GatewaySockets sockets;
    private final long loopThread;
    private long events;
    private long awaited = Long.MAX_VALUE;

    private MeasuredClient(String directory, String provider, String port)
            throws IOException, GeneralSecurityException, ExecutionException, InterruptedException {
        boolean plain = provider.equals("plain");
        url = (plain ? "ws" : "wss") + "://localhost:" + port;
        loopThread = loop.submit(() -> Thread.currentThread().threadId()).get();
        long cpu = processCpu();
        long start = System.nanoTime();
        SslContext tls =
                plain
                        ? GatewayTls.client(SslProvider.JDK, null)
                        : GatewayTls.client(
                                SslProvider.valueOf(provider),
                                TestCertificates.open(Path.of(directory)).trust());
        sockets =
                new GatewaySockets(
                        Transport.best(),
                        loop,
                        Duration.ofSeconds(20),
                        1024 * 1024,
                        _ -> {},
                        () -> tls);
        print("start/context wall ms", millis(System.nanoTime() - start));
        connect();
        print("start/to first open wall ms", millis(System.nanoTime() - start));
        print("start/to first open CPU ms", millis(processCpu() - cpu));
        print("start/RSS MiB", status("VmRSS") / 1024.0);
    }

    /** Arguments: directory with the keys, provider or "plain", port, what to measure. */
    static void run(String directory, String provider, String port, String what)
            throws IOException, GeneralSecurityException, ExecutionException, InterruptedException {
        MeasuredClient client = new MeasuredClient(directory, provider, port);
        switch (what) {
            case "flow" -> client.flows();
            case "handshake" -> client.handshakes();
            default -> client.idle(Integer.parseInt(what));
        }
        client.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void flows() throws InterruptedException {
        connect(25);
        for (int size : SIZES) {
            var _ = flow(size, 0, 100_000);
        }
        for (int size : SIZES) {
            measure(size, 2_000, 6_000);
            measure(size, 10_000, 25_000);
            measure(size, 0, 60_000);
        }
        print("after all that/RSS MiB", status("VmRSS") / 1024.0);
    }

    private void measure(int bytes, int perSecond, int count) throws InterruptedException {
        String name = bytes + " B " + (perSecond == 0 ? "burst" : perSecond + "/s");
        Cost cost = flow(bytes, perSecond, count);
        print(name + "/loop CPU us per event", cost.loopNanos / 1e3 / count);
        print(name + "/process CPU us per event", cost.processNanos / 1e3 / count);
    }

    private record Cost(long loopNanos, long processNanos) {}

    private Cost flow(int bytes, int perSecond, int count) throws InterruptedException {
        long loopBefore = loopCpu();
        long before = processCpu();
        byte[] order = (bytes + " " + perSecond + " " + count).getBytes(StandardCharsets.US_ASCII);
        loop.execute(() -> {
            awaited = events + count;
            open.getFirst().send(order, () -> {});
        });
        await("all");
        return new Cost(loopCpu() - loopBefore, processCpu() - before);
    }

    private void handshakes() throws InterruptedException {
        shake(300);
        int count = 300;
        long before = processCpu();
        long loopBefore = loopCpu();
        shake(count);
        print("handshake/process CPU us", (processCpu() - before) / 1e3 / count);
        print("handshake/loop CPU us", (loopCpu() - loopBefore) / 1e3 / count);
    }

    private void shake(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            connect();
            loop.execute(() -> open.removeLast().abort("measured"));
            await("closed");
        }
    }

    private void idle(int connections) throws InterruptedException {
        connect(connections);
        var _ = flow(1_200, 0, 40 * connections);
        System.gc();
        System.gc();
        // The memory that nobody uses goes back in the meantime.
        var _ = new CountDownLatch(1).await(1, TimeUnit.SECONDS);
        String name = "idle " + connections;
        print(name + "/RSS MiB", status("VmRSS") / 1024.0);
        print(name + "/anonymous RSS MiB", status("RssAnon") / 1024.0);
        print(name + "/direct KiB", directBytes() / 1024);
        print(
                name + "/heap used KiB",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0);
    }

    private static double directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private void connect(int connections) throws InterruptedException {
        while (open.size() < connections) {
            connect();
        }
    }

    private void connect() throws InterruptedException {
        loop.execute(() -> open.add(sockets.connect(url, 10, TransportCompression.NONE, this)));
        await("opened");
    }

    private void await(String expected) throws InterruptedException {
        String line = heard.poll(60, TimeUnit.SECONDS);
        if (!expected.equals(line)) {
            throw new IllegalStateException(line + " (expected: " + expected + ")");
        }
    }

    private long loopCpu() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(loopThread);
    }

    private static long processCpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double status(String field) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static void print(String name, double value) {
        System.out.printf(Locale.ROOT, "%s = %.3f%n", name, value);
    }

    @Override
    public void opened() {
        heard.add("opened");
    }

    @Override
    public void inbound() {}

    @Override
    public void payload(byte[] bytes, int offset, int length) {
        if (++events == awaited) {
            heard.add("all");
        }
    }

    @Override
    public void readComplete() {}

    @Override
    public void closed(SocketClose close) {
        heard.add(close.reason().equals("measured") ? "closed" : "closed: " + close.reason());
    }
}
