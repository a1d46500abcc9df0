package gw.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A run's directory: kept with all that explains a failure, or removed. */
final class Findings {
    private static final String BALLAST = "ballast";

    private Findings() {}

    /** Copies the state, which may lie on a file system that is about to go, and the ledger. */
    static void keep(Outcome outcome) throws IOException {
        Path directory = outcome.settings().directory();
        Files.writeString(directory.resolve("summary.txt"), Summary.text(outcome));
        Files.writeString(directory.resolve("summary.json"), Summary.json(outcome));
        Files.writeString(
                directory.resolve("ledger.txt"), outcome.evidence().balance().explain() + "\n");
        copy(outcome.settings().state(), directory.resolve("state-at-the-end"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(file) && !file.endsWith(BALLAST)) {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** Removes the directory and all in it. */
    static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
