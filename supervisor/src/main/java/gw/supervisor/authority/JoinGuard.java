package gw.supervisor.authority;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets only those in who know the bot's token, each proof once. For any thread.
 *
 * <p>What is wrong is told to people who set up two supervisors; that the token differs is told
 * before anything else is looked at, so that a stranger learns nothing.
 */
final class JoinGuard implements ServerInterceptor {
    /** The call's nonce. */
    static final Context.Key<String> NONCE = Context.key("gw-identify-nonce");

    /** How far two clocks may be apart, and how long a nonce is remembered at least. */
    static final long CLOCKS_MILLIS = 60_000;

    private static final Pattern FORM =
            Pattern.compile("v1:([0-9]{1,15}):([0-9a-f]{32}):([0-9a-f]{64})");

    private final TokenProof proof;
    private final InstantSource clock;
    private final Nonces nonces = new Nonces();

    JoinGuard(TokenProof proof, InstantSource clock) {
        this.proof = proof;
        this.clock = clock;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String header = headers.get(TokenProof.HEADER);
        Matcher parts = FORM.matcher(header == null ? "" : header);
        Status refusal = refusal(header, parts);
        if (refusal != null) {
            call.close(refusal, new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(
                Context.current().withValue(NONCE, parts.group(2)), call, headers, next);
    }

    private @Nullable Status refusal(@Nullable String header, Matcher parts) {
        if (header == null) {
            return because(
                    "there is no gw-identify-auth: this is for supervisors of the same bot alone");
        }
        if (!parts.matches()) {
            return because(
                    "gw-identify-auth has another form than this version of gw knows: run the same"
                            + " version on both sides");
        }
        if (!proof.isOfCall(parts.group(3), parts.group(1), parts.group(2))) {
            return because(
                    "the identify authority has another bot's token: start both supervisors with"
                            + " the same one");
        }
        long now = clock.millis();
        long millis = Long.parseLong(parts.group(1));
        if (Math.abs(now - millis) > CLOCKS_MILLIS) {
            return because(
                    "the two clocks differ by "
                            + Math.abs(now - millis) / 1_000
                            + " s (at most "
                            + CLOCKS_MILLIS / 1_000
                            + "): set the time on both machines");
        }
        return switch (nonces.take(parts.group(2), millis, now)) {
            case FRESH -> null;
            case USED ->
                    because(
                            "this gw-identify-auth was used before: each call needs one of its"
                                    + " own");
            case FULL ->
                    Status.RESOURCE_EXHAUSTED.withDescription(
                            "too many supervisors have joined within a minute: try again later");
        };
    }

    private static Status because(String words) {
        return Status.UNAUTHENTICATED.withDescription(words);
    }
}
