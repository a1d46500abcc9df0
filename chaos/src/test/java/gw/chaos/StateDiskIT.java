package gw.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where mounting is allowed, a full disk is one that takes not one more byte. */
class StateDiskIT {
    @TempDir private Path dir;

    @Test
    void fillsToTheLastByteAndMakesRoomAgain() throws IOException {
        Optional<StateDisk> mounted = StateDisk.mount(dir, 16);
        assumeTrue(mounted.isPresent(), "mounting a tmpfs is not allowed here");
        try (StateDisk disk = mounted.get()) {
            Path file = Files.writeString(dir.resolve("file"), "before");
            assertThat(disk.fill()).isGreaterThan(15L << 20);
            assertThatThrownBy(() -> Files.write(dir.resolve("more"), new byte[8_192]))
                    .isInstanceOf(IOException.class);
            disk.free();
            Files.write(dir.resolve("more"), new byte[8_192]);
            assertThat(file).hasContent("before");
        }
        assertThat(dir).isEmptyDirectory();
    }
}
