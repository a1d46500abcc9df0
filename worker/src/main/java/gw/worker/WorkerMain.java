package gw.worker;

import gw.model.LinkVersion;
import gw.proto.v1.Attach;
import gw.worker.link.SupervisorLink;
import gw.worker.socket.Transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;

import java.time.InstantSource;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The worker process. */
public final class WorkerMain {
    private static final int USAGE = 2;
    private static final int LEAVE_MILLIS = 2_000;

    /**
     * It warns of each Unix socket that TCP's keep-alive means nothing there; held, or forgotten.
     */
    private static final Logger BOOTSTRAP = Logger.getLogger("io.netty.bootstrap");

    private WorkerMain() {}

    /** Runs until the supervisor says stop, or is gone for too long. */
    public static void main(String[] args) throws InterruptedException {
        BOOTSTRAP.setLevel(Level.SEVERE);
        WorkerArguments arguments;
        try {
            arguments = WorkerArguments.of(args);
        } catch (IllegalArgumentException e) {
            System.err.println("gw-worker: " + e.getMessage() + "\n" + WorkerArguments.USAGE);
            System.exit(USAGE);
            return;
        }
        InstantSource clock = InstantSource.system();
        Transport transport = Transport.best();
        EventLoopGroup group = transport.group(1, "gw-worker");
        EventLoop loop = group.next();
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger status = new AtomicInteger();
        SplittableRandom random = new SplittableRandom();
        Worker worker =
                new Worker(
                        transport,
                        loop,
                        clock,
                        System::nanoTime,
                        random,
                        new WorkerLog(System.out, clock),
                        code -> {
                            status.set(code);
                            over.countDown();
                        });
        SupervisorLink link =
                new SupervisorLink(
                        group,
                        loop,
                        transport.unixChannel(),
                        arguments.socket(),
                        attach(arguments),
                        arguments.orphanTimeout(),
                        worker,
                        random);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(loop, worker, over)));
        loop.execute(() -> worker.start(link));
        over.await();
        System.exit(status.get());
    }

    /** SIGTERM: the sessions must stay resumable. After an ordinary end there is nothing to do. */
    private static void leave(EventLoop loop, Worker worker, CountDownLatch over) {
        loop.execute(() -> worker.leave(LEAVE_MILLIS, false));
        try {
            var _ = over.await(LEAVE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Attach attach(WorkerArguments arguments) {
        String version = WorkerMain.class.getPackage().getImplementationVersion();
        return Attach.newBuilder()
                .setLinkVersion(LinkVersion.CURRENT)
                .setCluster(arguments.cluster())
                .setIncarnation(arguments.incarnation())
                .setPid(ProcessHandle.current().pid())
                .setVersion(Objects.requireNonNullElse(version, "dev"))
                .build();
    }
}
