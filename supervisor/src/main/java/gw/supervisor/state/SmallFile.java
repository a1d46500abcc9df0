package gw.supervisor.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that is read and replaced as a whole, so that none is ever half. A killed process loses
 * nothing; a power cut may bring back what it held before, unless the replacing waits for the disk.
 * Used by one thread at a time.
 *
 * @param path in a directory that exists
 */
public record SmallFile(Path path) {
    /** More than that is nothing that gw has written. */
    public static final int MAX_BYTES = 64 * 1024;

    /**
     * What it holds.
     *
     * @return empty when there is no such file
     * @throws IOException when it can't be read or is larger than {@link #MAX_BYTES}; with words
     */
    public Optional<byte[]> read() throws IOException {
        return read(MAX_BYTES);
    }

    /** The same with another bound. */
    public Optional<byte[]> read(int maxBytes) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is not a file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new IOException("it is larger than " + maxBytes + " bytes");
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Puts these bytes in its place. */
    public void replace(byte[] content) throws IOException {
        replace(content, false);
    }

    /**
     * Puts these bytes in its place.
     *
     * @param force wait until they are on disk, safe from a power cut
     */
    public void replace(byte[] content, boolean force) throws IOException {
        Path next = path.resolveSibling(path.getFileName() + ".tmp");
        try (FileChannel out =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                var _ = out.write(bytes);
            }
            if (force) {
                out.force(true);
            }
        }
        var _ =
                Files.move(
                        next,
                        path,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
        Path directory = path.toAbsolutePath().getParent();
        if (force && directory != null) {
            try (FileChannel listing = FileChannel.open(directory, StandardOpenOption.READ)) {
                listing.force(true);
            }
        }
    }

    /** Takes it away, if it is there. */
    public void remove() throws IOException {
        var _ = Files.deleteIfExists(path);
    }
}
