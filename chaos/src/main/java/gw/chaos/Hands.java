package gw.chaos;

import gw.chaos.Processes.Signal;
import gw.sim.FakeDiscord;
import gw.sim.bot.BotAnswer;
import gw.sim.bot.CountingBot;
import gw.sim.fault.Fault;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Does the actions and takes them back. Each lane has a thread of its own; an interrupted run takes
 * back what it has done.
 */
final class Hands {
    /** Of a process that has no handler for SIGTERM yet: nothing had begun. */
    private static final int TERMINATED = 128 + 15;

    private static final Set<Integer> IN_THE_WAY = Set.of(1, 8, 9, 10);

    private final GwUnderTest gw;
    private final FakeDiscord discord;
    private final CountingBot bot;
    private final Optional<StateDisk> disk;
    private final Deeds deeds;
    private final Incidents incidents;
    private final Journal journal;
    private final CountDownLatch stop;

    Hands(
            GwUnderTest gw,
            FakeDiscord discord,
            CountingBot bot,
            Optional<StateDisk> disk,
            Deeds deeds,
            Incidents incidents,
            Journal journal,
            CountDownLatch stop) {
        this.gw = gw;
        this.discord = discord;
        this.bot = bot;
        this.disk = disk;
        this.deeds = deeds;
        this.incidents = incidents;
        this.journal = journal;
        this.stop = stop;
    }

    /** Waits; false: the run was called off meanwhile. */
    boolean pause(Duration time) throws InterruptedException {
        return !stop.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Does it, and returns when its lane is free for the next. */
    void perform(Action action) throws IOException, InterruptedException {
        journal.log(action.words());
        int place = deeds.begin(action);
        try {
            switch (action) {
                case Action.KillWorker(int worker) -> {
                    Long pid = gw.processes().workers().get(worker);
                    sent(pid != null && Processes.signal(Signal.KILL, pid), "worker " + worker);
                }
                case Action.StopWorker(int worker, Duration duration) ->
                        stopped(
                                Optional.ofNullable(gw.processes().workers().get(worker)),
                                "worker " + worker,
                                duration);
                case Action.StopSupervisor(Duration duration) ->
                        stopped(gw.supervisor(), "supervisor", duration);
                case Action.KillSupervisor(Duration down) -> {
                    gw.kill();
                    startAfter(down);
                }
                case Action.KillAll(Duration down) -> {
                    gw.killAll();
                    startAfter(down);
                }
                case Action.EndSupervisor(Duration down) -> {
                    OptionalInt code = gw.end();
                    if (code.isEmpty()) {
                        incidents.broken(
                                "SIGTERM did not end the supervisor within "
                                        + GwUnderTest.STOPS_WITHIN.toSeconds()
                                        + " s");
                        gw.kill();
                    } else if (code.getAsInt() != 0
                            && !(code.getAsInt() == TERMINATED && gw.wasStarting())) {
                        incidents.broken("after SIGTERM gw exited with " + code.getAsInt());
                    }
                    startAfter(down);
                }
                case Action.Upgrade _ -> {
                    int code = gw.upgrade();
                    // What else is done to gw may be in its way: nobody answers, not all is back.
                    if (code != 0 && !IN_THE_WAY.contains(code)) {
                        incidents.broken("gw upgrade exited with " + code);
                    }
                }
                case Action.BotDown(Duration duration) -> {
                    bot.down();
                    try {
                        var _ = pause(duration);
                    } finally {
                        bot.up();
                    }
                }
                case Action.BotTrouble(BotAnswer answer, Duration duration) -> {
                    bot.answer(answer);
                    try {
                        var _ = pause(duration);
                    } finally {
                        bot.answer(new BotAnswer.Ok());
                    }
                }
                case Action.Inflict(String _, Fault fault, int shard) -> {
                    if (fault instanceof Fault.OnConnection) {
                        discord.inject(fault, shard);
                    } else {
                        discord.inject(fault);
                    }
                    var _ = pause(action.span());
                }
                case Action.FillDisk(Duration duration) -> fill(duration);
            }
        } finally {
            deeds.over(place);
        }
    }

    private void fill(Duration duration) throws IOException, InterruptedException {
        if (disk.isEmpty()) {
            return;
        }
        try {
            journal.log("disk: filled with " + disk.get().fill() + " bytes");
            var _ = pause(duration);
        } finally {
            disk.get().free();
        }
        journal.log("disk: room again");
    }

    private void stopped(Optional<Long> pid, String what, Duration duration)
            throws InterruptedException {
        if (pid.isEmpty() || !Processes.signal(Signal.STOP, pid.get())) {
            sent(false, what);
            return;
        }
        try {
            var _ = pause(duration);
        } finally {
            // It may have been replaced or killed meanwhile.
            boolean there = Processes.signal(Signal.CONT, pid.get());
            journal.log(what + ": " + (there ? "continued" : "gone meanwhile"));
        }
    }

    private void startAfter(Duration down) throws IOException, InterruptedException {
        if (pause(down)) {
            gw.start();
        }
    }

    private void sent(boolean found, String what) {
        if (!found) {
            journal.log(what + ": no such process now");
        }
    }
}
