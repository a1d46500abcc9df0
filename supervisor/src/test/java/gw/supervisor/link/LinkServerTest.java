package gw.supervisor.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import gw.model.LinkVersion;
import gw.proto.v1.Attach;
import gw.proto.v1.IdentifyWanted;
import gw.proto.v1.LinkGrpc;
import gw.proto.v1.RecordBatch;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A worker is heard in order or told what it did wrong; the link never stalls in silence (P1). */
@Timeout(30)
class LinkServerTest implements LinkListener {
    @TempDir private Path dir;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoopGroup clientGroup =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private @Nullable LinkServer server;
    private @Nullable ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        Path socket = dir.resolve("link.sock");
        Files.writeString(socket, "left over");
        server = LinkServer.start(group, group.next(), socket, this, System::nanoTime);
        channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .channelType(EpollDomainSocketChannel.class)
                        .eventLoopGroup(clientGroup)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .build();
    }

    @AfterEach
    void stop() {
        if (channel != null) {
            channel.shutdownNow();
        }
        if (server != null) {
            server.close();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        clientGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void hearsAWorkerInOrderAndAcksWithCompany() throws Exception {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(dir.resolve("link.sock"))))
                .isEqualTo("rw-------");
        StreamObserver<ToSupervisor> worker = dial();
        worker.onNext(attach(LinkVersion.CURRENT));
        for (int i = 1; i <= 3; i++) {
            worker.onNext(batch(i, "r" + i));
        }
        worker.onNext(
                ToSupervisor.newBuilder()
                        .setIdentifyWanted(IdentifyWanted.newBuilder().setShardId(2))
                        .build());
        expect(heard, "attached 5", "batch 1 r1", "batch 2 r2", "batch 3 r3");
        expect(heard, "message IDENTIFY_WANTED");
        String ack = told.poll(5, TimeUnit.SECONDS);
        while (ack != null && !ack.equals("ack 3")) {
            ack = told.poll(5, TimeUnit.SECONDS);
        }
        assertThat(ack).isEqualTo("ack 3");
        worker.onCompleted();
        expect(heard, "closed the worker hung up");
    }

    /** An upgrade replaces one process after another: neighbours have to understand each other. */
    @Test
    void takesAWorkerOfTheVersionBefore() throws Exception {
        StreamObserver<ToSupervisor> worker = dial();
        worker.onNext(attach(LinkVersion.CURRENT - 1));
        worker.onNext(batch(1, "x"));
        expect(heard, "attached 5", "batch 1 x");
    }

    @Test
    void refusesAnyOtherVersionWithWords() throws Exception {
        dial().onNext(attach(LinkVersion.CURRENT - 2));
        expect(
                told,
                "refusal the worker speaks link version 0, this supervisor 1 to 2: one of this"
                        + " build takes its place; the sessions stay resumable");
        dial().onNext(attach(LinkVersion.CURRENT + 1));
        expect(
                told,
                "refusal the worker speaks link version 3, this supervisor 1 to 2: gw's build was"
                        + " replaced while it ran, restart gw; the sessions stay resumable");
        assertThat(heard).isEmpty();
    }

    @Test
    void resetsAWorkerThatDoesNotPresentItself() throws Exception {
        dial().onNext(batch(1, "x"));
        assertThat(told.poll(5, TimeUnit.SECONDS)).contains("first message is BATCH");
    }

    @Test
    void resetsOnAHoleBetweenBatchesAndOnASecondAttach() throws Exception {
        StreamObserver<ToSupervisor> worker = dial();
        worker.onNext(attach(LinkVersion.CURRENT));
        worker.onNext(batch(2, "x"));
        assertThat(told.poll(5, TimeUnit.SECONDS)).contains("batch 2 after batch 0");
        expect(heard, "attached 5", "closed batch 2 after batch 0");
        StreamObserver<ToSupervisor> again = dial();
        again.onNext(attach(LinkVersion.CURRENT));
        again.onNext(attach(LinkVersion.CURRENT));
        assertThat(told.poll(5, TimeUnit.SECONDS)).contains("a second Attach");
    }

    @Test
    void anExceptionWhileHandlingResetsTheLinkWithWords() throws Exception {
        StreamObserver<ToSupervisor> worker = dial();
        worker.onNext(attach(LinkVersion.CURRENT));
        worker.onNext(batch(1, "boom"));
        assertThat(told.poll(5, TimeUnit.SECONDS))
                .contains("while handling BATCH")
                .contains("boom");
    }

    @Test
    void survivesGarbageOnItsSocket() throws Exception {
        try (SocketChannel raw = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            raw.connect(UnixDomainSocketAddress.of(dir.resolve("link.sock")));
            raw.write(ByteBuffer.wrap("garbage".repeat(1000).getBytes(StandardCharsets.US_ASCII)));
        }
        StreamObserver<ToSupervisor> worker = dial();
        worker.onNext(attach(LinkVersion.CURRENT));
        expect(heard, "attached 5");
    }

    private static ToSupervisor attach(int version) {
        return ToSupervisor.newBuilder()
                .setAttach(Attach.newBuilder().setLinkVersion(version).setCluster(5))
                .build();
    }

    private static ToSupervisor batch(long number, String records) {
        return ToSupervisor.newBuilder()
                .setBatch(
                        RecordBatch.newBuilder()
                                .setBatch(number)
                                .setRecords(ByteString.copyFromUtf8(records)))
                .build();
    }

    private StreamObserver<ToSupervisor> dial() {
        return LinkGrpc.newStub(channel)
                .attach(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(ToWorker message) {
                                if (message.hasAck()) {
                                    told.add("ack " + message.getAck().getBatch());
                                } else if (message.hasRefusal()) {
                                    told.add("refusal " + message.getRefusal().getReason());
                                }
                            }

                            @Override
                            public void onError(Throwable error) {
                                told.add("error " + error.getMessage());
                            }

                            @Override
                            public void onCompleted() {
                                told.add("completed");
                            }
                        });
    }

    private static void expect(BlockingQueue<String> queue, String... lines)
            throws InterruptedException {
        for (String line : lines) {
            assertThat(queue.poll(5, TimeUnit.SECONDS)).isEqualTo(line);
        }
    }

    @Override
    public void attached(WorkerLink link, Attach attach) {
        heard.add("attached " + link.cluster());
    }

    @Override
    public void batch(WorkerLink link, long number, byte[] array, int from, int to) {
        String records = new String(array, from, to - from, StandardCharsets.UTF_8);
        if (records.equals("boom")) {
            throw new IllegalStateException("boom");
        }
        heard.add("batch " + number + " " + records);
        link.ack(number);
    }

    @Override
    public void message(WorkerLink link, ToSupervisor message) {
        heard.add("message " + message.getMessageCase());
    }

    @Override
    public void closed(WorkerLink link, String reason) {
        heard.add("closed " + reason);
    }
}
