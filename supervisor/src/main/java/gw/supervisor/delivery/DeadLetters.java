package gw.supervisor.delivery;

import gw.record.RecordView;

import tools.jackson.core.io.JsonStringEncoder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Events that the bot refused for good, one JSON object a line, with the payload as Discord sent
 * it. Written by a thread of its own; the file is turned over at its bound, the one before is kept.
 */
public final class DeadLetters implements AutoCloseable {
    /** Bound on one file. */
    public static final long DEFAULT_MAX_FILE_BYTES = 64L * 1024 * 1024;

    private static final int MAX_WAITING = 1_000;

    private final Path file;
    private final long maxFileBytes;
    private final InstantSource clock;
    private final ExecutorService writer;

    /** Nothing is created before the first event. */
    public DeadLetters(Path file, long maxFileBytes, InstantSource clock) {
        this.file = file;
        this.maxFileBytes = maxFileBytes;
        this.clock = clock;
        this.writer =
                new ThreadPoolExecutor(
                        0,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(MAX_WAITING),
                        Thread.ofPlatform().daemon().name("gw-dead-letters").factory());
    }

    /** Keeps an event; copies what it needs during the call. */
    void write(RecordView record, int status, String reason) {
        byte[] line = line(record, status, reason);
        try {
            writer.execute(() -> append(line));
        } catch (RejectedExecutionException e) {
            System.err.println("gw: the dead-letter file is too slow: an event was not kept in it");
        }
    }

    private byte[] line(RecordView record, int status, String reason) {
        String head =
                "{\"at\":\""
                        + Instant.ofEpochMilli(clock.millis())
                        + "\",\"id\":\""
                        + quoted(record.sessionId())
                        + ":"
                        + record.sequence()
                        + "\",\"name\":\""
                        + quoted(record.name())
                        + "\",\"shardId\":"
                        + record.shardId()
                        + ",\"shardCount\":"
                        + record.shardCount()
                        + ",\"status\":"
                        + status
                        + ",\"reason\":\""
                        + quoted(reason)
                        + "\",\"data\":";
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] line = new byte[start.length + record.payloadLength() + 2];
        System.arraycopy(start, 0, line, 0, start.length);
        System.arraycopy(
                record.array(), record.payloadOffset(), line, start.length, record.payloadLength());
        for (int i = start.length; i < line.length - 2; i++) {
            // Between JSON's tokens a line break is as good as a space, and within a string there
            // is
            // none.
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        line[line.length - 2] = '}';
        line[line.length - 1] = '\n';
        return line;
    }

    private static String quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
    }

    private void append(byte[] line) {
        try {
            if (Files.exists(file) && Files.size(file) + line.length > maxFileBytes) {
                var _ =
                        Files.move(
                                file,
                                file.resolveSibling(file.getFileName() + ".1"),
                                StandardCopyOption.REPLACE_EXISTING);
            }
            try (FileChannel out =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                ByteBuffer bytes = ByteBuffer.wrap(line);
                while (bytes.hasRemaining()) {
                    var _ = out.write(bytes);
                }
            }
        } catch (IOException e) {
            System.err.println("gw: " + file + " can't be written: " + e.getMessage());
        }
    }

    /** Waits for what is being written, for a moment. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            var _ = writer.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
