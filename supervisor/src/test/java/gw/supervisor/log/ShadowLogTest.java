package gw.supervisor.log;

import static org.assertj.core.api.Assertions.assertThat;

import gw.record.RecordFormatException;
import gw.record.RecordKind;
import gw.record.RecordView;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What a generation that isn't in charge yet has brought outlives its process (P1, P4). */
@Timeout(30)
class ShadowLogTest {
    /** Takes nothing that is written to it. */
    private static final Path FULL = Path.of("/dev/full");

    @TempDir private Path dir;

    private final Heard heard = new Heard();

    /** Wants all events but those named UNWANTED. */
    private static final class Heard implements ShadowLog.Reader {
        private final List<String> arrived = new ArrayList<>();
        private final List<String> kept = new ArrayList<>();
        private final List<Long> offsets = new ArrayList<>();
        private final List<String> twins = new ArrayList<>();

        @Override
        public boolean arrives(RecordView record) {
            arrived.add(id(record));
            return !record.name().equals("UNWANTED");
        }

        @Override
        public void kept(RecordView record, long offset) {
            kept.add(id(record));
            offsets.add(offset);
        }

        @Override
        public void switched(RecordView mark) {
            kept.add("switched");
        }

        @Override
        public void twin(RecordView note, long key) {
            twins.add(id(note) + "=" + key + "@" + note.guildId());
        }

        @Override
        public void apart(long micros) {
            twins.add("apart " + micros);
        }
    }

    private static String id(RecordView record) {
        return record.sessionId() + ":" + record.sequence();
    }

    // ---- sessions and sequences (P4) -------------------------------------------------------

    @Test
    void sessionsAndSequencesSurvive() throws IOException {
        ShadowLog log = open(false);
        log.session(session(1, "a", false));
        log.session(session(2, "b", false));
        append(log, new Records().add(1, "a", 7, 5, "{}").add(2, "b", 3, 5, "{}"));
        log.tick();
        log.session(session(2, "b", true));
        log.session(session(2, "c", false));
        append(log, new Records().add(2, "c", 1, 5, "{}").add(1, "a", 9, 5, "{}"));
        log.tick();
        List<KeptSession> sessions = log.sessions();
        log.close();

        ShadowLog next = open(false);
        assertThat(next.sessions()).isEqualTo(sessions);
        assertThat(sessions)
                .extracting(one -> one.sessionId() + one.sequence() + one.ended())
                .containsExactly("a9false", "c1false");
        assertThat(next.lastSequence(1, "a")).hasValue(9);
        assertThat(next.lastSequence(2, "c")).hasValue(1);
        assertThat(next.lastSequence(2, "x")).isEmpty();
        // What it knew comes again and is known.
        assertThat(append(next, new Records().add(1, "a", 9, 5, "{}").add(1, "a", 10, 5, "{}")))
                .isEqualTo(1);
        next.close();
        assertThat(heard.kept).isEmpty();
    }

    /** Nothing was acked of what only came. */
    @Test
    void whatWasNotSafeComesAgain() throws IOException {
        ShadowLog log = open(false);
        log.session(session(1, "a", false));
        List<Long> safe = new ArrayList<>();
        append(log, new Records().add(1, "a", 7, 5, "{}"));
        log.whenSafe(safe::add, 1);
        assertThat(safe).isEmpty();
        log.close();
        ShadowLog next = open(false);
        assertThat(next.lastSequence(1, "a")).isEmpty();
        assertThat(append(next, new Records().add(1, "a", 7, 5, "{}"))).isEqualTo(1);
        next.close();
    }

    @Test
    void acksGoInOrderAndOnlyWhenSafe() throws IOException {
        ShadowLog log = open(false);
        log.session(session(1, "a", false));
        List<String> safe = new ArrayList<>();
        append(log, new Records().add(1, "a", 1, 5, "{}"));
        log.whenSafe(number -> safe.add("x" + number), 1);
        log.whenSafe(number -> safe.add("y" + number), 1);
        append(log, new Records().add(1, "a", 2, 5, "{}"));
        log.whenSafe(number -> safe.add("x" + number), 2);
        log.tick();
        assertThat(safe).containsExactly("x1", "y1", "x2");
        append(log, new Records().add(1, "a", 3, 5, "{}"));
        log.whenSafe(number -> safe.add("x" + number), 3);
        assertThat(log.keepEvents()).isTrue();
        assertThat(safe).containsExactly("x1", "y1", "x2", "x3");
        append(log, new Records().add(1, "a", 4, 5, "{}"));
        log.whenSafe(number -> safe.add("x" + number), 4);
        assertThat(safe).containsExactly("x1", "y1", "x2", "x3", "x4");
        log.close();
        assertThat(open(false).lastSequence(1, "a")).hasValue(4);
    }

    @Test
    void theFileIsShortenedAndKeepsTheHighestSequences() throws IOException {
        ShadowLog log = open(false);
        int shards = 2_000;
        for (int shard = 0; shard < shards; shard++) {
            log.session(session(shard, "a session of shard " + shard, false));
        }
        long longest = 0;
        long length = 0;
        long sequence = 0;
        while (length >= longest) {
            longest = length;
            sequence++;
            Records records = new Records();
            for (int shard = 0; shard < shards; shard++) {
                records.add(shard, "a session of shard " + shard, sequence, 5, "{}");
            }
            append(log, records);
            log.tick();
            length = Files.size(file());
        }
        assertThat(longest).isBetween(7_000_000L, 9_000_000L);
        assertThat(length).isLessThan(1_000_000);
        append(log, new Records().add(7, "a session of shard 7", sequence + 5, 5, "{}"));
        log.tick();
        log.close();
        ShadowLog next = open(false);
        assertThat(next.sessions()).hasSize(shards);
        for (KeptSession one : next.sessions()) {
            assertThat(one.sequence()).isEqualTo(one.shardId() == 7 ? sequence + 5 : sequence);
        }
        next.close();
        assertThat(dir).isDirectoryNotContaining("glob:**.tmp");
    }

    // ---- events ----------------------------------------------------------------------------

    @Test
    void eventsKeptAreFoundAgain() throws IOException {
        ShadowLog log = open(false);
        log.session(session(1, "a", false));
        append(log, new Records().add(1, "a", 1, 5, "{\"n\":1}"));
        assertThat(log.keepEvents()).isTrue();
        append(
                log,
                new Records()
                        .add(1, "a", 2, 5, "{\"n\":2}")
                        .add("UNWANTED", 1, "a", 3, 5, 1, "{}")
                        .add(1, "a", 4, 6, "{\"n\":4}"));
        append(log, new Records().add("UNWANTED", 1, "a", 5, 5, 1, "{}"));
        assertThat(heard.arrived).containsExactly("a:1", "a:2", "a:3", "a:4", "a:5");
        assertThat(heard.kept).containsExactly("a:2", "a:4");
        List<Long> offsets = List.copyOf(heard.offsets);
        log.close();

        heard.kept.clear();
        heard.offsets.clear();
        heard.arrived.clear();
        ShadowLog next = open(true);
        assertThat(heard.kept).containsExactly("a:2", "a:4");
        assertThat(heard.offsets).isEqualTo(offsets);
        assertThat(heard.arrived).isEmpty();
        assertThat(next.lastSequence(1, "a")).hasValue(5);
        RecordView view = new RecordView();
        byte[] last = next.read(offsets.getLast(), (int) (Files.size(file()) - offsets.getLast()));
        assertThat(wrap(view, last)).isPositive();
        assertThat(view.payloadText()).isEqualTo("{\"n\":4}");
        next.close();

        heard.kept.clear();
        ShadowLog alone = open(false);
        assertThat(heard.kept).isEmpty();
        assertThat(alone.lastSequence(1, "a")).hasValue(5);
        alone.close();
    }

    @Test
    void twinsAreNotedOnceAlsoOverAProcess() throws IOException {
        ShadowLog log = open(false);
        assertThat(log.twin(view("g", 4, 5), 77)).isTrue();
        assertThat(log.twin(view("g", 4, 5), 77)).isFalse();
        assertThat(log.twin(view("g", 3, 5), 78)).isFalse();
        assertThat(log.twin(view("h", 3, 6), Long.MIN_VALUE)).isTrue();
        log.flushTwins();
        log.flushTwins();
        log.apart(2_000_000);
        assertThat(log.twin(view("g", 5, 5), 79)).isTrue();
        log.close();

        ShadowLog next = open(true);
        // What was not flushed was ahead of nothing.
        assertThat(heard.twins)
                .containsExactly("g:4=77@5", "h:3=-9223372036854775808@6", "apart 2000000");
        assertThat(next.twin(view("g", 4, 5), 77)).isFalse();
        assertThat(next.twin(view("g", 5, 5), 79)).isTrue();
        next.keepSequences();
        assertThat(next.twin(view("g", 5, 5), 79)).isTrue();
        next.close();
        heard.twins.clear();
        open(true).close();
        assertThat(heard.twins).isEmpty();
    }

    /** As one that the generation brought while both ran: it must not pair twice. */
    @Test
    void aLateOneIsKeptOnce() throws IOException {
        ShadowLog log = open(false);
        log.session(session(1, "a", false));
        assertThat(log.keepEvents()).isTrue();
        log.late(view("a", 4, 5));
        log.late(view("a", 4, 5));
        log.late(view("a", 6, 5));
        log.close();
        heard.kept.clear();
        ShadowLog next = open(true);
        assertThat(heard.kept).containsExactly("a:4", "a:6");
        assertThat(next.lastSequence(1, "a")).hasValue(6);
        next.close();
    }

    // ---- what must not get in --------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void damageEndsABatchButLosesNothingThatWasGood(boolean keeping) throws IOException {
        ShadowLog log = open(false);
        if (keeping) {
            assertThat(log.keepEvents()).isTrue();
        }
        byte[] bytes = new Records().add(1, "a", 1, 5, "{}").add(1, "a", 2, 5, "{}").batch();
        bytes[bytes.length - 1] ^= 1;
        AppendResult result = log.append(bytes, 0, bytes.length);
        assertThat(result.problem()).isPresent();
        assertThat(result.bad()).isEqualTo(1);
        assertThat(result.accepted()).isEqualTo(1);
        bytes[bytes.length - 1] ^= 1;
        result = log.append(bytes, 0, bytes.length);
        assertThat(result.problem()).isEmpty();
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(result.duplicates()).isEqualTo(1);
        assertThat(heard.arrived).containsExactly("a:1", "a:2");
        log.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = RecordKind.class,
            names = {"DISPATCH", "GAP"},
            mode = EnumSource.Mode.EXCLUDE)
    void aWorkerWritesNoRecordsOfTheSupervisor(RecordKind kind) throws IOException {
        ShadowLog log = open(false);
        assertThat(log.keepEvents()).isTrue();
        byte[] bytes =
                new Records()
                        .add(1, "a", 1, 5, "{}")
                        .add(kind, "X", 1, "a", 2, 5, 1, "12345678")
                        .add(1, "a", 3, 5, "{}")
                        .batch();
        AppendResult result = log.append(bytes, 0, bytes.length);
        assertThat(result.problem().orElseThrow()).contains("a worker writes no such records");
        assertThat(result.accepted()).isEqualTo(1);
        assertThat(heard.kept).containsExactly("a:1");
        log.close();
        assertThat(open(true).lastSequence(1, "a")).hasValue(1);
    }

    // ---- no room ---------------------------------------------------------------------------

    @Test
    void aBatchWithoutRoomComesAgainWhole() throws IOException {
        Files.createSymbolicLink(file(), FULL);
        ShadowLog log = open(true);
        log.session(session(1, "a", false));
        assertThat(log.trouble()).isNotEmpty();
        assertThat(log.keepEvents()).isFalse();
        makeRoom(log, false);
        assertThat(log.keepEvents()).isTrue();
        append(log, new Records().add(1, "a", 1, 5, "{}"));
        log.close();
        heard.kept.clear();
        heard.arrived.clear();
        Files.delete(file());

        Files.createSymbolicLink(file(), FULL);
        log = open(true);
        assertThat(log.keepEvents()).isTrue();
        byte[] batch = new Records().add(1, "b", 1, 5, "{}").add(1, "b", 2, 5, "{}").batch();
        AppendResult refused = log.append(batch, 0, batch.length);
        assertThat(refused.full()).isTrue();
        assertThat(refused.accepted()).isZero();
        assertThat(log.trouble()).isNotEmpty();
        assertThat(log.lastSequence(1, "b")).isEmpty();
        assertThat(heard.kept).isEmpty();
        List<String> told = new ArrayList<>();
        log.whenRoom(() -> told.add("room"));
        makeRoom(log, true);
        log.tick();
        log.tick();
        assertThat(told).containsExactly("room");
        AppendResult again = log.append(batch, 0, batch.length);
        assertThat(again.accepted()).isEqualTo(2);
        assertThat(heard.kept).containsExactly("b:1", "b:2");
        log.close();
        heard.kept.clear();
        open(true).close();
        assertThat(heard.kept).containsExactly("b:1", "b:2");
    }

    /** P4: an ack promises that the sequence is on disk. */
    @Test
    void nothingIsSafeThatTheDiskDoesNotTake() throws IOException {
        Files.createSymbolicLink(file(), FULL);
        ShadowLog log = open(true);
        log.session(session(1, "a", false));
        append(log, new Records().add(1, "a", 3, 5, "{}"));
        List<Long> safe = new ArrayList<>();
        log.whenSafe(safe::add, 1);
        log.tick();
        assertThat(safe).isEmpty();
        assertThat(log.keepEvents()).isFalse();
        assertThat(safe).isEmpty();
        makeRoom(log, false);
        log.tick();
        assertThat(safe).containsExactly(1L);
        assertThat(log.trouble()).isEmpty();
        log.close();
        ShadowLog next = open(false);
        assertThat(next.lastSequence(1, "a")).hasValue(3);
        assertThat(next.sessions()).hasSize(1);
        next.close();
    }

    // ---- death at any byte -----------------------------------------------------------------

    private record Known(
            long length,
            List<String> sessions,
            List<Long> sequences,
            List<String> kept,
            List<String> twins) {}

    @Test
    void aFileCutAnywhereHasAllThatWasWrittenBefore() throws IOException {
        List<Known> steps = new ArrayList<>();
        ShadowLog log = open(false);
        List<Runnable> life =
                List.of(
                        () -> log.session(session(1, "a", false)),
                        () -> append(log, new Records().add(1, "a", 7, 5, "{}")),
                        log::tick,
                        () -> log.session(session(2, "b", false)),
                        () -> twin(log, "g", 1, 11),
                        () -> assertThat(log.keepEvents()).isTrue(),
                        () -> append(log, new Records().add(1, "a", 8, 5, "{\"n\":8}")),
                        () -> twin(log, "g", 2, 12),
                        () ->
                                append(
                                        log,
                                        new Records()
                                                .add(2, "b", 1, 6, "{\"n\":1}")
                                                .add("UNWANTED", 1, "a", 9, 5, 1, "{}")),
                        () -> log.session(session(1, "a", true)),
                        () -> log.session(session(1, "c", false)),
                        () -> append(log, new Records().add(1, "c", 1, 5, "{\"n\":\"ä\"}")),
                        () -> twin(log, "h", 1, 13),
                        () -> log.late(view("c", 2, 5)));
        for (Runnable step : life) {
            step.run();
            steps.add(known(log));
        }
        assertThat(heard.kept).hasSize(3);
        log.close();
        byte[] whole = Files.readAllBytes(file());
        byte[] garbage = new byte[200];
        new Random(5).nextBytes(garbage);
        for (int cut = 0; cut <= whole.length; cut++) {
            for (boolean more : new boolean[] {false, true}) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                bytes.write(whole, 0, cut);
                if (more) {
                    bytes.write(garbage);
                }
                check(bytes.toByteArray(), cut, steps);
            }
        }
    }

    private void check(byte[] bytes, int cut, List<Known> steps) throws IOException {
        Known last = steps.getFirst();
        boolean between = true;
        for (Known step : steps) {
            // What a step did not write is not promised.
            if (step.length() <= cut && step.length() > last.length()) {
                last = step;
            }
            between &= step.length() != cut;
        }
        if (cut < last.length()) {
            last = new Known(0, List.of(), List.of(-1L, -1L, -1L), List.of(), List.of());
        }
        Files.write(file(), bytes);
        Known found = again(true);
        if (!between) {
            assertThat(found.sessions()).as("cut at %d", cut).isEqualTo(last.sessions());
        }
        for (int i = 0; i < last.sequences().size(); i++) {
            assertThat(found.sequences().get(i))
                    .as("cut at %d", cut)
                    .isGreaterThanOrEqualTo(last.sequences().get(i));
        }
        assertThat(found.kept().subList(0, last.kept().size()))
                .as("cut at %d", cut)
                .isEqualTo(last.kept());
        assertThat(found.twins().subList(0, last.twins().size()))
                .as("cut at %d", cut)
                .isEqualTo(last.twins());
        // What stood behind is gone for good, and what comes now stands in its place.
        assertThat(found.length()).isBetween(last.length(), (long) cut);
        try (ShadowLog log = open(true)) {
            assertThat(log.keepEvents()).isTrue();
            append(log, new Records().add(3, "z", 1, 5, "{}"));
        }
        List<String> kept = new ArrayList<>(found.kept());
        kept.add("z:1");
        assertThat(again(true).kept()).as("cut at %d", cut).isEqualTo(kept);
        Known alone = again(false);
        assertThat(alone.sessions()).as("cut at %d", cut).isEqualTo(found.sessions());
        assertThat(alone.kept()).isEmpty();
        assertThat(alone.twins()).isEmpty();
    }

    private Known again(boolean whole) throws IOException {
        heard.kept.clear();
        heard.twins.clear();
        try (ShadowLog log = open(whole)) {
            return known(log);
        }
    }

    private Known known(ShadowLog log) {
        try {
            return new Known(
                    Files.size(file()),
                    log.sessions().stream().map(one -> one.sessionId() + one.ended()).toList(),
                    List.of(
                            log.lastSequence(1, "a").orElse(-1),
                            log.lastSequence(2, "b").orElse(-1),
                            log.lastSequence(1, "c").orElse(-1)),
                    List.copyOf(heard.kept),
                    List.copyOf(heard.twins));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void garbageIsAnEmptyFile(long seed) throws IOException {
        System.out.printf("seed %d%n", seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            if (bytes.length > 60 && random.nextBoolean()) {
                // A length that the file has room for, or that claims the machine's memory.
                Arrays.fill(bytes, 0, 4, (byte) 0);
                bytes[random.nextInt(4)] = (byte) random.nextInt(128);
            }
            Files.write(file(), bytes);
            try (ShadowLog log = open(true)) {
                assertThat(log.sessions()).isEmpty();
                assertThat(Files.size(file())).isZero();
            }
        }
        assertThat(heard.kept).isEmpty();
    }

    /** One that is larger than what is read at once. */
    @Test
    void aGiantIsFoundAgain() throws IOException {
        ShadowLog log = open(false);
        assertThat(log.keepEvents()).isTrue();
        String large = "{\"x\":\"" + "y".repeat(3_000_000) + "\"}";
        append(
                log,
                new Records()
                        .add(1, "a", 1, 5, "{}")
                        .add(1, "a", 2, 5, large)
                        .add(1, "a", 3, 5, "{}")
                        .add(1, "a", 4, 5, large));
        log.close();
        heard.kept.clear();
        open(true).close();
        assertThat(heard.kept).containsExactly("a:1", "a:2", "a:3", "a:4");
        Spoil.truncate(file(), Files.size(file()) - 1);
        heard.kept.clear();
        open(true).close();
        assertThat(heard.kept).containsExactly("a:1", "a:2", "a:3");
    }

    @Test
    void nothingIsLeftOfOneThatIsRemoved() throws IOException {
        ShadowLog log = open(false);
        log.session(session(1, "a", false));
        log.remove();
        assertThat(dir).isEmptyDirectory();
    }

    // ----------------------------------------------------------------------------------------

    private Path file() {
        return dir.resolve("shadow.log");
    }

    private static final long MOST_BYTES = 1L << 40;

    private ShadowLog open(boolean whole) throws IOException {
        return ShadowLog.open(file(), MOST_BYTES, InstantSource.system(), heard, whole);
    }

    /** A new file takes the place of the one that is full. */
    private static void makeRoom(ShadowLog log, boolean keepEvents) throws IOException {
        log.keepSequences();
        if (keepEvents) {
            assertThat(log.keepEvents()).isTrue();
        }
    }

    private static KeptSession session(int shard, String id, boolean ended) {
        return new KeptSession(shard, 10, 513, id, "wss://resume", 0, ended);
    }

    private static int append(ShadowLog log, Records records) {
        byte[] batch = records.batch();
        AppendResult result = log.append(batch, 0, batch.length);
        assertThat(result.full()).isFalse();
        assertThat(result.problem()).isEmpty();
        return result.accepted();
    }

    private void twin(ShadowLog log, String session, long sequence, long key) {
        assertThat(log.twin(view(session, sequence, 5), key)).isTrue();
        heard.twin(view(session, sequence, 5), key);
        log.flushTwins();
    }

    private static RecordView view(String session, long sequence, long guild) {
        RecordView view = new RecordView();
        var _ = wrap(view, new Records().add(1, session, sequence, guild, "{}").batch());
        return view;
    }

    private static int wrap(RecordView view, byte[] bytes) {
        try {
            return view.wrap(bytes, 0, bytes.length);
        } catch (RecordFormatException e) {
            throw new AssertionError(e);
        }
    }
}
