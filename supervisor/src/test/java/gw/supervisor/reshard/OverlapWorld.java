package gw.supervisor.reshard;

import gw.model.ShardRange;
import gw.record.RecordKind;
import gw.record.RecordView;
import gw.supervisor.log.AppendResult;
import gw.supervisor.log.KeptSession;
import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogLimits;
import gw.supervisor.log.LogSettings;
import gw.supervisor.log.LogWatcher;
import gw.supervisor.log.NewerLogException;
import gw.supervisor.log.Records;
import gw.supervisor.log.SegmentLog;
import gw.supervisor.log.ShadowLog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A supervisor's log and its overlap in a directory, which another one may find as it is. */
final class OverlapWorld implements LogWatcher {
    static final Side OLD = new Side(0, 0, 2, new ShardRange(0, 1, 2), 513);
    static final Side NEXT = new Side(1, 2, 3, new ShardRange(0, 2, 3), 513);
    private static final Pattern CONTENT = Pattern.compile("\"c\":\"([^\"]*)\"");

    private final boolean startEvents;
    private final LogSettings.WhenFull whenFull;
    private final int maxEvents;
    private final RecordView view = new RecordView();

    /** Sees each record that the log takes; it may throw, as a process that dies. */
    Consumer<RecordView> moment = _ -> {};

    Instant now = Instant.ofEpochSecond(1_000);
    final Guilds guilds = new Guilds();
    final List<String> reports = new ArrayList<>();
    Path dir;
    SegmentLog log;
    Overlap overlap;

    /** A GUILD_CREATE whose content says so starts a shard. */
    static final class Guilds implements GuildWatch {
        final Set<Long> absentInOld = new HashSet<>();
        final List<Integer> forgotten = new ArrayList<>();
        final List<String> arrived = new ArrayList<>();

        @Override
        public boolean arrives(int generation, RecordView record) {
            arrived.add(generation + ":" + record.name());
            return record.name().equals("READY") || record.payloadText().contains("listed");
        }

        @Override
        public int missing(int next, int current) {
            return next * 10 + current;
        }

        @Override
        public void forget(int generation) {
            forgotten.add(generation);
        }

        @Override
        public boolean isAbsent(int generation, long guildId) {
            return generation == 0 && absentInOld.contains(guildId);
        }
    }

    OverlapWorld(Path dir) {
        this(dir, false, LogSettings.WhenFull.DROP_OLDEST, 1_000_000);
    }

    OverlapWorld(Path dir, boolean startEvents, LogSettings.WhenFull whenFull, int maxEvents) {
        this.dir = dir;
        this.startEvents = startEvents;
        this.whenFull = whenFull;
        this.maxEvents = maxEvents;
        this.log = openLog();
        this.overlap = overlap(OLD);
    }

    Path shadowFile() {
        return dir.resolve("shadow.log");
    }

    private SegmentLog openLog() {
        LogSettings settings =
                new LogSettings(
                        dir.resolve("log"),
                        LogLimits.of(1L << 30, maxEvents),
                        Optional.empty(),
                        Map.of(),
                        whenFull,
                        LogSettings.Fsync.NEVER,
                        LogSettings.CatchUp.OLDEST_FIRST,
                        "this boot");
        try {
            return SegmentLog.open(settings, () -> now, Runnable::run, reports::add, this);
        } catch (IOException | NewerLogException e) {
            throw new AssertionError(e);
        }
    }

    private Overlap overlap(Side serving) {
        return new Overlap(log, serving, guilds, startEvents, 1L << 40, () -> now, reports::add);
    }

    /** The process dies as it is now; the next one finds its files in another directory. */
    void die(Path found, Side serving) throws IOException {
        moment = _ -> {};
        copy(dir, found);
        dir = found;
        SegmentLog dead = log;
        log = openLog();
        overlap = overlap(serving);
        dead.close();
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (Files.size(file) == 1024 * 1024) {
                    // A reserve of nothing.
                    Files.createFile(copy);
                } else {
                    var _ = Files.copy(file, copy);
                }
            }
        }
    }

    // ---- what comes ------------------------------------------------------------------------

    long micros() {
        return now.toEpochMilli() * 1_000;
    }

    /** Records of one session. */
    Records event(
            Records to,
            String name,
            int shard,
            String session,
            long sequence,
            long guild,
            String c) {
        return to.add(
                name,
                shard,
                session,
                sequence,
                guild,
                micros(),
                "{\"t\":\""
                        + name
                        + "\",\"s\":"
                        + sequence
                        + ",\"op\":0,\"d\":{\"c\":\""
                        + c
                        + "\"}}");
    }

    /** The serving generation brings it: into the log of events. */
    AppendResult live(String session, long sequence, long guild, String content) {
        return take(event(new Records(), "E", 0, session, sequence, guild, content), OLD);
    }

    /** The next generation brings it: wherever that goes now. */
    AppendResult next(String session, long sequence, long guild, String content) {
        return next("E", session, sequence, guild, content);
    }

    AppendResult next(String name, String session, long sequence, long guild, String content) {
        return take(event(new Records(), name, 0, session, sequence, guild, content), NEXT);
    }

    AppendResult take(Records records, Side side) {
        byte[] batch = records.batch();
        ShadowLog apart = overlap.shadowsOf(side.firstWorker());
        return apart == null
                ? log.append(batch, 0, batch.length)
                : apart.append(batch, 0, batch.length);
    }

    void session(Side side, int shard, String session) {
        KeptSession kept =
                new KeptSession(
                        shard,
                        side.shardCount(),
                        side.intents(),
                        session,
                        "wss://resume",
                        0,
                        false);
        ShadowLog apart = overlap.shadowsOf(side.firstWorker());
        if (apart == null) {
            log.session(kept);
        } else {
            apart.session(kept);
        }
    }

    // ---- what goes out ---------------------------------------------------------------------

    /** What the bot gets now, each in a word. */
    List<String> told() {
        List<String> told = new ArrayList<>();
        for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
            entry.view(view);
            told.add(word());
            log.release(entry);
        }
        return told;
    }

    private String word() {
        if (view.kind() == RecordKind.RESHARDED) {
            return "RESHARDED";
        }
        Matcher content = CONTENT.matcher(view.payloadText());
        String what = content.find() ? content.group(1) : view.name();
        return view.kind() == RecordKind.START_UP ? "start " + what : what;
    }

    @Override
    public void taken(RecordView record) {
        overlap.taken(record);
        moment.accept(record);
    }

    @Override
    public boolean arrives(RecordView record) {
        return overlap.arrives(record);
    }

    @Override
    public void writing() {
        overlap.writing();
    }

    @Override
    public void kept() {
        overlap.kept();
    }

    @Override
    public void takenBack() {
        overlap.takenBack();
    }
}
