package gw.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A small file system of its own for the state directory, so that it can be made to fill. */
final class StateDisk implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 20;

    private final Path mount;
    private final Path ballast;

    private StateDisk(Path mount) {
        this.mount = mount;
        this.ballast = mount.resolve("ballast");
    }

    /** Mounts one on this directory; empty where that isn't allowed. */
    static Optional<StateDisk> mount(Path directory, int megabytes) {
        boolean done =
                run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=" + megabytes + "m,mode=700",
                        "tmpfs",
                        directory.toString());
        return done ? Optional.of(new StateDisk(directory)) : Optional.empty();
    }

    /** Writes until not one more byte fits; gives how many it were. */
    long fill() throws IOException {
        try (FileChannel file =
                FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int size = CHUNK_BYTES; size > 0; size /= 16) {
                ByteBuffer chunk = ByteBuffer.allocate(size);
                while (written(file, chunk.clear())) {
                    // More.
                }
            }
            return file.size();
        }
    }

    /** False: the disk is full. */
    private static boolean written(FileChannel file, ByteBuffer chunk) {
        try {
            while (chunk.hasRemaining()) {
                file.write(chunk);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** There is room again. */
    void free() throws IOException {
        Files.deleteIfExists(ballast);
    }

    @Override
    public void close() {
        if (!run("umount", mount.toString())) {
            // Lazily: somebody still has a file open.
            var _ = run("umount", "-l", mount.toString());
        }
    }

    private static boolean run(String... words) {
        try {
            Process process =
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
