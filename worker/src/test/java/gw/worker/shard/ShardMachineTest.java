package gw.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.Session;
import gw.worker.shard.ShardState.Goal;
import gw.worker.socket.SocketClose;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Discord's protocol, one behaviour at a time; time is a number (P1, P4, P5). */
class ShardMachineTest {
    private static final String MAIN = "wss://main.test";
    private static final Session SESSION = new Session("abc", "wss://resume.test", 7);
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(40);

    private final ShardMachine machine =
            new ShardMachine(
                    new ShardSettings(
                            MAIN,
                            Duration.ofSeconds(40),
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(30)),
                    new Random(1));
    private final List<ShardAction> done = new ArrayList<>();
    private ShardState state = new ShardState.Idle();
    private long now;
    private long lastInbound;
    private String reason = "";

    @Test
    void connectsFirstThenAsksForATokenThenIdentifiesAtOnce() {
        in(new ShardInput.Start(Optional.empty()));
        assertThat(take()).containsExactly(new ShardAction.WantIdentify());
        in(new ShardInput.Turn());
        assertThat(take()).containsExactly(new ShardAction.Connect(MAIN));
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(INTERVAL));
        assertThat(take()).containsExactly(new ShardAction.ReadyToIdentify());
        in(new ShardInput.Granted(5));
        assertThat(take()).containsExactly(new ShardAction.SendIdentify(5));
        in(new ShardInput.ReadyReceived(SESSION));
        assertThat(state).isInstanceOf(ShardState.Ready.class);
        assertThat(state.session()).contains(SESSION);
    }

    @Test
    void resumesAKnownSessionWithoutAskingForAToken() {
        startKnown();
        assertThat(take()).containsExactly(new ShardAction.Connect("wss://resume.test"));
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(INTERVAL));
        assertThat(take()).containsExactly(new ShardAction.SendResume(SESSION));
        in(new ShardInput.ResumedReceived());
        assertThat(state).isInstanceOf(ShardState.Ready.class);
        assertThat(take()).isEmpty();
    }

    @Test
    void reconnectsAndResumesAfterOp7() {
        ready();
        in(new ShardInput.ReconnectRequest());
        assertThat(take())
                .containsExactly(
                        new ShardAction.Disconnect(4900, "op 7: Discord asks to reconnect"));
        assertResumesNext();
    }

    @Test
    void op7BeforeHelloIsAReasonToTryAgain() {
        in(new ShardInput.Start(Optional.empty()));
        in(new ShardInput.Turn());
        in(new ShardInput.Opened());
        take();
        in(new ShardInput.ReconnectRequest());
        assertThat(take()).contains(new ShardAction.ReleaseIdentify(0));
        passDeadline();
        assertThat(take()).containsExactly(new ShardAction.WantIdentify());
    }

    @Test
    void op9TrueResumesAndOp9FalseIdentifiesAfterOneToFiveSeconds() {
        ready();
        in(new ShardInput.InvalidSession(true));
        assertThat(state.deadlineNanos() - now)
                .isBetween(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(5));
        assertResumesNext();
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(INTERVAL));
        take();
        in(new ShardInput.InvalidSession(false));
        assertThat(take()).contains(new ShardAction.LoseSession(SESSION));
        assertThat(state.deadlineNanos() - now)
                .isBetween(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(5));
        passDeadline();
        assertThat(take()).containsExactly(new ShardAction.WantIdentify());
    }

    @ParameterizedTest
    @ValueSource(ints = {4004, 4010, 4011, 4012, 4013, 4014})
    void aFatalCloseCodeIsTheEndUntilAHumanHelps(int code) {
        ready();
        in(remote(code));
        assertThat(state).isEqualTo(new ShardState.Fatal(code));
        assertThat(state.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = {4007, 4009})
    void aCloseCodeThatEndsTheSessionIdentifies(int code) {
        ready();
        in(remote(code));
        assertThat(take()).contains(new ShardAction.LoseSession(SESSION));
        passDeadline();
        assertThat(take()).containsExactly(new ShardAction.WantIdentify());
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 4001, 4002, 4003, 4005, 4008, 4999, 1005, 1006, 1011, 3000})
    void everyOtherCloseCodeResumes(int code) {
        ready();
        in(remote(code));
        assertResumesNext();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void aGoodbyeIsTriedOnceMoreAndThenBelieved(int code) {
        ready();
        in(remote(code));
        assertResumesNext();
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(INTERVAL));
        take();
        in(remote(code));
        assertThat(take()).contains(new ShardAction.LoseSession(SESSION));
    }

    /** A host that goes away says nothing of a session that was not resumed there yet (P4). */
    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void aGoodbyeBeforeResumeWasTriedGivesNoSessionUp(int code) {
        ready();
        in(remote(code));
        for (int i = 0; i < 5; i++) {
            assertResumesNext();
            in(new ShardInput.Opened());
            in(remote(code));
            assertThat(done).noneMatch(ShardAction.LoseSession.class::isInstance);
        }
        assertResumesNext();
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(INTERVAL));
        take();
        in(remote(code));
        assertThat(take()).contains(new ShardAction.LoseSession(SESSION));
    }

    @Test
    void aDeadResumeHostIsLeftForTheMainUrlWithTheSameSession() {
        ready();
        now += TimeUnit.SECONDS.toNanos(61);
        in(remote(4000));
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            passDeadline();
            for (ShardAction action : take()) {
                if (action instanceof ShardAction.Connect connect) {
                    urls.add(connect.url());
                }
            }
            in(new ShardInput.Closed(new SocketClose(SocketClose.Cause.CONNECT_FAILED, 0, "no")));
        }
        assertThat(urls.subList(0, 3)).containsOnly("wss://resume.test");
        assertThat(urls.subList(3, 8)).contains(MAIN, "wss://resume.test");
        assertThat(state.session()).contains(SESSION);
    }

    /** A worker that takes over many sessions doesn't come all at once, and loses little time. */
    @Test
    void aKnownSessionIsResumedAfterAShortSpread() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            state = new ShardState.Idle();
            in(new ShardInput.Start(Optional.of(SESSION)));
            waits.add(state.deadlineNanos() - now);
        }
        assertThat(waits).allMatch(wait -> wait >= 0 && wait < TimeUnit.MILLISECONDS.toNanos(150));
        assertThat(waits).anyMatch(wait -> wait < TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(waits).anyMatch(wait -> wait > TimeUnit.MILLISECONDS.toNanos(100));
    }

    /** Discord's door is not to be hammered, also when it opens each time for a moment. */
    @Test
    void closesRightAfterEachResumedAreFurtherAndFurtherApart() {
        ready();
        long wait = 0;
        for (int i = 0; i < 8; i++) {
            in(remote(4000));
            wait = state.deadlineNanos() - now;
            resumeAgain();
        }
        assertThat(wait).isGreaterThan(TimeUnit.SECONDS.toNanos(10));
        assertThat(state.session()).contains(SESSION);
        now += TimeUnit.SECONDS.toNanos(61);
        in(remote(4000));
        assertThat(state.deadlineNanos() - now).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
    }

    @Test
    void aHeartbeatDoesNotForgetHowShortTheConnectionsWere() {
        ready();
        for (int i = 0; i < 8; i++) {
            in(remote(4000));
            resumeAgain();
        }
        passDeadline();
        in(new ShardInput.HeartbeatAck());
        in(remote(4000));
        assertThat(state.deadlineNanos() - now).isGreaterThan(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void failedConnectionsAloneNeverGiveASessionUp() {
        ready();
        in(remote(1006));
        for (int i = 0; i < 200; i++) {
            passDeadline();
            assertThat(take()).noneMatch(ShardAction.LoseSession.class::isInstance);
            in(new ShardInput.Closed(new SocketClose(SocketClose.Cause.CONNECT_FAILED, 0, "no")));
            assertThat(state.deadlineNanos() - now).isLessThan(TimeUnit.SECONDS.toNanos(61));
        }
        assertThat(now).isGreaterThan(TimeUnit.HOURS.toNanos(1));
        assertThat(state.session()).contains(SESSION);
    }

    @Test
    void resumesThatNobodyAnswersAreGivenUpAfterMinutes() {
        ready();
        in(remote(1006));
        take();
        int tries = 0;
        boolean lost = false;
        while (!lost && tries < 1000) {
            tries++;
            passDeadline();
            in(new ShardInput.Opened());
            in(new ShardInput.Hello(INTERVAL));
            in(remote(1006));
            lost = take().contains(new ShardAction.LoseSession(SESSION));
        }
        assertThat(lost).isTrue();
        assertThat(tries).isGreaterThanOrEqualTo(12);
        assertThat(now).isGreaterThan(TimeUnit.MINUTES.toNanos(5));
    }

    @Test
    void aZombieIsLeftAndResumed() {
        ready();
        passDeadline();
        assertThat(take()).containsExactly(new ShardAction.SendHeartbeat());
        passDeadline();
        assertThat(take()).hasSize(1).first().isInstanceOf(ShardAction.Disconnect.class);
        assertThat(reason).startsWith("zombie");
        assertResumesNext();
    }

    @Test
    void anyPacketProvesThatTheConnectionLives() {
        ready();
        for (int i = 0; i < 10; i++) {
            passDeadline();
            assertThat(take()).containsExactly(new ShardAction.SendHeartbeat());
            lastInbound = now + 1;
        }
    }

    @Test
    void afterAPauseOfOurOwnProcessItBeatsFirstAndJudgesLater() {
        ready();
        passDeadline();
        take();
        now += 10 * INTERVAL;
        in(new ShardInput.Tick(lastInbound));
        assertThat(take()).containsExactly(new ShardAction.SendHeartbeat());
        passDeadline();
        assertThat(take()).first().isInstanceOf(ShardAction.Disconnect.class);
    }

    @Test
    void answersAServersHeartbeatAtOnceAndKeepsItsOwnInterval() {
        ready();
        in(new ShardInput.HeartbeatRequest());
        assertThat(take()).containsExactly(new ShardAction.SendHeartbeat());
        assertThat(state.deadlineNanos()).isEqualTo(now + INTERVAL);
    }

    @Test
    void everyStepHasItsTimeout() {
        startKnown();
        passDeadline();
        assertThat(reason).isEqualTo("no connection in time");
        passDeadline();
        in(new ShardInput.Opened());
        passDeadline();
        assertThat(reason).isEqualTo("no HELLO in time");
        passDeadline();
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(TimeUnit.HOURS.toNanos(1)));
        lastInbound = now;
        passDeadline();
        assertThat(reason).isEqualTo("no RESUMED in time");
        assertThat(state.session()).contains(SESSION);
    }

    @Test
    void aLongReplayIsNoFailureAsLongAsSomethingComes() {
        startKnown();
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(TimeUnit.HOURS.toNanos(1)));
        for (int i = 0; i < 20; i++) {
            lastInbound = now + TimeUnit.SECONDS.toNanos(20);
            passDeadline();
            assertThat(state).isInstanceOf(ShardState.Resuming.class);
        }
    }

    /** A READY of megabytes over a thin line must not cost an IDENTIFY (P5). */
    @Test
    void aReadyThatDripsInIsAwaitedAndSilenceIsNot() {
        identifying();
        for (int i = 0; i < 3; i++) {
            lastInbound = now + TimeUnit.SECONDS.toNanos(20);
            passDeadline();
            assertThat(state).isInstanceOf(ShardState.Identifying.class);
        }
        passDeadline();
        assertThat(reason).isEqualTo("no READY in time");
    }

    @Test
    void aReadyThatNeverComesIsGivenUpAlthoughSomethingComes() {
        identifying();
        long identified = now;
        while (state instanceof ShardState.Identifying) {
            lastInbound = state.deadlineNanos() - 1;
            passDeadline();
        }
        assertThat(reason).isEqualTo("no READY in time");
        assertThat(now - identified).isEqualTo(TimeUnit.SECONDS.toNanos(150));
    }

    @Test
    void aTokenThatComesTooLateIsGivenBack() {
        in(new ShardInput.Start(Optional.empty()));
        take();
        in(new ShardInput.Granted(9));
        assertThat(take()).containsExactly(new ShardAction.ReleaseIdentify(9));
    }

    @Test
    void identifiesThatComeToNothingAreFurtherAndFurtherApart() {
        in(new ShardInput.Start(Optional.empty()));
        long last = 0;
        for (int i = 0; i < 6; i++) {
            in(new ShardInput.Turn());
            in(new ShardInput.Opened());
            in(new ShardInput.Hello(INTERVAL));
            in(new ShardInput.Granted(i));
            in(remote(4000));
            last = state.deadlineNanos() - now;
            passDeadline();
            assertThat(state).isInstanceOf(ShardState.Queued.class);
        }
        assertThat(last).isGreaterThan(TimeUnit.SECONDS.toNanos(30));
    }

    @Test
    void stoppingKeepsTheSessionResumable() {
        ready();
        in(new ShardInput.Stop(false));
        assertThat(take()).containsExactly(new ShardAction.Disconnect(4900, "stopping"));
        assertThat(state).isEqualTo(new ShardState.Idle());
    }

    @Test
    void endingASessionSaysItToDiscordAndToTheSupervisor() {
        ready();
        in(new ShardInput.Stop(true));
        assertThat(take())
                .containsExactly(
                        new ShardAction.Disconnect(1000, "stopping"),
                        new ShardAction.LoseSession(SESSION));
        assertThat(state).isEqualTo(new ShardState.Idle());
    }

    /** Nothing can be said to Discord then; the session runs out by itself. */
    @Test
    void endingASessionThatIsNotConnectedGivesItUp() {
        ready();
        in(remote(4000));
        take();
        in(new ShardInput.Stop(true));
        assertThat(take()).containsExactly(new ShardAction.LoseSession(SESSION));
        assertThat(state).isEqualTo(new ShardState.Idle());
    }

    @Test
    void aRestartResumesUnlessAFreshSessionIsWanted() {
        ready();
        in(new ShardInput.Restart(false));
        assertResumesNext();
        in(new ShardInput.Restart(true));
        assertThat(take())
                .contains(new ShardAction.LoseSession(SESSION), new ShardAction.WantIdentify());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyRowOfInputsKeepsTheInvariants(long seed) {
        Random random = new Random(seed);
        ShardMachine randomMachine =
                new ShardMachine(
                        new ShardSettings(
                                MAIN,
                                Duration.ofSeconds(40),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30)),
                        random);
        ShardState at = new ShardState.Idle();
        boolean connected = false;
        long time = random.nextLong(1_000_000);
        long granted = 0;
        for (int i = 0; i < 20_000; i++) {
            time += random.nextLong(TimeUnit.SECONDS.toNanos(20));
            ShardInput input = randomInput(random, time, granted + 1);
            if (input instanceof ShardInput.Granted) {
                granted++;
            }
            Transition step = randomMachine.step(at, input, time);
            for (ShardAction action : step.actions()) {
                String where = "seed " + seed + ", step " + i + ": " + at + " on " + input;
                switch (action) {
                    case ShardAction.Connect _ -> {
                        assertThat(connected).as("one connection at a time; " + where).isFalse();
                        connected = true;
                    }
                    case ShardAction.Disconnect close -> {
                        // P4: Discord ends a session by our word when that is ordered, never else.
                        if (input instanceof ShardInput.Stop stop && stop.endSession()) {
                            assertThat(close.code()).as(where).isEqualTo(1000);
                        } else {
                            assertThat(close.code()).as(where).isBetween(4000, 4999);
                        }
                        connected = false;
                    }
                    case ShardAction.SendIdentify identify -> {
                        assertThat(input).as(where).isInstanceOf(ShardInput.Granted.class);
                        assertThat(identify.grantId()).as(where).isEqualTo(granted);
                    }
                    case ShardAction.LoseSession lost -> {
                        assertThat(at.session()).as(where).contains(lost.session());
                        if (isGoodbye(input)) {
                            assertThat(at)
                                    .as("RESUME was tried; " + where)
                                    .isInstanceOfAny(
                                            ShardState.Ready.class, ShardState.Resuming.class);
                        }
                    }
                    case ShardAction.SendHeartbeat _,
                            ShardAction.SendResume _,
                            ShardAction.WantIdentify _,
                            ShardAction.ReadyToIdentify _,
                            ShardAction.ReleaseIdentify _ -> {}
                }
            }
            at = step.next();
            switch (at) {
                case ShardState.Identifying wait ->
                        assertThat(wait.giveUpNanos())
                                .as("an IDENTIFY has its end, seed %d, step %d: %s", seed, i, at)
                                .isLessThanOrEqualTo(wait.latestNanos());
                case ShardState.Ready ready ->
                        assertThat(ready.sinceNanos())
                                .as("readiness has its beginning, seed %d, step %d", seed, i)
                                .isLessThanOrEqualTo(time);
                default -> {
                    // Nothing to be bounded but its deadline.
                }
            }
            boolean waitsForOthers =
                    at instanceof ShardState.Idle
                            || at instanceof ShardState.Queued
                            || at instanceof ShardState.Fatal;
            assertThat(waitsForOthers || at.deadlineNanos() != Long.MAX_VALUE)
                    .as("always on its way, seed %d, step %d: %s", seed, i, at)
                    .isTrue();
        }
    }

    private static boolean isGoodbye(ShardInput input) {
        return input instanceof ShardInput.Closed closed
                && (closed.close().code() == 1000 || closed.close().code() == 1001);
    }

    private static ShardInput randomInput(Random random, long time, long grant) {
        return switch (random.nextInt(19)) {
            case 0 ->
                    new ShardInput.Start(
                            random.nextBoolean() ? Optional.of(SESSION) : Optional.empty());
            case 1 ->
                    random.nextInt(20) == 0
                            ? new ShardInput.Stop(random.nextBoolean())
                            : new ShardInput.Opened();
            case 2 -> new ShardInput.Restart(random.nextInt(4) == 0);
            case 3 -> new ShardInput.Reattached();
            case 4, 5 -> new ShardInput.Turn();
            case 6, 7 -> new ShardInput.Granted(grant);
            case 8 -> new ShardInput.Opened();
            case 9 -> new ShardInput.Hello(INTERVAL);
            case 10 -> new ShardInput.HeartbeatAck();
            case 11 -> new ShardInput.HeartbeatRequest();
            case 12 -> new ShardInput.ReconnectRequest();
            case 13 -> new ShardInput.InvalidSession(random.nextBoolean());
            case 14 -> new ShardInput.ReadyReceived(SESSION);
            case 15 -> new ShardInput.ResumedReceived();
            case 16 -> new ShardInput.Unsendable("too long");
            case 17 ->
                    remote(
                            random.nextInt(3) == 0
                                    ? 4000 + random.nextInt(20)
                                    : 1000 + random.nextInt(12));
            default -> new ShardInput.Tick(time - random.nextLong(TimeUnit.SECONDS.toNanos(90)));
        };
    }

    private void identifying() {
        in(new ShardInput.Start(Optional.empty()));
        in(new ShardInput.Turn());
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(TimeUnit.HOURS.toNanos(1)));
        in(new ShardInput.Granted(1));
        // Its own beat, an hour's part away, is of no interest here.
        ShardState.Identifying begun = (ShardState.Identifying) state;
        state =
                new ShardState.Identifying(
                        begun.goal(),
                        Heartbeat.first(TimeUnit.HOURS.toNanos(1), TimeUnit.HOURS.toNanos(1)),
                        begun.giveUpNanos(),
                        begun.latestNanos());
        take();
    }

    private void startKnown() {
        in(new ShardInput.Start(Optional.of(SESSION)));
        passDeadline();
    }

    private void ready() {
        startKnown();
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(INTERVAL));
        lastInbound = now;
        in(new ShardInput.ResumedReceived());
        take();
    }

    private void resumeAgain() {
        passDeadline();
        in(new ShardInput.Opened());
        in(new ShardInput.Hello(INTERVAL));
        lastInbound = now;
        in(new ShardInput.ResumedReceived());
        take();
    }

    private void assertResumesNext() {
        take();
        assertThat(state)
                .isInstanceOfSatisfying(
                        ShardState.Backoff.class,
                        backoff -> assertThat(backoff.goal()).isInstanceOf(Goal.Resume.class));
        passDeadline();
        assertThat(take()).hasSize(1).first().isInstanceOf(ShardAction.Connect.class);
    }

    private void in(ShardInput input) {
        Transition transition = machine.step(state, input, now);
        state = transition.next();
        if (!transition.reason().isEmpty()) {
            reason = transition.reason();
        }
        done.addAll(transition.actions());
    }

    private void passDeadline() {
        now = Math.max(now, state.deadlineNanos());
        in(new ShardInput.Tick(lastInbound));
    }

    private List<ShardAction> take() {
        List<ShardAction> taken = List.copyOf(done);
        done.clear();
        return taken;
    }

    private static ShardInput remote(int code) {
        return new ShardInput.Closed(new SocketClose(SocketClose.Cause.REMOTE, code, ""));
    }
}
