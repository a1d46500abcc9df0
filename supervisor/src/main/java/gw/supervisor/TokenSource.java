package gw.supervisor;

import gw.model.SessionStartLimit;
import gw.supervisor.authority.AuthorityService;
import gw.supervisor.authority.RemoteIdentifies;
import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.identify.Identifies;
import gw.supervisor.identify.IdentifyBudget;
import gw.supervisor.identify.IdentifyLimiter;
import gw.supervisor.identify.IdentifyListener;
import gw.supervisor.identify.IdentifySettings;
import gw.supervisor.identify.IdentifyTimer;
import gw.supervisor.state.StateDirectory;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Where this supervisor's identify tokens come from: its own limiter, which then serves others of
 * the same bot, too, or the one of another supervisor.
 */
final class TokenSource implements AutoCloseable {
    /** A large bot's READY takes its time; a refusal comes at once. */
    private static final Duration FIRST_ANSWER_WITHIN = Duration.ofSeconds(10);

    private final SupervisorConfig config;
    private final StateDirectory state;
    private final SessionStartLimit limit;
    private final ScheduledExecutorService control;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final AuthorityService authority;
    private @Nullable RemoteIdentifies remote;

    /** {@code limit}: as Discord has told it last. */
    TokenSource(
            SupervisorConfig config,
            StateDirectory state,
            SessionStartLimit limit,
            ScheduledExecutorService control,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random) {
        this.config = config;
        this.state = state;
        this.limit = limit;
        this.control = control;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.authority =
                new AuthorityService(
                        config.token(), control, IdentifyTimer.on(control), clock, nanos);
    }

    /** What the control API's server offers to other supervisors. */
    AuthorityService service() {
        return authority;
    }

    /** The tokens of this one; called once. */
    Identifies tokens(IdentifyListener listener) {
        if (config.identifyAuthority().isPresent()) {
            RemoteIdentifies made =
                    RemoteIdentifies.to(
                            config.identifyAuthority().get(),
                            config.token(),
                            listener,
                            control,
                            clock,
                            nanos,
                            random);
            remote = made;
            return made;
        }
        return authority.serve(
                listener,
                all ->
                        new IdentifyLimiter(
                                IdentifySettings.of(
                                                config.identifyInterval(),
                                                config.identifyReserve(),
                                                config.workerTimeout())
                                        .tryingOneFirst(FIRST_ANSWER_WITHIN),
                                limit,
                                IdentifyBudget.open(
                                        state.identifyBudgetFile(),
                                        BotId.of(config.token()),
                                        clock),
                                all,
                                IdentifyTimer.on(control),
                                clock,
                                nanos));
    }

    /** Hangs up, in either direction. */
    @Override
    public void close() {
        authority.close();
        RemoteIdentifies other = remote;
        if (other != null) {
            CompletableFuture.runAsync(other::close, control).join();
        }
    }
}
