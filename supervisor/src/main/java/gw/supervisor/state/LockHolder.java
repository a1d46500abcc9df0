package gw.supervisor.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who wrote the lock file: a process id and the time when that process started, because ids are
 * used again.
 */
record LockHolder(long pid, long startedMillis) {
    private static final int MOST_BYTES = 100;
    private static final Pattern FORMAT = Pattern.compile("(\\d{1,10})\\n(-?\\d{1,15})\\n");

    static LockHolder thisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return new LockHolder(self.pid(), started(self));
    }

    /** Empty when there is no such file or nothing sensible in it. */
    static Optional<LockHolder> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII);
            Matcher matcher = FORMAT.matcher(text);
            return matcher.matches()
                    ? Optional.of(
                            new LockHolder(
                                    Long.parseLong(matcher.group(1)),
                                    Long.parseLong(matcher.group(2))))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void write(FileChannel channel) throws IOException {
        ByteBuffer text =
                ByteBuffer.wrap(
                        (pid + "\n" + startedMillis + "\n").getBytes(StandardCharsets.US_ASCII));
        channel.truncate(0);
        while (text.hasRemaining()) {
            channel.write(text, text.position());
        }
    }

    boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> started(process) == startedMillis)
                .isPresent();
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(-1L);
    }
}
