package gw.supervisor.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import gw.record.RecordKind;
import gw.supervisor.log.AppendResult;
import gw.supervisor.log.KeptSession;
import gw.supervisor.log.LogSettings;
import gw.supervisor.log.Records;
import gw.supervisor.reshard.Overlap.Stage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The switch from one generation to the next: nothing lost, nothing twice, in order. */
@Timeout(30)
class OverlapTest {
    private static final long TOLERANCE = 5_000_000;

    @TempDir private Path root;

    /** P1, P2, P3: all steps of one that goes well. */
    @Test
    void eachEventGoesOutOnceBehindWhatTheOldOneBrought() throws IOException {
        OverlapWorld world = world();
        world.live("g", 1, 5, "a");
        prepare(world);
        assertThat(world.overlap.stage()).isEqualTo(Stage.PREPARING);
        world.next("READY", "n", 1, 0, "ready");
        world.next("GUILD_CREATE", "n", 2, 5, "listed");
        world.next("n", 3, 5, "b");
        world.live("g", 2, 5, "b");
        world.overlap.watch();
        assertThat(world.overlap.stage()).isEqualTo(Stage.WATCHING);
        world.live("g", 3, 5, "c");
        world.next("n", 4, 5, "c");
        world.next("n", 5, 5, "d");
        assertThat(world.overlap.heldCount()).isZero();
        assertThat(world.overlap.begin()).isTrue();
        assertThat(world.overlap.stage()).isEqualTo(Stage.OVERLAPPING);
        world.live("g", 4, 5, "d");
        world.next("n", 6, 5, "e");
        world.next("n", 7, 6, "only next");
        world.next("n", 8, 5, "f");
        world.live("g", 5, 5, "e");
        world.live("g", 6, 5, "late");
        assertThat(world.overlap.heldCount()).isEqualTo(2);
        assertThat(world.told()).containsExactly("a", "b", "c", "d", "e", "late");

        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        assertThat(world.overlap.stage()).isEqualTo(Stage.SETTLING);
        assertThat(world.overlap.current()).isEqualTo(OverlapWorld.NEXT);
        assertThat(world.overlap.knows(0)).isFalse();
        assertThat(world.guilds.forgotten).containsExactly(0);
        assertThat(world.told()).containsExactly("RESHARDED", "only next", "f");
        world.next("n", 9, 5, "late");
        world.next("n", 10, 5, "g");
        assertThat(world.told()).containsExactly("g");
        assertThat(world.overlap.figures()).isEqualTo(new Switched(4, 2, 0));
        world.overlap.end();
        assertThat(world.overlap.stage()).isEqualTo(Stage.NONE);
        assertThat(world.shadowFile()).doesNotExist();
        world.next("n", 11, 5, "late");
        assertThat(world.told()).containsExactly("late");
        assertThat(world.reports).isEmpty();
    }

    @Test
    void theBotIsToldOfTheSwitch() throws IOException {
        OverlapWorld world = overlapping();
        world.told();
        StringBuilder payload = new StringBuilder();
        world.moment =
                record -> {
                    if (record.kind() == RecordKind.RESHARDED) {
                        payload.append(record.name())
                                .append(record.shardCount())
                                .append(record.payloadText());
                    }
                };
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        assertThat(payload)
                .hasToString(
                        "GW_RESHARDED3{\"t\":\"GW_RESHARDED\",\"s\":null,\"op\":0,\"d\":"
                            + "{\"old_shard_count\":2,\"new_shard_count\":3,\"generation\":1}}");
    }

    /** P2: the bot has had these guilds for long. */
    @Test
    void whatOnlyStartsTheNextOneIsNotHandedOut() throws IOException {
        OverlapWorld world = overlapping();
        world.guilds.absentInOld.add(9L);
        world.next("READY", "m", 1, 0, "ready");
        world.next("GUILD_CREATE", "m", 2, 5, "listed");
        world.next("RESUMED", "m", 3, 0, "resumed");
        world.next("GUILD_CREATE", "m", 4, 5, "joined");
        // In an outage of the old generation: it is news.
        world.next("GUILD_CREATE", "m", 5, 9, "listed after an outage");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        assertThat(world.told())
                .containsExactly("a", "RESHARDED", "joined", "listed after an outage");
        assertThat(world.log.lastSequence(0, "m")).hasValue(5);
    }

    /** P1: that the bot wants these doesn't cost it others, whichever came first. */
    @Test
    void whatStartsTheNextOneIsMarkedWhenTheBotWantsIt() throws IOException {
        OverlapWorld world =
                new OverlapWorld(root.resolve("w"), true, LogSettings.WhenFull.DROP_OLDEST, 1_000);
        prepare(world);
        world.next("READY", "n", 1, 0, "ready");
        world.next("GUILD_CREATE", "n", 2, 5, "listed 5");
        assertThat(world.told()).containsExactly("start ready", "start listed 5");
        world.overlap.watch();
        assertThat(world.overlap.begin()).isTrue();
        world.next("n", 3, 5, "only next");
        world.next("GUILD_CREATE", "n", 4, 6, "listed 6");
        world.next("n", 5, 6, "only next, too");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        List<String> told = world.told();
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "start listed 6", "RESHARDED", "only next", "only next, too");
        assertThat(told).containsSubsequence("RESHARDED", "only next", "only next, too");
    }

    /** P2: a twin that comes late is known by its session from then on. */
    @Test
    void whatWasDroppedDoesNotComeAgain() throws IOException {
        OverlapWorld world = overlapping();
        world.session(OverlapWorld.NEXT, 0, "n");
        world.live("g", 7, 5, "late");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        world.next("n", 20, 5, "late");
        assertThat(world.log.lastSequence(0, "n")).hasValue(20);
        assertThat(world.overlap.lastSequence(0, "n")).hasValue(20);
        assertThat(world.next("n", 20, 5, "late").duplicates()).isEqualTo(1);
        world.overlap.end();
        world.die(root.resolve("next"), OverlapWorld.NEXT);
        assertThat(world.log.lastSequence(0, "n")).hasValue(20);
        assertThat(world.log.sessions())
                .extracting(one -> one.sessionId() + one.sequence() + " of " + one.shardCount())
                .containsExactly("n20 of 3");
        assertThat(world.told()).containsExactly("a", "late", "RESHARDED");
    }

    /** P2: it comes again when its batch found no room. */
    @Test
    void aLateTwinThatFindsNoRoomIsStillOne() throws IOException {
        OverlapWorld world =
                new OverlapWorld(root.resolve("w"), false, LogSettings.WhenFull.PAUSE, 20);
        prepare(world);
        world.overlap.watch();
        assertThat(world.overlap.begin()).isTrue();
        for (int i = 1; i <= 18; i++) {
            assertThat(world.live("g", i, 5, "e" + i).full()).isFalse();
        }
        world.next("n", 1, 5, "only next");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        Records records = new Records();
        world.event(records, "E", 0, "n", 2, 5, "e17");
        world.event(records, "E", 0, "n", 3, 5, "e18");
        world.event(records, "E", 0, "n", 4, 5, "new");
        world.event(records, "E", 0, "n", 5, 5, "newer");
        byte[] batch = records.batch();
        AppendResult refused = world.log.append(batch, 0, batch.length);
        assertThat(refused.full()).isTrue();
        assertThat(world.overlap.figures().merged()).isZero();
        assertThat(world.told()).hasSize(20);
        AppendResult again = world.log.append(batch, 0, batch.length);
        assertThat(again.full()).isFalse();
        assertThat(world.told()).containsExactly("new", "newer");
        assertThat(world.overlap.figures().merged()).isEqualTo(2);
    }

    /** P1: a full queue only puts the switch off. */
    @Test
    void aSwitchWithoutRoomIsTriedAgain() throws IOException {
        OverlapWorld world =
                new OverlapWorld(root.resolve("w"), false, LogSettings.WhenFull.PAUSE, 20);
        prepare(world);
        world.overlap.watch();
        assertThat(world.overlap.begin()).isTrue();
        for (int i = 1; i <= 19; i++) {
            world.live("g", i, 5, "e" + i);
        }
        world.next("n", 1, 5, "only next");
        world.next("n", 2, 5, "only next 2");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isFalse();
        assertThat(world.overlap.stage()).isEqualTo(Stage.OVERLAPPING);
        world.next("n", 3, 5, "only next 3");
        assertThat(world.told()).hasSizeBetween(19, 20);
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        assertThat(world.told())
                .filteredOn(one -> !one.equals("RESHARDED"))
                .containsExactly("only next", "only next 2", "only next 3");
        assertThat(world.overlap.figures()).isEqualTo(new Switched(0, 3, 0));
    }

    @Test
    void whatBothShouldHaveHadIsCounted() throws IOException {
        OverlapWorld world = overlapping();
        world.next("n", 20, 5, "old");
        world.now = world.now.plusSeconds(20);
        world.next("n", 21, 5, "new");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        assertThat(world.overlap.figures()).isEqualTo(new Switched(0, 2, 1));
    }

    // ---- the way back ----------------------------------------------------------------------

    /** P4: the old generation notices nothing of one that is given up. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void oneThatIsGivenUpLeavesNothing(int stage) throws IOException {
        OverlapWorld world = world();
        world.session(OverlapWorld.OLD, 0, "g");
        prepare(world);
        world.next("n", 1, 5, "a");
        if (stage > 0) {
            world.overlap.watch();
            world.next("n", 2, 5, "b");
        }
        if (stage > 1) {
            assertThat(world.overlap.begin()).isTrue();
            world.next("n", 3, 5, "c");
        }
        world.live("g", 1, 5, "x");
        world.overlap.abandon();
        assertThat(world.overlap.stage()).isEqualTo(Stage.NONE);
        assertThat(world.overlap.knows(2)).isFalse();
        assertThat(world.overlap.heldCount()).isZero();
        assertThat(world.overlap.sessions()).isEmpty();
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isFalse();
        assertThat(world.guilds.forgotten).containsExactly(1);
        assertThat(world.shadowFile()).doesNotExist();
        world.live("g", 2, 5, "y");
        assertThat(world.told()).containsExactly("x", "y");
        assertThat(world.log.sessions()).extracting(KeptSession::sessionId).containsExactly("g");
        // And another one may follow.
        prepare(world);
        assertThat(world.overlap.lastSequence(0, "n")).isEmpty();
    }

    @Test
    void afterTheSwitchThereIsNoWayBack() throws IOException {
        OverlapWorld world = overlapping();
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        world.overlap.abandon();
        assertThat(world.overlap.stage()).isEqualTo(Stage.SETTLING);
        assertThat(world.overlap.current()).isEqualTo(OverlapWorld.NEXT);
    }

    @Test
    void whatWasMatchedIsForgottenWhenItBeginsAnew() throws IOException {
        OverlapWorld world = overlapping();
        world.next("n", 20, 5, "held");
        world.live("g", 20, 5, "live");
        world.overlap.beginAnew();
        assertThat(world.overlap.stage()).isEqualTo(Stage.PREPARING);
        assertThat(world.overlap.heldCount()).isZero();
        world.overlap.watch();
        assertThat(world.overlap.begin()).isTrue();
        world.next("n", 20, 5, "held");
        world.next("n", 21, 5, "new");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        assertThat(world.told()).containsExactly("a", "live", "RESHARDED", "new");
    }

    /** P3: workers that waited for a supervisor bring what they have kept. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void whatComesLateIsNoticedBeforeBothAreMatched(int worker) throws IOException {
        OverlapWorld world = watching();
        Records kept = world.event(new Records(), "E", 0, "s", 5, 5, "kept");
        world.now = world.now.plusSeconds(3);
        Side side = worker == 0 ? OverlapWorld.OLD : OverlapWorld.NEXT;
        var _ = world.take(kept, side);
        assertThat(world.overlap.takeLagMicros()).isEqualTo(3_000_000);
        assertThat(world.overlap.takeLagMicros()).isZero();
    }

    // ---- death -----------------------------------------------------------------------------

    /** P1, P2, P4: until the switch it is given up or goes on, with the sessions it has. */
    @Test
    void aDeathBeforeTheSwitchLosesNoSession() throws IOException {
        OverlapWorld world = world();
        prepare(world);
        world.session(OverlapWorld.NEXT, 1, "n1");
        world.next("n1", 3, 5, "a");
        world.overlap.tick();
        world.overlap.watch();
        assertThat(world.overlap.begin()).isTrue();
        world.next("n1", 4, 5, "b");
        List<KeptSession> sessions = world.overlap.sessions();
        world.die(root.resolve("next"), OverlapWorld.OLD);
        world.overlap.prepare(OverlapWorld.NEXT, world.shadowFile());
        assertThat(world.overlap.sessions()).isEqualTo(sessions);
        assertThat(world.overlap.lastSequence(0, "n1")).hasValue(4);
        assertThat(world.overlap.heldCount()).isZero();
        assertThat(world.overlap.missingGuilds()).isEqualTo(10);
    }

    /** P1: an equal event of long before was no twin, and is none for the process that follows. */
    @Test
    void aDeathAmidTheSwitchPairsAsTheProcessBeforeDid() throws IOException {
        OverlapWorld world = overlapping();
        world.live("g", 2, 5, "again");
        world.now = world.now.plusSeconds(8);
        world.overlap.steady(true, 5_000_000);
        world.next("n", 2, 5, "again");
        assertThat(world.overlap.heldCount()).isEqualTo(1);
        assertThat(world.overlap.order()).isTrue();
        dieAmidTheSwitch(world);
        assertThat(world.overlap.heldCount()).isEqualTo(1);
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        assertThat(world.told()).containsExactly("a", "again", "RESHARDED", "again");
    }

    /** P1: what was passed over before the overlap swallows nothing after a death in it. */
    @Test
    void aDeathDoesNotBringBackWhatWasPassedOver() throws IOException {
        OverlapWorld world = watching();
        world.live("g", 1, 5, "again");
        world.now = world.now.plusSeconds(1);
        world.live("g", 2, 5, "both");
        world.next("n", 1, 5, "both");
        world.now = world.now.plusSeconds(1);
        assertThat(world.overlap.begin()).isTrue();
        world.next("n", 2, 5, "again");
        assertThat(world.overlap.heldCount()).isEqualTo(1);
        assertThat(world.overlap.order()).isTrue();
        dieAmidTheSwitch(world);
        assertThat(world.overlap.heldCount()).isEqualTo(1);
    }

    /** P1, P2: with several appends, of which any may have been the last one. */
    @Test
    void aDeathAmidTheSwitchAddsWhatIsMissing() throws IOException {
        for (int dies = 0; dies < 12; dies++) {
            OverlapWorld world = new OverlapWorld(root.resolve("w" + dies));
            prepare(world);
            world.session(OverlapWorld.NEXT, 0, "n");
            world.overlap.watch();
            assertThat(world.overlap.begin()).isTrue();
            world.live("g", 1, 5, "both");
            world.next("n", 1, 5, "both");
            String large = "x".repeat(150_000);
            for (int i = 2; i < 12; i++) {
                world.next("n", i, 5, i + large);
            }
            world.live("g", 2, 5, "late");
            int until = dies;
            int[] seen = {0};
            world.moment =
                    _ -> {
                        if (seen[0]++ == until) {
                            throw new Death();
                        }
                    };
            boolean died = false;
            try {
                assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
            } catch (Death e) {
                died = true;
            }
            assertThat(died).isEqualTo(dies < 11);
            world.die(root.resolve("found" + dies), OverlapWorld.OLD);
            world.overlap.goOn(OverlapWorld.NEXT, world.shadowFile());
            // It was not acked, and comes again; what it brings now is kept apart, too.
            world.next("n", 11, 5, "11" + large);
            world.next("n", 12, 5, "12");
            assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
            world.next("n", 13, 5, "late");
            world.next("n", 14, 5, "14");
            assertThat(world.told().stream().map(one -> one.replace("x", "")))
                    .as("dies at %d", dies)
                    .containsExactly(
                            "both",
                            "late",
                            "RESHARDED",
                            "2",
                            "3",
                            "4",
                            "5",
                            "6",
                            "7",
                            "8",
                            "9",
                            "10",
                            "11",
                            "12",
                            "14");
            world.overlap.end();
            assertThat(world.log.sessions())
                    .extracting(one -> one.sessionId() + one.sequence())
                    .containsExactly("n14");
        }
    }

    /** P1, P2: what came late before the death has had its twin. */
    @Test
    void aDeathAfterTheSwitchKnowsWhatCameLate() throws IOException {
        OverlapWorld world = overlapping();
        world.session(OverlapWorld.NEXT, 0, "n");
        world.live("g", 2, 5, "late");
        world.live("g", 3, 5, "late");
        world.next("n", 2, 5, "only next");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        world.next("n", 3, 5, "late");
        world.next("n", 4, 6, "other");
        dieAmidTheSwitch(world);
        assertThat(world.log.lastSequence(0, "n")).hasValue(4);
        // Unacked, for all that it knows.
        world.next("n", 4, 6, "other");
        world.next("n", 5, 5, "late");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        world.next("n", 6, 5, "late");
        assertThat(world.told())
                .containsExactly("a", "late", "late", "RESHARDED", "only next", "other", "late");
    }

    /** P2: what the old one had, and its workers bring again, is had once. */
    @Test
    void notesAreNotTakenTwice() throws IOException {
        OverlapWorld world = overlapping();
        world.live("g", 2, 5, "x");
        dieAmidTheSwitch(world);
        world.live("g", 2, 5, "x");
        world.next("n", 2, 5, "x");
        world.next("n", 3, 5, "x");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        assertThat(world.told()).containsExactly("a", "x", "RESHARDED", "x");
    }

    /** P1: what was paired before both counted is no twin of what comes after. */
    @Test
    void aDeathDoesNotBringBackWhatWasPairedBefore() throws IOException {
        OverlapWorld world = watching();
        world.live("g", 1, 5, "x");
        world.next("n", 1, 5, "x");
        assertThat(world.overlap.begin()).isTrue();
        dieAmidTheSwitch(world);
        world.next("n", 2, 5, "x");
        assertThat(world.overlap.finish(world.micros(), TOLERANCE)).isTrue();
        assertThat(world.told()).containsExactly("x", "RESHARDED", "x");
    }

    /** It stands for kill -9. */
    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private OverlapWorld world() {
        return new OverlapWorld(root.resolve("w"));
    }

    private OverlapWorld watching() throws IOException {
        OverlapWorld world = world();
        prepare(world);
        world.overlap.watch();
        return world;
    }

    /** Kills the process; the next one finds its files in another directory, and goes on. */
    private void dieAmidTheSwitch(OverlapWorld world) throws IOException {
        world.die(root.resolve("next"), OverlapWorld.OLD);
        world.overlap.goOn(OverlapWorld.NEXT, world.shadowFile());
    }

    private OverlapWorld overlapping() throws IOException {
        OverlapWorld world = world();
        world.live("g", 1, 5, "a");
        prepare(world);
        world.overlap.watch();
        assertThat(world.overlap.begin()).isTrue();
        return world;
    }

    private static void prepare(OverlapWorld world) throws IOException {
        world.overlap.prepare(OverlapWorld.NEXT, world.shadowFile());
        assertThat(Files.exists(world.shadowFile())).isTrue();
    }
}
