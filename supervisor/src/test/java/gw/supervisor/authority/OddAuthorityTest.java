package gw.supervisor.authority;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import gw.model.Secret;
import gw.proto.v1.AuthorityAnswer;
import gw.proto.v1.AuthorityAsk;
import gw.proto.v1.IdentifyAuthorityGrpc;
import gw.supervisor.config.ControlAddress;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** P5: a supervisor takes no token of just anybody, and none that is old. */
@Timeout(60)
class OddAuthorityTest extends IdentifyAuthorityGrpc.IdentifyAuthorityImplBase {
    private static final Secret TOKEN = Secret.of("MTIz.the-bots-token");

    private final BlockingQueue<AuthorityAsk> asks = new LinkedBlockingQueue<>();
    private final BlockingQueue<StreamObserver<AuthorityAnswer>> callers =
            new LinkedBlockingQueue<>();
    private final BlockingQueue<String> nonces = new LinkedBlockingQueue<>();
    private final Site site = new Site("second", new OneDiscord(1, Duration.ofMillis(1)));
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(
                                ServerInterceptors.intercept(
                                        this,
                                        new JoinGuard(
                                                new TokenProof(TOKEN), InstantSource.system())))
                        .build()
                        .start();
        site.takes(it ->
                RemoteIdentifies.to(
                        new ControlAddress.Tcp("127.0.0.1", server.getPort()),
                        TOKEN,
                        it,
                        it.control,
                        InstantSource.system(),
                        System::nanoTime,
                        new SplittableRandom()));
    }

    @AfterEach
    void stop() {
        site.close();
        server.shutdownNow();
    }

    @Override
    public StreamObserver<AuthorityAsk> join(StreamObserver<AuthorityAnswer> caller) {
        nonces.add(JoinGuard.NONCE.get());
        callers.add(caller);
        return new StreamObserver<>() {
            @Override
            public void onNext(AuthorityAsk ask) {
                asks.add(ask);
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {}
        };
    }

    @Test
    void whoDoesNotKnowTheTokenGivesNone() throws Exception {
        site.want(0);
        StreamObserver<AuthorityAnswer> caller = callers.take();
        String nonce = nonces.take();
        caller.onNext(welcome(new TokenProof(Secret.of("another")).welcome(nonce)));
        caller.onNext(grant(0, 1, 1));
        var stands =
                site.await(all ->
                        all.problem().orElseThrow().contains("doesn't know this bot's token"));
        assertThat(stands.problem().orElseThrow()).doesNotContain(TOKEN.reveal());
        assertThat(site.tokens()).isEmpty();
    }

    @Test
    void nothingIsTakenBeforeTheWelcome() throws Exception {
        site.want(0);
        site.tell(all -> all.ready(0));
        StreamObserver<AuthorityAnswer> caller = callers.take();
        caller.onNext(grant(0, 1, 1));
        caller.onNext(welcome(new TokenProof(TOKEN).welcome(nonces.take())));
        site.await(all -> all.problem().orElseThrow().contains("doesn't know this bot's token"));
        assertThat(site.tokens()).isEmpty();
    }

    /** A token that was long under way may have been taken for used where it came from. */
    @Test
    void anOldTokenIsGivenBackAtOnce() throws Exception {
        StreamObserver<AuthorityAnswer> caller = callers.take();
        caller.onNext(welcome(new TokenProof(TOKEN).welcome(nonces.take())));
        site.await(all -> all.problem().isEmpty());
        site.want(0);
        site.tell(all -> all.ready(0));
        caller.onNext(grant(0, 11, 0));
        assertThat(awaitReleased().getGrantId()).isEqualTo(11);
        caller.onNext(grant(0, 12, 4711));
        assertThat(awaitReleased().getGrantId()).isEqualTo(12);
        // To a shard that wants none.
        caller.onNext(grant(1, 13, 1));
        assertThat(awaitReleased().getGrantId()).isEqualTo(13);
        assertThat(site.tokens()).isEmpty();

        AuthorityAsk beat = asks.take();
        while (!beat.hasBeat()) {
            beat = asks.take();
        }
        caller.onNext(grant(0, 14, beat.getBeat().getNumber()));
        Site.Token token = site.awaitToken(1);
        assertThat(token.id()).isEqualTo(14);
        assertThat(token.validFor()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(30));
    }

    private AuthorityAsk.Released awaitReleased() throws InterruptedException {
        AuthorityAsk ask = asks.take();
        while (!ask.hasReleased()) {
            ask = asks.take();
        }
        return ask.getReleased();
    }

    private static AuthorityAnswer welcome(byte[] proof) {
        return AuthorityAnswer.newBuilder()
                .setWelcome(
                        AuthorityAnswer.Welcome.newBuilder().setProof(ByteString.copyFrom(proof)))
                .build();
    }

    private static AuthorityAnswer grant(int key, long id, long beat) {
        return AuthorityAnswer.newBuilder()
                .setGrant(
                        AuthorityAnswer.Grant.newBuilder()
                                .setKey(key)
                                .setGrantId(id)
                                .setValidForMs(30_000)
                                .setBeat(beat))
                .build();
    }
}
