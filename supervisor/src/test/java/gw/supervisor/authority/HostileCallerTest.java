package gw.supervisor.authority;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.Secret;
import gw.proto.v1.AuthorityAnswer;
import gw.proto.v1.AuthorityAsk;
import gw.proto.v1.IdentifyAuthorityGrpc;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.identify.IdentifyKey;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * P5, P7, P8: what the authority does with those who shouldn't be there, or say what they mustn't.
 */
@Timeout(60)
class HostileCallerTest {
    private static final Secret TOKEN = Secret.of("MTIz.the-bots-token");
    private static final TokenProof PROOF = new TokenProof(TOKEN);

    @TempDir private Path dir;
    private final OneDiscord discord = new OneDiscord(1, Duration.ofMillis(100));
    private Authority authority;
    private ManagedChannel channel;
    private int nonces;

    @BeforeEach
    void start() throws Exception {
        authority =
                new Authority(
                        discord,
                        1,
                        dir.resolve("budget.json"),
                        TOKEN,
                        new ControlAddress.Tcp("127.0.0.1", 0));
        channel = NettyChannelBuilder.forTarget(authority.tcp().toString()).usePlaintext().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        authority.close();
    }

    @Test
    void whoHasNoProofIsRefused() throws Exception {
        assertRefused(null, Status.Code.UNAUTHENTICATED, "there is no gw-identify-auth");
        for (String garbage :
                new String[] {
                    "",
                    "v1",
                    "v2:1:" + nonce() + ":" + "0".repeat(64),
                    "v1:-1:" + nonce() + ":" + "0".repeat(64),
                    "v1:99999999999999999999:" + nonce() + ":" + "0".repeat(64),
                    "v1:1:short:" + "0".repeat(64),
                    header(0).toUpperCase(Locale.ROOT),
                    header(0) + "0",
                    "x".repeat(4_000)
                }) {
            assertRefused(garbage, Status.Code.UNAUTHENTICATED, "another form");
        }
        assertRefused(
                new TokenProof(Secret.of("other")).header(System.currentTimeMillis(), nonce()),
                Status.Code.UNAUTHENTICATED,
                "another bot's token");
        String sound = header(0);
        String altered = (sound.endsWith("0") ? "1" : "0");
        assertRefused(
                sound.substring(0, sound.length() - 1) + altered,
                Status.Code.UNAUTHENTICATED,
                "another bot's token");
    }

    @Test
    void clocksMayBeAMinuteApart() throws Exception {
        assertRefused(header(-70_000), Status.Code.UNAUTHENTICATED, "the two clocks differ by ");
        assertRefused(header(70_000), Status.Code.UNAUTHENTICATED, "the two clocks differ by ");
        assertThat(new Call(header(-50_000)).join().answers.take().hasWelcome()).isTrue();
        assertThat(new Call(header(50_000)).join().answers.take().hasWelcome()).isTrue();
    }

    /** P8: who has listened can't use what he heard. */
    @Test
    void aProofIsGoodForOneCall() throws Exception {
        String header = header(0);
        assertThat(new Call(header).join().answers.take().hasWelcome()).isTrue();
        assertRefused(header, Status.Code.UNAUTHENTICATED, "was used before");
    }

    @Test
    void theAuthorityShowsThatItKnowsTheToken() throws Exception {
        String nonce = nonce();
        Call call = new Call(PROOF.header(System.currentTimeMillis(), nonce)).join();
        byte[] proof = call.answers.take().getWelcome().getProof().toByteArray();
        assertThat(PROOF.isWelcome(proof, nonce)).isTrue();
        assertThat(PROOF.isWelcome(proof, nonce())).isFalse();
    }

    @Test
    void whatNoSupervisorSaysEndsTheStream() throws Exception {
        assertThat(refusal(Asks.wanted(0, false))).contains("the first ask is no Join");
        assertThat(refusal(AuthorityAsk.getDefaultInstance())).contains("first ask is no Join");
        assertThat(refusal(join("../../etc"))).contains("32 hex digits");
        assertThat(refusal(join(nonce()), join(nonce()))).contains("joined already");
        assertThat(joinedRefusal(AuthorityAsk.getDefaultInstance())).contains("doesn't know");
        assertThat(joinedRefusal(Asks.wanted(-1, false))).contains("key: 4294967295");
        assertThat(joinedRefusal(Asks.ready(IdentifyKey.of(16, 0)))).contains("slot 0..15");
        assertThat(joinedRefusal(Asks.answered(-5, true))).contains("key: ");
        assertThat(joinedRefusal(Asks.released(-5, 0))).contains("key: ");
        assertThat(joinedRefusal(Asks.background(16, true))).contains("slot: 16");
        assertThat(joinedRefusal(Asks.background(-1, true))).contains("slot: 4294967295");
        assertThat(joinedRefusal(Asks.workerLost(IntStream.range(0, 4_097).boxed().toList())))
                .contains("4097 keys in one ask");
        assertThat(joinedRefusal(Asks.forget(IntStream.of(1, -1).boxed().toList())))
                .contains("key: ");
        assertThat(authority.site.snapshot().queued()).isZero();
    }

    /** P5: nobody closes or opens the windows with tokens that were not given to him. */
    @Test
    void aTokenThatWasNotGivenEndsTheStream() throws Exception {
        authority.site.muteOn(0);
        authority.site.want(0);
        long foreign = authority.site.awaitToken(1).id();
        assertThat(joinedRefusal(Asks.sent(0, foreign))).contains("was not given to key 0");
        assertThat(joinedRefusal(Asks.released(0, foreign))).contains("was not given to key 0");
        assertThat(authority.site.snapshot().spent()).isZero();
        assertThat(authority.site.snapshot().remaining()).isEqualTo(999);
    }

    /** P7. */
    @Test
    void whoAsksTooMuchIsCutOff() throws Exception {
        assertThat(flood(number -> Asks.answered(number % 100, false)))
                .contains("more than 100000 asks at once");
        assertThat(authority.site.snapshot().queued()).isZero();
    }

    /** P7. */
    @Test
    void noMoreShardsAreQueuedThanABotCanHave() throws Exception {
        assertThat(flood(number -> Asks.wanted(number, false)))
                .contains("more than 65536 shards are queued");
        assertThat(authority.site.await(all -> all.queued() == 0).remaining()).isEqualTo(1000);
    }

    /** P7: a stream that is open takes a seat, one that has ended doesn't. */
    @Test
    void onlySoManyMayJoinAtATime() throws Exception {
        Call first = new Call(header(0)).join();
        assertThat(first.answers.take().hasWelcome()).isTrue();
        for (int i = 1; i < 64; i++) {
            assertThat(new Call(header(0)).join().answers.take().hasWelcome()).isTrue();
        }
        assertThat(new Call(header(0)).join().end.get().getDescription())
                .contains("as many supervisors as there may be have joined: 64");
        first.requests.onCompleted();
        assertThat(first.end.get().isOk()).isTrue();
        assertThat(new Call(header(0)).join().answers.take().hasWelcome()).isTrue();
    }

    /** Its old stream may be half dead: the new one counts. */
    @Test
    void whoJoinsAnewEndsItsOldStreamAndHasItsPlacesBack() throws Exception {
        authority.site.muteOn(0);
        authority.site.want(0);
        String client = nonce();
        Call old = new Call(header(0));
        old.requests.onNext(join(client));
        old.requests.onNext(Asks.wanted(1, false));
        authority.site.await(all -> all.queued() == 1);
        authority.site.want(2);
        Call anew = new Call(header(0));
        anew.requests.onNext(join(client));
        anew.requests.onNext(Asks.wanted(1, false));
        assertThat(old.end.get().getDescription()).contains("joined anew");
        AuthorityAnswer answer = anew.answers.take();
        while (answer.getFigures().getPositionsCount() == 0) {
            answer = anew.answers.take();
        }
        assertThat(answer.getFigures().getPositions(0))
                .isEqualTo(AuthorityAnswer.Position.newBuilder().setKey(1).setPosition(1).build());
    }

    private String flood(IntFunction<AuthorityAsk> ask) throws Exception {
        Call call = new Call(header(0)).join();
        for (int i = 0; i < 110_000 && !call.end.isDone(); i++) {
            call.requests.onNext(ask.apply(i));
        }
        Status end = call.end.get();
        assertThat(end.getCode())
                .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.INVALID_ARGUMENT);
        return String.valueOf(end.getDescription());
    }

    private String joinedRefusal(AuthorityAsk ask) throws Exception {
        return refusal(join(nonce()), ask);
    }

    private String refusal(AuthorityAsk... asks) throws Exception {
        Call call = new Call(header(0));
        for (AuthorityAsk ask : asks) {
            call.requests.onNext(ask);
        }
        Status end = call.end.get();
        assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        return String.valueOf(end.getDescription());
    }

    private void assertRefused(@Nullable String header, Status.Code code, String words)
            throws Exception {
        Status end = new Call(header).join().end.get();
        assertThat(end.getCode()).isEqualTo(code);
        assertThat(end.getDescription()).contains(words).doesNotContain(TOKEN.reveal());
    }

    private static AuthorityAsk join(String client) {
        return AuthorityAsk.newBuilder()
                .setJoin(AuthorityAsk.Join.newBuilder().setClient(client))
                .build();
    }

    private String header(long aheadMillis) {
        return PROOF.header(System.currentTimeMillis() + aheadMillis, nonce());
    }

    private String nonce() {
        return String.format(Locale.ROOT, "%032x", ++nonces);
    }

    /** A stream of somebody's own making. */
    private final class Call implements StreamObserver<AuthorityAnswer> {
        final BlockingQueue<AuthorityAnswer> answers = new LinkedBlockingQueue<>();
        final CompletableFuture<Status> end = new CompletableFuture<>();
        final ClientCallStreamObserver<AuthorityAsk> requests;

        Call(@Nullable String header) {
            Metadata metadata = new Metadata();
            if (header != null) {
                metadata.put(TokenProof.HEADER, header);
            }
            requests =
                    (ClientCallStreamObserver<AuthorityAsk>)
                            IdentifyAuthorityGrpc.newStub(channel)
                                    .withInterceptors(
                                            MetadataUtils.newAttachHeadersInterceptor(metadata))
                                    .join(this);
        }

        Call join() {
            requests.onNext(HostileCallerTest.join(nonce()));
            return this;
        }

        @Override
        public void onNext(AuthorityAnswer answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable error) {
            end.complete(Status.fromThrowable(error));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }
}
