package gw.bench.log;

import org.jspecify.annotations.Nullable;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** RocksDB: batches under their numbers; what was settled goes by ranges and whole files. */
final class RocksStore extends BatchStore {
    private static final byte[] SETTLED = {0};
    private static final long FILES_EACH = 65_536;

    static {
        RocksDB.loadLibrary();
    }

    private final Options options;
    private final RocksDB db;
    private final WriteOptions usual = new WriteOptions();
    private final WriteOptions synced;
    private final Fsync fsync;
    private @Nullable RocksIterator reader;
    private final ExecutorService syncing =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    private @Nullable Future<Boolean> sync;
    private long removed;
    private long filesRemoved;

    RocksStore(Path directory, Fsync fsync, CompressionType compression) throws IOException {
        this.fsync = fsync;
        synced = new WriteOptions().setSync(fsync == Fsync.ALWAYS);
        options =
                new Options()
                        .setCreateIfMissing(true)
                        .setCompressionType(compression)
                        .setMaxBackgroundJobs(2);
        try {
            db = RocksDB.open(options, directory.toString());
            byte[] window = db.get(SETTLED);
            if (window != null) {
                settled.decode(window);
            }
            try (RocksIterator last = db.newIterator()) {
                last.seekToLast();
                if (last.isValid() && last.key().length > 1) {
                    recovered(Batch.of(number(last.key()), last.value()).end());
                }
            }
        } catch (RocksDBException e) {
            throw new IOException(e);
        }
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(9).put((byte) 1).putLong(number).array();
    }

    private static long number(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    @Override
    void put(Batch batch) throws IOException {
        try {
            db.put(synced, key(batch.first()), batch.array());
        } catch (RocksDBException e) {
            throw new IOException(e);
        }
    }

    @Override
    Batch load(long number) {
        RocksIterator from = reader;
        if (from != null && from.isValid()) {
            from.next();
        }
        if (from == null || !from.isValid() || number(from.key()) != number) {
            if (from != null) {
                from.close();
            }
            from = db.newIterator();
            reader = from;
            from.seekForPrev(key(number));
        }
        return Batch.of(number(from.key()), from.value());
    }

    @Override
    void putSettled(byte[] window) throws IOException {
        try {
            db.put(usual, SETTLED, window);
        } catch (RocksDBException e) {
            throw new IOException(e);
        }
    }

    @Override
    void removeBefore(long number) throws IOException {
        try (RocksIterator holder = db.newIterator()) {
            holder.seekForPrev(key(number));
            long to = number(holder.key());
            db.deleteRange(usual, key(removed), key(to));
            removed = to;
            if (to - filesRemoved > FILES_EACH) {
                filesRemoved = to;
                db.deleteFilesInRanges(
                        db.getDefaultColumnFamily(), List.of(key(0), key(to)), false);
            }
        } catch (RocksDBException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void tick() {
        // As our log does, on a thread of its own: nobody waits for it.
        if (fsync == Fsync.INTERVAL && (sync == null || sync.isDone())) {
            sync =
                    syncing.submit(() -> {
                        db.syncWal();
                        return true;
                    });
        }
    }

    @Override
    public void close() {
        syncing.close();
        if (reader != null) {
            reader.close();
        }
        db.close();
        options.close();
        usual.close();
        synced.close();
    }
}
