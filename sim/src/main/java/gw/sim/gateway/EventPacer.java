package gw.sim.gateway;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Makes things happen in the guilds at a rate, or as fast as they are taken. Event loop only. */
final class EventPacer {
    private static final long TICK_MILLIS = 5;
    private static final int BATCH = 256;
    private static final int TRIES = 16;
    private static final int OUTSIDE_GUILDS_ONE_IN = 50;
    private static final double MAX_CATCH_UP_SECONDS = 1;

    private static final class Burst {
        private final CompletableFuture<Void> done;
        private int left;

        Burst(int events, CompletableFuture<Void> done) {
            this.left = events;
            this.done = done;
        }
    }

    private final EventLoop loop;
    private final Gateway gateway;
    private final SplittableRandom random;
    private final LongSupplier nanoTime;
    private final ArrayDeque<Burst> bursts = new ArrayDeque<>();
    private final ScheduledFuture<?> ticks;
    private double rate;
    private double due;
    private long tickedNanos;
    private boolean stopped;
    private boolean rushing;

    EventPacer(EventLoop loop, Gateway gateway, SplittableRandom random, LongSupplier nanoTime) {
        this.loop = loop;
        this.gateway = gateway;
        this.random = random;
        this.nanoTime = nanoTime;
        this.tickedNanos = nanoTime.getAsLong();
        this.ticks =
                loop.scheduleAtFixedRate(
                        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void rate(double eventsPerSecond) {
        rate = eventsPerSecond;
        due = 0;
        rush();
    }

    void burst(int events, CompletableFuture<Void> done) {
        if (stopped) {
            done.cancel(false);
            return;
        }
        if (events <= 0) {
            done.complete(null);
            return;
        }
        bursts.addLast(new Burst(events, done));
        rush();
    }

    void stop() {
        stopped = true;
        var _ = ticks.cancel(false);
        bursts.forEach(burst -> burst.done.cancel(false));
        bursts.clear();
    }

    private void tick() {
        long now = nanoTime.getAsLong();
        double elapsedSeconds = (now - tickedNanos) / 1e9;
        tickedNanos = now;
        if (Double.isFinite(rate)) {
            due = Math.min(due + elapsedSeconds * rate, Math.max(1, rate * MAX_CATCH_UP_SECONDS));
            for (; due >= 1; due--) {
                gateway.emit(anyGuild());
            }
        }
        rush();
    }

    /** One batch, and another as soon as the sockets had their turn. */
    private void rush() {
        if (rushing || stopped) {
            return;
        }
        if (batch()) {
            rushing = true;
            loop.execute(() -> {
                rushing = false;
                rush();
            });
        }
    }

    /** False when nothing is wanted, or nobody takes more. */
    private boolean batch() {
        for (int i = 0; i < BATCH; i++) {
            Burst burst = bursts.peekFirst();
            if ((burst == null && rate != Double.POSITIVE_INFINITY) || !emitWhereTaken()) {
                return false;
            }
            if (burst != null) {
                burst.left--;
                if (burst.left == 0) {
                    bursts.removeFirst();
                    burst.done.complete(null);
                }
            }
        }
        return true;
    }

    private boolean emitWhereTaken() {
        for (int i = 0; i < TRIES; i++) {
            long guildId = anyGuild();
            if (gateway.sessions().taken(guildId)) {
                gateway.emit(guildId);
                return true;
            }
        }
        return false;
    }

    private long anyGuild() {
        List<Long> guildIds = gateway.guilds().available();
        return guildIds.isEmpty() || random.nextInt(OUTSIDE_GUILDS_ONE_IN) == 0
                ? 0
                : guildIds.get(random.nextInt(guildIds.size()));
    }
}
