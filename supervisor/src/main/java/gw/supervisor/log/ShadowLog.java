package gw.supervisor.log;

import gw.record.RecordBuffer;
import gw.record.RecordFormat;
import gw.record.RecordFormatException;
import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The log of a generation of shards that isn't in charge yet: its sessions and how far each is
 * known (P4), and, once both generations run side by side, its events and what the other one has
 * had, so that a process which dies amid the switch leaves all that the next one needs. One file of
 * records. Owned by one thread.
 */
public final class ShadowLog implements BatchLog, AutoCloseable {
    /** What only says how far sessions are known is written anew, shorter, beyond it. */
    private static final long LONGEST = 8L * 1024 * 1024;

    private static final byte[] TWIN_NAME = "GW_TWIN".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] APART_NAME = "GW_APART".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEEN_NAME = "GW_SEEN".getBytes(StandardCharsets.US_ASCII);
    private static final String EARLIER = "earlier";
    private static final int READ_BYTES = 1024 * 1024;

    private final Path file;
    private final long mostBytes;
    private final InstantSource clock;
    private final Reader reader;
    private final SeenSequences seen = new SeenSequences();
    private final SessionBook book = new SessionBook(seen);
    private final RecordView view = new RecordView();
    private final RecordBuffer out = new RecordBuffer(64 * 1024);
    private final RecordBuffer twins = new RecordBuffer(16 * 1024);

    /** The highest sequence of each session of the other generation whose events were noted. */
    private final Map<String, Long> noted = new HashMap<>();

    private final Set<Shard> touched = new LinkedHashSet<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private FileChannel channel;
    private long length;
    private boolean keeping;
    private boolean sessionsUnsaved;
    private long earlier;
    private @Nullable Runnable waitsForRoom;
    private String trouble = "";

    private record Shard(int id, int count, String session) {}

    private record Waiting(LongConsumer task, long number) {}

    /** Hears of the events, as they come and as they are read again. */
    public interface Reader {
        /** One that is not known has come: whether it is worth keeping, beyond its sequence. */
        boolean arrives(RecordView record);

        /** It was kept, at this place of the file. */
        void kept(RecordView record, long offset);

        /** What the other generation has had, when this is read again. */
        void twin(RecordView note, long key);

        /**
         * From there on the two of a pair come no further apart than this; when this is read again.
         */
        void apart(long micros);

        /** From there on this generation is in charge; when this is read again. */
        void switched(RecordView mark);
    }

    /**
     * Opens it, and reads what an earlier process left.
     *
     * @param mostBytes beyond which no event is taken
     * @param whole whether the events in it count; else only the sessions do, and the file is
     *     written anew with them alone
     */
    public static ShadowLog open(
            Path file, long mostBytes, InstantSource clock, Reader reader, boolean whole)
            throws IOException {
        ShadowLog log = new ShadowLog(file, mostBytes, clock, reader);
        try {
            log.read(whole);
            if (!whole) {
                log.shorten();
            }
        } catch (IOException e) {
            log.channel.close();
            throw e;
        }
        return log;
    }

    private ShadowLog(Path file, long mostBytes, InstantSource clock, Reader reader)
            throws IOException {
        this.file = file;
        this.mostBytes = mostBytes;
        this.clock = clock;
        this.reader = reader;
        channel = channel(file);
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    // ---- reading what was left -------------------------------------------------------------

    private void read(boolean whole) throws IOException {
        long size = channel.size();
        byte[] chunk = new byte[(int) Math.min(READ_BYTES, size)];
        int held = 0;
        long at = 0;
        while (true) {
            int more = channel.read(ByteBuffer.wrap(chunk, held, chunk.length - held), at + held);
            held += Math.max(0, more);
            int used = take(chunk, held, at, whole);
            at += used;
            System.arraycopy(chunk, used, chunk, 0, held - used);
            held -= used;
            if (used == 0) {
                int wanted = held >= 4 ? RecordView.lengthAt(chunk, 0) : 0;
                if (more <= 0 || wanted <= held || wanted > size - at) {
                    break;
                }
                chunk = Arrays.copyOf(chunk, wanted);
            }
        }
        // What follows was being written as the process died: none of it was acked.
        var _ = channel.truncate(at);
        length = at;
    }

    private int take(byte[] chunk, int held, long offset, boolean whole) {
        int at = 0;
        while (at < held) {
            int end;
            try {
                end = view.wrap(chunk, at, held);
            } catch (RecordFormatException e) {
                break;
            }
            switch (view.kind()) {
                case SESSION -> {
                    book.learn(view);
                    seen.learn(view);
                }
                case SEEN -> seen.learn(view);
                case TWIN -> {
                    if (whole && view.payloadLength() == Long.BYTES) {
                        twin();
                    }
                }
                case DISPATCH, GAP -> {
                    // What came late may have been written twice.
                    if (seen.isNew(view) && whole) {
                        reader.kept(view, offset + at);
                    }
                    seen.keep();
                }
                case RESHARDED -> {
                    if (whole) {
                        reader.switched(view);
                    }
                }
                case START_UP -> {
                    // None is ever written.
                }
            }
            at = end;
        }
        return at;
    }

    private void twin() {
        if (view.nameEquals(APART_NAME)) {
            reader.apart(keyOf(view));
        } else if (note(view.sessionId(), view.sequence())) {
            reader.twin(view, keyOf(view));
        }
    }

    private static long keyOf(RecordView twin) {
        return ByteBuffer.wrap(twin.array()).getLong(twin.payloadOffset());
    }

    // ---- the generation's own records ------------------------------------------------------

    /** From now on events are kept, as far as the reader wants them. */
    public boolean keepEvents() {
        // What waits to be written has to come first.
        flushTwins();
        keeping = twins.length() == 0 && saveSequences();
        return keeping;
    }

    /** From now on only sequences are; what was kept is of no use. */
    public void keepSequences() throws IOException {
        keeping = false;
        noted.clear();
        twins.clear();
        shorten();
    }

    @Override
    public AppendResult append(byte[] array, int from, int to) {
        if (keeping && length > mostBytes) {
            return AppendResult.noRoom();
        }
        out.clear();
        int taken = 0;
        int known = 0;
        Optional<String> problem = Optional.empty();
        for (int at = from; at < to; ) {
            int end;
            try {
                end = view.wrap(array, at, to);
                if (view.kind() != RecordKind.DISPATCH && view.kind() != RecordKind.GAP) {
                    throw new RecordFormatException(at, "a worker writes no such records");
                }
            } catch (RecordFormatException e) {
                problem = Optional.of("damaged record: " + e.getMessage());
                break;
            }
            if (seen.isNew(view)) {
                taken++;
                boolean worth = reader.arrives(view);
                if (keeping && worth) {
                    out.append(array, at, end - at);
                } else if (keeping) {
                    addSeen(shardOf(view), view.sequence());
                } else {
                    touched.add(shardOf(view));
                }
            } else {
                known++;
            }
            at = end;
        }
        if (keeping && !writeEvents()) {
            seen.takeBack();
            return AppendResult.noRoom();
        }
        seen.keep();
        return new AppendResult(taken, known, problem.isPresent() ? 1 : 0, problem, false);
    }

    private static Shard shardOf(RecordView record) {
        return new Shard(record.shardId(), record.shardCount(), record.sessionId());
    }

    private boolean writeEvents() {
        long at = length;
        if (!write(out)) {
            return false;
        }
        for (int from = 0; from < out.length(); ) {
            int end = view.wrapChecked(out.array(), from);
            if (view.kind() != RecordKind.SEEN) {
                reader.kept(view, at + from);
            }
            from = end;
        }
        return true;
    }

    /** An event that came when the other generation was gone, and that it had had: as one kept. */
    public void late(RecordView record) {
        // It comes again when the batch that brought it found no room.
        if (!seen.isNew(record)) {
            return;
        }
        seen.keep();
        out.clear();
        out.append(record.array(), record.offset(), record.length());
        var _ = write(out);
    }

    /** The log of events has this one of gw's own, and is not to get it again. */
    public void known(int shardId, int shardCount, String session, long sequence) {
        seen.learn(shardId, session, sequence);
        out.clear();
        addSeen(new Shard(shardId, shardCount, session), sequence);
        var _ = write(out);
    }

    private void addSeen(Shard shard, long sequence) {
        var _ =
                out.append(
                        RecordKind.SEEN,
                        shard.id(),
                        shard.count(),
                        sequence,
                        0,
                        RecordFormat.micros(clock),
                        shard.session().getBytes(StandardCharsets.ISO_8859_1),
                        SEEN_NAME,
                        0,
                        SEEN_NAME.length,
                        SEEN_NAME,
                        0,
                        0);
    }

    /** A shard holds this session now, or has lost it. To be told before its first record. */
    public void session(KeptSession session) {
        if (book.put(session)) {
            out.clear();
            byte[] record = book.record(session.shardId(), RecordFormat.micros(clock));
            out.append(record, 0, record.length);
            sessionsUnsaved |= !write(out);
        }
    }

    /** Each shard's last session, with the sequence up to which it is known. */
    public List<KeptSession> sessions() {
        return book.all();
    }

    /** The highest sequence of this session that is safe; empty when none was seen. */
    public OptionalLong lastSequence(int shardId, String sessionId) {
        return seen.highest(shardId, sessionId);
    }

    // ---- what the other generation has had -------------------------------------------------

    /**
     * Notes an event of the other generation, ahead of its own log; {@link #flushTwins} writes it.
     *
     * @return whether it is news
     */
    public boolean twin(RecordView record, long key) {
        String session = record.sessionId();
        if (!note(session, record.sequence())) {
            return false;
        }
        addTwin(
                TWIN_NAME,
                record.shardId(),
                record.guildId(),
                record.receivedAtMicros(),
                session,
                record.sequence(),
                key);
        return true;
    }

    /**
     * Notes what the other generation had before events were kept; {@link #flushTwins} writes it.
     */
    public void earlier(int shardId, long guildId, long micros, long key) {
        addTwin(TWIN_NAME, shardId, guildId, micros, EARLIER, ++earlier, key);
    }

    /**
     * From now on the two of a pair come no further apart than this; what came before is as it is.
     */
    public void apart(long micros) {
        addTwin(APART_NAME, 0, 0, RecordFormat.micros(clock), EARLIER, 0, micros);
        flushTwins();
    }

    private void addTwin(
            byte[] name,
            int shardId,
            long guildId,
            long micros,
            String session,
            long sequence,
            long key) {
        byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(key).array();
        var _ =
                twins.append(
                        RecordKind.TWIN,
                        shardId,
                        0,
                        sequence,
                        guildId,
                        micros,
                        session.getBytes(StandardCharsets.ISO_8859_1),
                        name,
                        0,
                        name.length,
                        payload,
                        0,
                        payload.length);
    }

    private boolean note(String session, long sequence) {
        Long before = noted.get(session);
        if (before != null && before >= sequence) {
            return false;
        }
        noted.put(session, sequence);
        return true;
    }

    /** Writes what was noted. */
    public void flushTwins() {
        // What the disk doesn't take now goes with the next.
        if (twins.length() > 0 && write(twins)) {
            twins.clear();
        }
    }

    /** This generation is in charge; all that was held of it is in the log of events. */
    public void switched(RecordBuffer mark) {
        var _ = write(mark);
    }

    /** Whether the generation whose log this is was in charge already; false: there is none. */
    public static boolean isSwitched(Path file) {
        if (!Files.exists(file)) {
            return false;
        }
        boolean[] found = new boolean[1];
        try (ShadowLog _ =
                open(
                        file,
                        0,
                        InstantSource.system(),
                        new MarkReader(() -> found[0] = true),
                        true)) {
            return found[0];
        } catch (IOException e) {
            return false;
        }
    }

    private record MarkReader(Runnable found) implements Reader {
        @Override
        public boolean arrives(RecordView record) {
            return false;
        }

        @Override
        public void kept(RecordView record, long offset) {}

        @Override
        public void twin(RecordView note, long key) {}

        @Override
        public void apart(long micros) {}

        @Override
        public void switched(RecordView mark) {
            found.run();
        }
    }

    /** A record as it was kept. */
    public byte[] read(long offset, int bytes) throws IOException {
        byte[] record = new byte[bytes];
        int count = channel.read(ByteBuffer.wrap(record), offset);
        if (count < bytes) {
            throw new IOException(file + " is shorter than it was: " + (offset + count));
        }
        return record;
    }

    // ---- safety ----------------------------------------------------------------------------

    /** At once when what came is written; else with the next {@link #tick}. */
    @Override
    public void whenSafe(LongConsumer task, long number) {
        if (keeping) {
            task.accept(number);
        } else {
            waiting.addLast(new Waiting(task, number));
        }
    }

    @Override
    public void whenRoom(Runnable task) {
        waitsForRoom = task;
    }

    /** Does what time asks for; to be called several times a second. */
    public void tick() {
        flushTwins();
        saveSequences();
        Runnable task = waitsForRoom;
        if (task != null && trouble.isEmpty()) {
            waitsForRoom = null;
            task.run();
        }
    }

    /**
     * Writes how far each session is known, and tells those who wait for it.
     *
     * @return false: the disk does not take it
     */
    public boolean saveSequences() {
        if (touched.isEmpty() && waiting.isEmpty() && trouble.isEmpty() && !sessionsUnsaved) {
            return true;
        }
        out.clear();
        if (sessionsUnsaved || (!trouble.isEmpty() && touched.isEmpty())) {
            byte[] sessions = book.records(RecordFormat.micros(clock));
            out.append(sessions, 0, sessions.length);
        }
        for (Shard shard : touched) {
            addSeen(shard, seen.highest(shard.id(), shard.session()).orElse(0));
        }
        if (!write(out)) {
            return false;
        }
        // There was nothing that could be tried.
        trouble = "";
        touched.clear();
        sessionsUnsaved = false;
        while (!waiting.isEmpty()) {
            Waiting first = waiting.removeFirst();
            first.task().accept(first.number());
        }
        if (!keeping && length > LONGEST) {
            try {
                shorten();
            } catch (IOException e) {
                trouble = String.valueOf(e.getMessage());
            }
        }
        return true;
    }

    /** Why the disk takes nothing more; empty: it does. */
    public String trouble() {
        return trouble;
    }

    private boolean write(RecordBuffer records) {
        if (records.length() == 0) {
            return true;
        }
        ByteBuffer bytes = ByteBuffer.wrap(records.array(), 0, records.length());
        long at = length;
        try {
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            trouble = String.valueOf(e.getMessage());
            return false;
        }
        length = at;
        trouble = "";
        return true;
    }

    /** Writes the sessions alone into a new file, in its place. */
    private void shorten() throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".tmp");
        byte[] sessions = book.records(RecordFormat.micros(clock));
        FileChannel shorter = channel(next);
        try {
            var _ = shorter.truncate(0);
            ByteBuffer bytes = ByteBuffer.wrap(sessions);
            while (bytes.hasRemaining()) {
                var _ = shorter.write(bytes);
            }
            var _ =
                    Files.move(
                            next,
                            file,
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            shorter.close();
            throw e;
        }
        channel.close();
        channel = shorter;
        length = sessions.length;
        touched.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Closes and removes it: nobody needs it any more. */
    public void remove() throws IOException {
        channel.close();
        var _ = Files.deleteIfExists(file);
    }
}
