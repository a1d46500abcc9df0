package gw.supervisor.interactions;

import gw.supervisor.state.SmallFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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

    private final SmallFile file;
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
        file = new SmallFile(path);
        this.report = report;
    }

    /** What an earlier process has kept; lines that are none are left out. */
    List<Line> read() {
        byte[] all;
        try {
            all = file.read(MAX_BYTES).orElse(new byte[0]);
        } catch (IOException e) {
            report.accept(file.path() + " can't be read: " + e.getMessage());
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
            report.accept(file.path() + ": " + strange + " lines are damaged and left out");
        }
        return lines;
    }

    /** Whether it is time to write it anew with what still counts. */
    boolean isFull() {
        return bytes > MAX_BYTES / 2;
    }

    void add(Line line) {
        ByteBuffer text = ByteBuffer.wrap(bytes(line.text()));
        kept(() -> {
            try (FileChannel channel =
                    FileChannel.open(
                            file.path(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (text.hasRemaining()) {
                    bytes += channel.write(text);
                }
            }
        });
    }

    /** These and no others. */
    void replace(Collection<Line> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.text()));
        byte[] all = bytes(text.toString());
        kept(() -> {
            file.replace(all);
            bytes = all.length;
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private void kept(Write write) {
        try {
            write.run();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                report.accept(
                        file.path()
                                + " can't be written ("
                                + e.getMessage()
                                + "): a restart would forget which interactions were deferred");
            }
        }
    }
}
