package gw.supervisor.interactions;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was deferred, on disk, so that the bot is told of it by whichever supervisor delivers the
 * event: a line for each, {@code milliseconds callback-type event-id}. A killed process forgets
 * nothing; a power cut may cost the last lines. Owned by the data event loop.
 */
final class MarkFile {
    static final int MAX_BYTES = 8 * 1024 * 1024;

    private static final Pattern LINE = Pattern.compile("(\\d{1,15}) ([1-9]\\d?) (\\S{1,300})");

    private final Path path;
    private final Consumer<String> report;
    private long bytes;
    private boolean failing;

    /**
     * An interaction that was deferred.
     *
     * @param key its event's id
     * @param receivedMillis when it was taken from Discord, since the epoch
     */
    record Line(String key, int callbackType, long receivedMillis) {
        private String text() {
            return receivedMillis + " " + callbackType + " " + key + "\n";
        }
    }

    /**
     * Nothing is read yet.
     *
     * @param path in a directory that exists
     * @param report hears in words of what can't be read or kept
     */
    MarkFile(Path path, Consumer<String> report) {
        this.path = path;
        this.report = report;
    }

    /** What an earlier process has kept; lines that are none are left out. */
    List<Line> read() {
        byte[] all;
        try (InputStream in = Files.newInputStream(path)) {
            all = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            report.accept(path + " can't be read: " + e.getMessage());
            return List.of();
        }
        if (all.length > MAX_BYTES) {
            report.accept(path + " is larger than " + MAX_BYTES + " bytes: it is not used");
            return List.of();
        }
        List<Line> lines = new ArrayList<>();
        int strange = 0;
        for (String text : new String(all, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            Matcher line = LINE.matcher(text);
            if (line.matches()) {
                lines.add(
                        new Line(
                                line.group(3),
                                Integer.parseInt(line.group(2)),
                                Long.parseLong(line.group(1))));
            } else if (!text.isEmpty()) {
                strange++;
            }
        }
        if (strange > 0) {
            report.accept(path + ": " + strange + " lines are damaged and left out");
        }
        return lines;
    }

    /** Whether it is time to write it anew with what still counts. */
    boolean isFull() {
        return bytes > MAX_BYTES / 2;
    }

    void add(Line line) {
        write(line.text(), StandardOpenOption.APPEND);
    }

    /** These and no others. */
    void replace(Collection<Line> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.text()));
        bytes = 0;
        write(text.toString(), StandardOpenOption.TRUNCATE_EXISTING);
    }

    private void write(String text, StandardOpenOption how) {
        ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
            while (buffer.hasRemaining()) {
                bytes += channel.write(buffer);
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                report.accept(
                        path
                                + " can't be written ("
                                + e.getMessage()
                                + "): a restart would forget which interactions were deferred");
            }
        }
    }
}
