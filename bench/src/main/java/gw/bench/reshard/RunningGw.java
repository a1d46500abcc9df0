package gw.bench.reshard;

import gw.proto.v1.ControlGrpc;
import gw.proto.v1.GetStatusRequest;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.Status;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real {@code bin/gw} with its workers, and its control socket. Closing it ends them all. */
final class RunningGw implements AutoCloseable {
    private static final long ANSWER_WITHIN_SECONDS = 10;

    private final Process process;
    private final Path output;
    private final EventLoopGroup group;
    private final ManagedChannel channel;

    /** Ends gw when the bench is interrupted, too. */
    private final Thread atExit = new Thread(this::end, "end of gw");

    /** Starts {@code gw start} with these options besides the state directory's. */
    RunningGw(Path gw, Path state, Path output, String token, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(gw.toString(), "start", "--plain"));
        command.addAll(List.of("--state-dir", state.toString()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("DISCORD_TOKEN", token);
        environment.put("GW_NO_BUILD", "1");
        this.output = output;
        this.process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        Runtime.getRuntime().addShutdownHook(atExit);
        this.group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        this.channel =
                NettyChannelBuilder.forAddress(
                                UnixDomainSocketAddress.of(state.resolve("control.sock")))
                        .channelType(NioDomainSocketChannel.class)
                        .eventLoopGroup(group)
                        .overrideAuthority("localhost")
                        .proxyDetector(_ -> null)
                        .usePlaintext()
                        .build();
    }

    /** Empty: it doesn't answer yet. */
    Optional<Status> status() {
        if (!process.isAlive()) {
            throw new IllegalStateException("gw has ended with " + process.exitValue());
        }
        try {
            return Optional.of(stub().getStatus(GetStatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        }
    }

    /** Orders a reshard. */
    void reshard(int shards) {
        boolean accepted =
                stub().reshard(ReshardRequest.newBuilder().setShardCount(shards).build())
                        .getAccepted();
        if (!accepted) {
            throw new IllegalStateException("gw did not accept the order of " + shards + " shards");
        }
    }

    /** The supervisor and its workers. */
    Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** All that it printed. */
    String said() throws IOException {
        return Files.readString(output);
    }

    private ControlGrpc.ControlBlockingStub stub() {
        return ControlGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        end();
        try {
            var _ = Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending already.
        }
    }

    private void end() {
        List<ProcessHandle> all = processes().toList();
        process.destroy();
        try {
            var _ = process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
