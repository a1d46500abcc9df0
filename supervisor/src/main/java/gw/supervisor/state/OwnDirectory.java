package gw.supervisor.state;

import com.sun.security.auth.module.UnixSystem;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Makes directories that are open to this user alone. */
final class OwnDirectory {
    private static final FileAttribute<Set<PosixFilePermission>> OURS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private OwnDirectory() {}

    /**
     * Makes the state directory and those above it, or takes the one that is there.
     *
     * @throws UserError when it can't be made, is no directory, can't be written, or everybody may
     *     write into it
     */
    static void state(Path dir) throws UserError {
        try {
            Files.createDirectories(dir, OURS_ALONE);
        } catch (FileAlreadyExistsException e) {
            throw unusable(dir, "it is not a directory", e);
        } catch (AccessDeniedException e) {
            throw unusable(dir, "it can't be made: permission denied", e);
        } catch (FileSystemException e) {
            throw unusable(dir, "it can't be made: " + reason(e), e);
        } catch (IOException e) {
            throw unusable(dir, "it can't be made: " + e.getClass().getSimpleName(), e);
        }
        if (!Files.isWritable(dir)) {
            throw unusable(dir, "this user can't write into it", null);
        }
        try {
            if (Files.getPosixFilePermissions(dir).contains(PosixFilePermission.OTHERS_WRITE)) {
                throw unusable(dir, "every user of this machine can write into it", null);
            }
        } catch (IOException e) {
            throw unusable(dir, "its permissions can't be read", e);
        }
    }

    /**
     * Makes a directory in a place where others may write too, and trusts one that is there only
     * when it is ours.
     */
    static void shared(Path dir) throws UserError {
        try {
            Files.createDirectory(dir, OURS_ALONE);
        } catch (FileAlreadyExistsException e) {
            trust(dir, e);
        } catch (FileSystemException e) {
            throw unusable(dir, "it can't be made: " + reason(e), e);
        } catch (IOException e) {
            throw unusable(dir, "it can't be made: " + e.getClass().getSimpleName(), e);
        }
    }

    private static void trust(Path dir, FileAlreadyExistsException cause) throws UserError {
        try {
            if (!Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)) {
                throw unusable(dir, "it is not a directory, or only a link to one", cause);
            }
            Object owner = Files.getAttribute(dir, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (((Number) owner).longValue() != new UnixSystem().getUid()) {
                throw unusable(dir, "it belongs to another user", cause);
            }
            var _ =
                    Files.setPosixFilePermissions(
                            dir, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw unusable(dir, "its owner can't be read", e);
        }
    }

    private static String reason(FileSystemException e) {
        String reason = e.getReason();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    private static UserError unusable(Path dir, String why, @Nullable Exception cause) {
        String message = "the state directory " + dir + " can't be used: " + why;
        String advice = "Choose another with --state-dir, or put its permissions right.";
        return cause == null
                ? new UserError(ExitCode.CONFIG, message, advice)
                : new UserError(ExitCode.CONFIG, message, advice, cause);
    }
}
