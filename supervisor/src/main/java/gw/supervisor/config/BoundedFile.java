package gw.supervisor.config;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Small text files that the user names. */
final class BoundedFile {
    private BoundedFile() {}

    /**
     * The file's text.
     *
     * @param what for the message: "the token file"
     * @throws UserError when it can't be read, is larger than {@code maxBytes} or isn't UTF-8; its
     *     text is never shown
     */
    static String read(String what, Path file, int maxBytes) throws UserError {
        if (Files.isDirectory(file)) {
            throw unreadable(what, file, "it is a directory");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(maxBytes + 1);
        } catch (NoSuchFileException e) {
            throw unreadable(what, file, "there is no such file");
        } catch (AccessDeniedException e) {
            throw unreadable(what, file, "permission denied");
        } catch (IOException e) {
            throw unreadable(what, file, e.getClass().getSimpleName());
        }
        if (bytes.length > maxBytes) {
            throw unreadable(what, file, "it is larger than " + Units.words(maxBytes));
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw unreadable(what, file, "it isn't UTF-8 text");
        }
    }

    /** Whether other users of the machine may read it; false where the system can't tell. */
    static boolean isReadableByOthers(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return permissions.contains(PosixFilePermission.GROUP_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static UserError unreadable(String what, Path file, String why) {
        return new UserError(
                ExitCode.CONFIG, what + " " + Shown.of(file.toString()) + ": " + why, "");
    }
}
