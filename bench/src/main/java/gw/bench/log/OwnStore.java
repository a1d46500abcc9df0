package gw.bench.log;

import gw.record.RecordView;
import gw.supervisor.log.AppendResult;
import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogLimits;
import gw.supervisor.log.LogSettings;
import gw.supervisor.log.NewerLogException;
import gw.supervisor.log.SegmentLog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.LinkedBlockingQueue;

/** gw's own segments. */
final class OwnStore implements Store<LogEntry> {
    private static final LogLimits LIMITS = LogLimits.of(32L << 30, 100_000_000);

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final SegmentLog log;
    private final boolean waits;

    OwnStore(Path directory, Fsync fsync) throws IOException {
        LogSettings plain = LogSettings.of(directory, LIMITS);
        waits = fsync == Fsync.ALWAYS;
        LogSettings settings =
                new LogSettings(
                        directory,
                        plain.limits(),
                        plain.maxAge(),
                        plain.ttl(),
                        plain.whenFull(),
                        LogSettings.Fsync.valueOf(fsync.name()),
                        plain.catchUp(),
                        "one boot");
        try {
            log =
                    SegmentLog.open(
                            settings,
                            InstantSource.system(),
                            tasks::add,
                            System.err::println,
                            _ -> {});
        } catch (NewerLogException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void append(byte[] records) {
        AppendResult result = log.append(records);
        if (result.problem().isPresent() || result.full() || result.duplicates() > 0) {
            throw new IllegalStateException(result.toString());
        }
        if (waits) {
            boolean[] safe = {false};
            log.whenSafe(_ -> safe[0] = true, 0);
            try {
                while (!safe[0]) {
                    tasks.take().run();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public @Nullable LogEntry next() {
        return log.next();
    }

    @Override
    public void view(LogEntry event, RecordView view) {
        event.view(view);
    }

    @Override
    public void settle(LogEntry event) {
        log.release(event);
    }

    @Override
    public void endTurn() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void tick() {
        log.tick();
    }

    @Override
    public long events() {
        return log.usage().events();
    }

    @Override
    public void close() {
        log.close();
    }
}
