package gw.supervisor.authority;

import gw.model.Secret;
import gw.model.SessionStartLimit;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.Status;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.control.ControlHandler;
import gw.supervisor.control.ControlServer;
import gw.supervisor.identify.IdentifyBudget;
import gw.supervisor.identify.IdentifyLimiter;
import gw.supervisor.identify.IdentifySettings;
import gw.supervisor.identify.IdentifyTimer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The supervisor that has the limiter, and serves its control API. */
final class Authority implements ControlHandler, AutoCloseable {
    static final Duration WINDOW = Duration.ofMillis(100);
    static final Duration VALID = Duration.ofSeconds(1);

    final Site site;
    private final AuthorityService service;
    private ControlServer server;

    Authority(
            OneDiscord discord,
            int maxConcurrency,
            Path budget,
            Secret token,
            ControlAddress address)
            throws Exception {
        site = new Site("first", discord);
        InstantSource clock = InstantSource.system();
        IdentifyTimer timer = IdentifyTimer.on(site.control);
        service = new AuthorityService(token, site.control, timer, clock, System::nanoTime);
        site.takes(local ->
                service.serve(
                        local,
                        all ->
                                new IdentifyLimiter(
                                        new IdentifySettings(
                                                WINDOW,
                                                0,
                                                VALID,
                                                Duration.ofSeconds(20),
                                                Duration.ZERO),
                                        new SessionStartLimit(
                                                1000, 1000, Duration.ofDays(1), maxConcurrency),
                                        IdentifyBudget.open(budget, "1", clock),
                                        all,
                                        timer,
                                        clock,
                                        System::nanoTime)));
        server = ControlServer.start(address, this, List.of(service));
    }

    /** Where it listens, for TCP. */
    ControlAddress tcp() {
        String[] parts = server.address().split(":", 2);
        return new ControlAddress.Tcp("127.0.0.1", Integer.parseInt(parts[1]));
    }

    void goAway() {
        server.close();
    }

    void comeBack(ControlAddress address) throws Exception {
        server = ControlServer.start(address, this, List.of(service));
    }

    @Override
    public void close() {
        service.close();
        server.close();
        site.close();
    }

    @Override
    public CompletableFuture<Status> status() {
        throw new AssertionError();
    }

    @Override
    public CompletableFuture<Void> restartShard(int shardId, boolean fresh) {
        throw new AssertionError();
    }

    @Override
    public CompletableFuture<Long> restartWorker(int worker) {
        throw new AssertionError();
    }

    @Override
    public CompletableFuture<Stopping> stop(boolean keepSessions) {
        throw new AssertionError();
    }

    @Override
    public CompletableFuture<Upgrading> upgrade() {
        throw new AssertionError();
    }

    @Override
    public CompletableFuture<ReshardResponse> reshard(ReshardRequest request) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }

    @Override
    public CompletableFuture<Void> cancelReshard() {
        return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }
}
