package gw.supervisor.reshard;

import gw.record.RecordBuffer;
import gw.record.RecordFormat;
import gw.record.RecordKind;
import gw.record.RecordView;
import gw.supervisor.log.AppendResult;
import gw.supervisor.log.DispatchLog;
import gw.supervisor.log.KeptSession;
import gw.supervisor.log.LogWatcher;
import gw.supervisor.log.ShadowLog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The switch from one generation of shards to the next, as the events see it. The next one's events
 * are kept apart in a log of their own until it is in charge; what both have is told by content
 * ({@link TwinMatcher}), and what only the next one has goes into the log of events behind all that
 * the other brought (P1, P2). Owned by the data event loop.
 */
public final class Overlap implements LogWatcher {
    private static final byte[] NAME = "GW_RESHARDED".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] READY = "READY".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESUMED = "RESUMED".getBytes(StandardCharsets.US_ASCII);
    private static final String START = "start.";
    private static final int BATCH_BYTES = 512 * 1024;

    private record Taken(long order, long key, long micros) {}

    /** Where it stands. */
    public enum Stage {
        /** One generation alone. */
        NONE,
        /** The next one comes up: of its events only the sequences are kept. */
        PREPARING,
        /** The same, and what the serving one has is noted. */
        WATCHING,
        /** Both run, and what they have is matched. */
        OVERLAPPING,
        /** The next one is in charge; what it brings late is still matched. */
        SETTLING
    }

    private final DispatchLog log;
    private final InstantSource clock;
    private final GuildWatch guilds;
    private final boolean startEvents;
    private final long mostBytes;
    private final Consumer<String> report;
    private final TwinMatcher matcher = new TwinMatcher();
    private final ArrayDeque<Taken> taken = new ArrayDeque<>();
    private Side current;
    private @Nullable Side next;
    private @Nullable ShadowLog shadows;
    private Stage stage = Stage.NONE;

    /** What is written just now was counted as it came. */
    private boolean writesOwn;

    private boolean ordered;
    private boolean sessionsMoved;
    private boolean unreadable;
    private long lagMicros;
    private long added;
    private long possible;

    /**
     * One generation alone.
     *
     * @param guilds tells a shard's first events from others
     * @param startEvents whether the bot is to have the next generation's first events, too
     * @param mostBytes that may be kept apart
     * @param report takes a line of what went wrong
     */
    public Overlap(
            DispatchLog log,
            Side current,
            GuildWatch guilds,
            boolean startEvents,
            long mostBytes,
            InstantSource clock,
            Consumer<String> report) {
        this.log = log;
        this.current = current;
        this.guilds = guilds;
        this.startEvents = startEvents;
        this.mostBytes = mostBytes;
        this.clock = clock;
        this.report = report;
    }

    /** The generation in charge. */
    public Side current() {
        return current;
    }

    /** Whether this worker is one of a generation that serves, comes up or goes. */
    public boolean knows(int worker) {
        Side coming = next;
        return current.has(worker) || (coming != null && coming.has(worker));
    }

    /** The generation of this worker. */
    public Side sideOf(int worker) {
        Side coming = next;
        return coming != null && coming.has(worker) ? coming : current;
    }

    /** Where its batches go; null: into the log of events. */
    public @Nullable ShadowLog shadowsOf(int worker) {
        Side coming = next;
        return coming != null && coming.has(worker) ? shadows : null;
    }

    public Stage stage() {
        return stage;
    }

    /** So far. */
    public Switched figures() {
        return new Switched(matcher.pairs(), added, possible);
    }

    // ---- the steps -------------------------------------------------------------------------

    /**
     * Another generation comes up behind this one, or goes on coming up after a restart.
     *
     * @param file of its log; what an earlier process left in it is its sessions
     */
    public void prepare(Side coming, Path file) throws IOException {
        shadows = ShadowLog.open(file, mostBytes, clock, new Shadows(), false);
        next = coming;
        stage = Stage.PREPARING;
        matcher.clear();
        ordered = false;
        sessionsMoved = false;
        unreadable = false;
        added = 0;
        possible = 0;
    }

    /**
     * The switch had begun when the process before this one died: all is as it was then.
     *
     * @param file of the log that it left
     */
    public void goOn(Side coming, Path file) throws IOException {
        next = coming;
        stage = Stage.OVERLAPPING;
        ordered = true;
        ShadowLog left = ShadowLog.open(file, mostBytes, clock, new Shadows(), true);
        shadows = left;
        if (!left.keepEvents()) {
            throw new IOException(left.trouble());
        }
        // The log forgets it with the segment in which it stands.
        if (log.lastSequence(0, markerId(coming)).isPresent()) {
            left.known(0, coming.shardCount(), markerId(coming), 1);
        }
    }

    /**
     * The generation in charge was in charge already when the process before this one died, and
     * what it brings late was still matched.
     *
     * @param file of the log that it left
     */
    public void goOnSettling(Path file) throws IOException {
        stage = Stage.SETTLING;
        ShadowLog left = ShadowLog.open(file, mostBytes, clock, new Shadows(), true);
        matcher.releaseAll();
        shadows = left;
    }

    /** There is no way back any more: what the next generation says of itself counts, too. */
    public boolean order() {
        ordered = stage == Stage.OVERLAPPING;
        return ordered;
    }

    /** From now on what the serving generation has is noted. */
    public void watch() {
        if (stage == Stage.PREPARING) {
            stage = Stage.WATCHING;
        }
    }

    /**
     * Whether both have run undisturbed lately: then the two of a pair come no further apart than
     * the tolerance.
     */
    public void steady(boolean is, long toleranceMicros) {
        ShadowLog notes = shadows;
        long most = is ? toleranceMicros : Long.MAX_VALUE;
        if (notes != null && matcher.mostApart(most)) {
            // Who reads it again has to come to the same.
            notes.apart(most);
        }
    }

    /** By how much what came since the last call was late on its way from the socket; most. */
    public long takeLagMicros() {
        long most = lagMicros;
        lagMicros = 0;
        return most;
    }

    /** How far apart the two of a pair came at most since the last call. */
    public long takeApartMicros() {
        return matcher.takeApartMicros();
    }

    private void lag(RecordView record) {
        lagMicros = Math.max(lagMicros, RecordFormat.micros(clock) - record.receivedAtMicros());
    }

    /** What the serving generation had before this moment has no twin any more. */
    public void forgetBefore(long micros) {
        matcher.forgetBefore(micros);
    }

    /**
     * From now on both are matched.
     *
     * @return false: the disk doesn't take what has to be kept
     */
    public boolean begin() {
        ShadowLog to = shadows;
        if (stage == Stage.WATCHING && to != null && to.keepEvents()) {
            matcher.notes((order, key, micros) ->
                    to.earlier(
                            order < 0 ? (int) (-1 - order) : 0, Math.max(0, order), micros, key));
            to.flushTwins();
            stage = Stage.OVERLAPPING;
        }
        return stage == Stage.OVERLAPPING;
    }

    /** Something was not as it must be: what was matched is forgotten, the next one comes up on. */
    public void beginAnew() throws IOException {
        ShadowLog from = shadows;
        if (stage == Stage.OVERLAPPING && from != null) {
            stage = Stage.PREPARING;
            matcher.clear();
            from.keepSequences();
        }
    }

    /** The next generation is given up: nothing of it was ever seen. */
    public void abandon() throws IOException {
        ShadowLog from = shadows;
        Side given = next;
        if (from != null && given != null && stage != Stage.SETTLING) {
            guilds.forget(given.generation());
            next = null;
            shadows = null;
            stage = Stage.NONE;
            matcher.clear();
            from.remove();
        }
    }

    /** How many guilds are away in the next generation alone. */
    public int missingGuilds() {
        Side coming = next;
        return coming == null ? 0 : guilds.missing(coming.generation(), current.generation());
    }

    /** How many events only the next generation has had so far. */
    public int heldCount() {
        return matcher.heldCount();
    }

    /**
     * The serving generation is gone for good, and all it had is in the log: the next one is in
     * charge. Done again after a death in the middle, it adds what is missing.
     *
     * @param orderedMicros when the switch was ordered
     * @param toleranceMicros by how much the two may be apart
     * @return false: there is no room in the log now, or the disk can't be read; try again
     */
    public boolean finish(long orderedMicros, long toleranceMicros) {
        Side coming = next;
        ShadowLog from = shadows;
        if (stage != Stage.OVERLAPPING || coming == null || from == null) {
            return stage == Stage.SETTLING;
        }
        RecordBuffer marker = marker(coming);
        List<TwinMatcher.Held> held = List.copyOf(matcher.held());
        try {
            if (!mark(coming, from, marker)) {
                return false;
            }
            if (!sessionsMoved) {
                sessionsMoved = true;
                log.forgetSessions(_ -> true);
                from.sessions().forEach(log::session);
            }
            if (!append(from, held)) {
                return false;
            }
        } catch (IOException e) {
            if (!unreadable) {
                unreadable = true;
                report.accept("the new generation's events can't be read: " + e.getMessage());
            }
            return false;
        }
        log.adopt(from.sessions());
        from.switched(marker);
        added = held.size();
        possible =
                held.stream()
                        .filter(event -> event.isDoubtful(orderedMicros - toleranceMicros))
                        .count();
        matcher.releaseAll();
        guilds.forget(current.generation());
        current = coming;
        next = null;
        ordered = false;
        stage = Stage.SETTLING;
        return true;
    }

    private boolean append(ShadowLog from, List<TwinMatcher.Held> held) throws IOException {
        RecordBuffer batch = new RecordBuffer(BATCH_BYTES);
        for (TwinMatcher.Held event : held) {
            batch.append(from.read(event.offset(), event.length()), 0, event.length());
            if (batch.length() >= BATCH_BYTES) {
                if (!append(batch)) {
                    return false;
                }
                batch.clear();
            }
        }
        return append(batch);
    }

    private boolean append(RecordBuffer batch) {
        writesOwn = true;
        try {
            AppendResult result = log.appendOwn(batch.array(), 0, batch.length());
            result.problem().ifPresent(report);
            return !result.full();
        } finally {
            writesOwn = false;
        }
    }

    /** Tells the bot of the switch, once; false: there is no room. */
    private boolean mark(Side coming, ShadowLog from, RecordBuffer marker) {
        if (from.lastSequence(0, markerId(coming)).isPresent()) {
            return true;
        }
        if (!append(marker)) {
            return false;
        }
        from.known(0, coming.shardCount(), markerId(coming), 1);
        return true;
    }

    private static String markerId(Side coming) {
        return "reshard." + coming.generation();
    }

    private RecordBuffer marker(Side coming) {
        String json =
                "{\"t\":\"GW_RESHARDED\",\"s\":null,\"op\":0,\"d\":{\"old_shard_count\":"
                        + current.shardCount()
                        + ",\"new_shard_count\":"
                        + coming.shardCount()
                        + ",\"generation\":"
                        + coming.generation()
                        + "}}";
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        RecordBuffer buffer = new RecordBuffer(512);
        var _ =
                buffer.append(
                        RecordKind.RESHARDED,
                        0,
                        coming.shardCount(),
                        1,
                        0,
                        RecordFormat.micros(clock),
                        markerId(coming).getBytes(StandardCharsets.US_ASCII),
                        NAME,
                        0,
                        NAME.length,
                        payload,
                        0,
                        payload.length);
        return buffer;
    }

    /** Nothing comes late any more: the generation in charge is alone. */
    public void end() throws IOException {
        ShadowLog from = shadows;
        if (stage != Stage.SETTLING || from == null) {
            return;
        }
        // How far each session is known, what was dropped included.
        log.adopt(log.sessions());
        stage = Stage.NONE;
        shadows = null;
        matcher.clear();
        from.remove();
    }

    /** Several times a second. */
    public void tick() {
        ShadowLog to = shadows;
        if (to != null) {
            to.tick();
        }
    }

    /** How far a session is safe that the next generation holds or held. */
    public OptionalLong lastSequence(int shardId, String sessionId) {
        ShadowLog from = shadows;
        return from == null ? OptionalLong.empty() : from.lastSequence(shardId, sessionId);
    }

    /** The sessions of the generation that comes up. */
    public List<KeptSession> sessions() {
        ShadowLog from = shadows;
        return from == null ? List.of() : from.sessions();
    }

    /** Why what the next generation brings can't be written; empty: it can. */
    public String trouble() {
        ShadowLog to = shadows;
        return to == null ? "" : to.trouble();
    }

    // ---- the generation in charge, on its way into the log ---------------------------------

    @Override
    public boolean arrives(RecordView record) {
        return switch (stage) {
            case NONE, PREPARING, WATCHING -> true;
            case OVERLAPPING -> {
                lag(record);
                ShadowLog notes = shadows;
                if (notes != null && isTold(record)) {
                    long key = ContentKey.of(record);
                    if (notes.twin(record, key)) {
                        matcher.live(order(record), key, record.receivedAtMicros());
                    }
                }
                yield true;
            }
            case SETTLING -> !isLate(record);
        };
    }

    private boolean isLate(RecordView record) {
        ShadowLog notes = shadows;
        if (notes == null || !isTold(record)) {
            return false;
        }
        long order = order(record);
        long key = ContentKey.of(record);
        if (!matcher.take(order, key, record.receivedAtMicros())) {
            return false;
        }
        taken.addLast(new Taken(order, key, record.receivedAtMicros()));
        var _ = guilds.arrives(current.generation(), record);
        notes.late(record);
        return true;
    }

    @Override
    public void kept() {
        taken.clear();
    }

    @Override
    public void writing() {
        ShadowLog notes = shadows;
        if (notes != null) {
            notes.flushTwins();
        }
    }

    @Override
    public void takenBack() {
        while (!taken.isEmpty()) {
            Taken last = taken.removeLast();
            matcher.putBack(last.order(), last.key(), last.micros());
        }
    }

    @Override
    public void taken(RecordView record) {
        if (writesOwn) {
            return;
        }
        var _ = guilds.arrives(current.generation(), record);
        if (stage == Stage.WATCHING && isTold(record)) {
            lag(record);
            matcher.live(order(record), ContentKey.of(record), record.receivedAtMicros());
        }
    }

    /** Whose order the event stands in: its guild's, or its shard's. */
    private static long order(RecordView record) {
        return record.guildId() != 0 ? record.guildId() : -1L - record.shardId();
    }

    /** What a session says of itself alone has no twin. */
    private static boolean isTold(RecordView record) {
        return record.kind() == RecordKind.DISPATCH
                && !record.nameEquals(READY)
                && !record.nameEquals(RESUMED);
    }

    // ---- the next generation, on its way into its own ---------------------------------------

    private final class Shadows implements ShadowLog.Reader {
        @Override
        public boolean arrives(RecordView record) {
            Side coming = next;
            if (coming == null) {
                return false;
            }
            boolean starts = guilds.arrives(coming.generation(), record);
            if (ordered) {
                // Nobody else will tell it: it is the one in charge but for its name.
                return !record.nameEquals(RESUMED);
            }
            if (starts
                    && (record.guildId() == 0
                            || !guilds.isAbsent(current.generation(), record.guildId()))) {
                if (startEvents) {
                    tell(record);
                }
                return false;
            }
            if (stage == Stage.WATCHING && isTold(record)) {
                lag(record);
                matcher.shadow(held(record, -1));
            }
            return isTold(record);
        }

        @Override
        public void kept(RecordView record, long offset) {
            lag(record);
            matcher.shadow(held(record, offset));
        }

        @Override
        public void twin(RecordView record, long key) {
            matcher.live(order(record), key, record.receivedAtMicros());
        }

        @Override
        public void apart(long micros) {
            var _ = matcher.mostApart(micros);
        }

        @Override
        public void switched(RecordView mark) {
            // What stands before it is in the log of events.
            matcher.releaseAll();
        }
    }

    private static TwinMatcher.Held held(RecordView record, long offset) {
        return new TwinMatcher.Held(
                order(record),
                ContentKey.of(record),
                offset,
                record.length(),
                record.receivedAtMicros());
    }

    /**
     * The bot wants to see how the next generation starts. Under a session of its own: what the
     * real one has brought before, and the bot gets after it, is not known by that.
     */
    private void tell(RecordView record) {
        RecordBuffer copy = new RecordBuffer(record.length() + START.length());
        var _ =
                copy.append(
                        RecordKind.START_UP,
                        record.shardId(),
                        record.shardCount(),
                        record.sequence(),
                        record.guildId(),
                        record.receivedAtMicros(),
                        (START + record.sessionId()).getBytes(StandardCharsets.ISO_8859_1),
                        record.array(),
                        record.nameOffset(),
                        record.nameLength(),
                        record.array(),
                        record.payloadOffset(),
                        record.payloadLength());
        var _ = append(copy);
    }
}
