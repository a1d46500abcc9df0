package gw.bench.log;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;

import java.nio.file.Path;
import java.util.Iterator;

/** H2's MVStore: a tree of versions, in Java alone. */
final class MvStore extends BatchStore {
    private static final int CACHE_MB = 16;

    private final MVStore store;
    private final MVMap<Long, byte[]> batches;
    private final MVMap<Long, byte[]> windows;
    private final Fsync fsync;
    private long removed;

    MvStore(Path directory, Fsync fsync) {
        this.fsync = fsync;
        store =
                new MVStore.Builder()
                        .fileName(directory.resolve("queue.mv").toString())
                        .cacheSize(CACHE_MB)
                        .open();
        store.setVersionsToKeep(0);
        store.setRetentionTime(1_000);
        batches = store.openMap("batches", map());
        windows = store.openMap("settled", map());
        byte[] window = windows.get(0L);
        if (window != null) {
            settled.decode(window);
        }
        Long last = batches.lastKey();
        if (last != null) {
            recovered(holder(last).end());
        }
    }

    private static MVMap.Builder<Long, byte[]> map() {
        return new MVMap.Builder<Long, byte[]>()
                .keyType(LongDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE);
    }

    private Batch holder(long number) {
        Long key = batches.floorKey(number);
        byte[] array = key == null ? null : batches.get(key);
        if (key == null || array == null) {
            throw new IllegalStateException("lost: " + number);
        }
        return Batch.of(key, array);
    }

    @Override
    void put(Batch batch) {
        var _ = batches.put(batch.first(), batch.array());
        var _ = store.commit();
        if (fsync == Fsync.ALWAYS) {
            store.sync();
        }
    }

    @Override
    Batch load(long number) {
        return holder(number);
    }

    @Override
    void putSettled(byte[] window) {
        var _ = windows.put(0L, window);
        var _ = store.commit();
    }

    @Override
    void removeBefore(long number) {
        Long to = batches.floorKey(number);
        if (to != null) {
            for (Iterator<Long> keys = batches.keyIterator(removed); keys.hasNext(); ) {
                long key = keys.next();
                if (key >= to) {
                    break;
                }
                var _ = batches.remove(key);
            }
            removed = to;
            var _ = store.commit();
        }
    }

    @Override
    public void tick() {
        if (fsync == Fsync.INTERVAL) {
            store.sync();
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
