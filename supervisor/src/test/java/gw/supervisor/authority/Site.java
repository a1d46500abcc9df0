package gw.supervisor.authority;

import gw.supervisor.identify.Identifies;
import gw.supervisor.identify.IdentifyListener;
import gw.supervisor.identify.IdentifySnapshot;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** One supervisor of several: its control thread, and shards that identify as soon as they may. */
final class Site implements IdentifyListener, AutoCloseable {
    record Token(int key, long id, Duration validFor) {}

    final ScheduledThreadPoolExecutor control = new ScheduledThreadPoolExecutor(1);
    private final String name;
    private final OneDiscord discord;
    private final List<Token> tokens = new ArrayList<>();
    private final Set<Integer> mute = new HashSet<>();
    private @Nullable Identifies identifies;

    Site(String name, OneDiscord discord) {
        this.name = name;
        this.discord = discord;
    }

    void takes(Function<Site, ? extends Identifies> from) throws Exception {
        identifies = on(() -> from.apply(this));
    }

    private Identifies identifies() {
        return Objects.requireNonNull(identifies);
    }

    /** Does this on the control thread, and waits for it. */
    <T> T on(Callable<T> task) throws Exception {
        return control.submit(task).get();
    }

    void tell(Consumer<Identifies> what) throws Exception {
        var _ =
                on(() -> {
                    what.accept(identifies());
                    return true;
                });
    }

    void want(int... keys) throws Exception {
        tell(all -> {
            for (int key : keys) {
                all.wanted(key, false);
            }
        });
    }

    /** This shard takes its next token and says nothing of it. */
    void muteOn(int key) throws Exception {
        var _ = on(() -> mute.add(key));
    }

    IdentifySnapshot snapshot() throws Exception {
        return on(() -> identifies().snapshot());
    }

    /** Asks again and again, as a status does. */
    IdentifySnapshot await(Predicate<IdentifySnapshot> what) throws Exception {
        while (true) {
            IdentifySnapshot now =
                    control.schedule(() -> identifies().snapshot(), 10, TimeUnit.MILLISECONDS)
                            .get();
            if (what.test(now)) {
                return now;
            }
        }
    }

    synchronized List<Token> tokens() {
        return List.copyOf(tokens);
    }

    int position(int key) {
        return identifies().position(key);
    }

    synchronized Token awaitToken(int count) throws InterruptedException {
        while (tokens.size() < count) {
            wait();
        }
        return tokens.get(count - 1);
    }

    @Override
    public void turn(int key) {
        control.execute(() -> identifies().ready(key));
    }

    @Override
    public void grant(int key, long grantId, Duration validFor) {
        synchronized (this) {
            tokens.add(new Token(key, grantId, validFor));
            notifyAll();
        }
        if (mute.remove(key)) {
            return;
        }
        discord.identify(name, key);
        control.execute(() -> {
            identifies().sent(key, grantId);
            identifies().answered(key, true);
        });
    }

    @Override
    public void limitExhausted(Instant until) {}

    @Override
    public void wantsFreshLimit() {}

    @Override
    public void close() {
        if (control.isShutdown()) {
            return;
        }
        if (identifies instanceof RemoteIdentifies remote) {
            control.execute(remote::close);
        }
        control.shutdown();
    }
}
