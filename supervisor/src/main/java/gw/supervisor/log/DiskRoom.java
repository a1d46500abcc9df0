package gw.supervisor.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whether the disk takes what is written. A little is kept in reserve, so that on a full disk the
 * announcements can still be written that let the oldest events go. Owned by one thread.
 */
final class DiskRoom {
    private static final int RESERVE_BYTES = 1024 * 1024;

    private final Path reserve;
    private String problem = "";

    DiskRoom(Path reserve) {
        this.reserve = reserve;
    }

    /**
     * Something could not be written.
     *
     * @return whether that was for want of room, which dropping something would mend
     */
    boolean lacks(IOException why) {
        problem = String.valueOf(why.getMessage());
        return isLackOfRoom(why);
    }

    /** Whether the disk, or what the user may have of it, is full. */
    static boolean isLackOfRoom(IOException why) {
        String message = String.valueOf(why.getMessage());
        return message.contains("No space left") || message.contains("uota");
    }

    /** Something could be written. */
    void found() {
        problem = "";
    }

    /** Why nothing could be written last; empty: it could. */
    String problem() {
        return problem;
    }

    /** Frees the reserve; false: it was used up already. */
    boolean giveUpReserve() {
        try {
            return Files.deleteIfExists(reserve);
        } catch (IOException e) {
            return false;
        }
    }

    /** Takes the reserve, as far as the disk has it. */
    void reserve() {
        if (Files.exists(reserve)) {
            return;
        }
        try (FileChannel out =
                FileChannel.open(
                        reserve, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(RESERVE_BYTES);
            while (zeros.hasRemaining()) {
                var _ = out.write(zeros);
            }
        } catch (IOException e) {
            // Half a reserve is none: what it took is needed elsewhere.
            var _ = giveUpReserve();
        }
    }
}
