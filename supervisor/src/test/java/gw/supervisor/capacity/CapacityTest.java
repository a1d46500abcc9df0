package gw.supervisor.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.ShardRange;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** What is counted survives a restart, and a file that is not ours does no harm (P7). */
class CapacityTest {
    private static final int G = 1;
    private static final ShardRange ONE = new ShardRange(0, 0, 1);

    @TempDir private Path dir;

    private final List<String> reports = new ArrayList<>();
    private final ArrayDeque<Runnable> writing = new ArrayDeque<>();
    private final Events events = new Events(0, 1, "one");
    private Instant now = Instant.parse("2026-11-26T10:00:00Z");
    private long nanos = 1;
    private Path path = Path.of("");

    @BeforeEach
    void name() {
        path = dir.resolve("guilds");
    }

    private Capacity open(String bot) {
        return Capacity.open(path, bot, () -> now, writing::add, () -> nanos, reports::add);
    }

    private void second() {
        nanos += TimeUnit.SECONDS.toNanos(1);
    }

    private void write() {
        while (!writing.isEmpty()) {
            writing.remove().run();
        }
    }

    private void save(Capacity capacity) {
        CompletableFuture<Void> saved = capacity.save();
        write();
        assertThat(saved).isCompleted();
    }

    private static List<Long> guilds(int count) {
        return LongStream.rangeClosed(1, count).map(i -> i << 22).boxed().toList();
    }

    @Test
    void givesBackAllOfIt() {
        Capacity capacity = open("7");
        capacity.guilds().taken(G, events.ready(guilds(3)));
        capacity.guilds().taken(G, events.created(1L << 22));
        capacity.growth().observe(ONE, capacity.guilds().counts(G));
        CompletableFuture<Void> saved = capacity.save();
        assertThat(saved).isNotDone();
        assertThat(path).doesNotExist();
        write();
        assertThat(saved).isCompleted();

        now = now.plusSeconds(24 * 3600);
        Capacity again = open("7");
        assertThat(reports).isEmpty();
        assertThat(again.guilds().counts(G).byShard()).isEqualTo(Map.of(0, 3));
        assertThat(again.guilds().missing(G, 0)).isEqualTo(2);
        assertThat(again.guilds().taken(G, events.created(2L << 22)))
                .isEqualTo(GuildBook.Kind.START_UP);
        again.guilds().taken(G, events.created(9L << 22));
        again.growth().observe(ONE, again.guilds().counts(G));
        assertThat(again.growth().perDay()).hasValue(1);
    }

    @Test
    void writesAtMostOnceASecondAndOnlyWhatChanged() {
        Capacity capacity = open("7");
        second();
        capacity.tick();
        assertThat(writing).isEmpty();
        capacity.guilds().taken(G, events.ready(guilds(3)));
        capacity.tick();
        assertThat(writing).hasSize(1);
        capacity.guilds().taken(G, events.created(1L << 22));
        second();
        capacity.tick();
        assertThat(writing).as("one is under way").hasSize(1);
        write();
        capacity.tick();
        assertThat(writing).hasSize(1);
        write();
        capacity.guilds().taken(G, events.created(2L << 22));
        capacity.tick();
        assertThat(writing).as("within the second").isEmpty();
        second();
        capacity.tick();
        write();
        second();
        capacity.guilds().taken(G, events.event("TYPING_START", 1L << 22, "{}"));
        capacity.tick();
        assertThat(writing).isEmpty();
        assertThat(open("7").guilds().missing(G, 0)).isEqualTo(1);
    }

    /** Eight bytes for each absent guild: a large file is written the more rarely. */
    @Test
    void aLargeFileIsWrittenMoreRarely() {
        Capacity capacity = open("7");
        second();
        capacity.guilds().taken(G, events.ready(guilds(200_000)));
        capacity.tick();
        write();
        capacity.guilds().taken(G, events.created(1L << 22));
        second();
        capacity.tick();
        assertThat(writing).isEmpty();
        second();
        capacity.tick();
        assertThat(writing).hasSize(1);
    }

    @Test
    void aWriteThatFailsIsSaidOnceAndTriedAgain() throws Exception {
        Capacity capacity = open("7");
        Files.createDirectory(dir.resolve("guilds.tmp"));
        capacity.guilds().taken(G, events.ready(guilds(3)));
        for (int i = 0; i < 3; i++) {
            second();
            capacity.tick();
            assertThat(writing).hasSize(1);
            write();
        }
        assertThat(reports).singleElement().asString().contains("can't be written");
        Files.delete(dir.resolve("guilds.tmp"));
        second();
        capacity.tick();
        write();
        assertThat(open("7").guilds().counts(G).total()).isEqualTo(3);
        second();
        capacity.tick();
        assertThat(writing).isEmpty();
    }

    @Test
    void aWriterThatBreaksIsTriedAgain() {
        Capacity capacity =
                Capacity.open(
                        path,
                        "7",
                        () -> now,
                        writing::add,
                        () -> nanos,
                        words -> {
                            throw new IllegalStateException(words);
                        });
        capacity.guilds().taken(G, new Events(0, 1, "x".repeat(300)).ready(guilds(1)));
        CompletableFuture<Void> saved = capacity.save();
        write();
        assertThat(saved).isCompletedExceptionally();
        second();
        capacity.guilds().taken(G, events.ready(guilds(3)));
        capacity.tick();
        write();
        assertThat(open("7").guilds().counts(G).total()).isEqualTo(3);
    }

    @Test
    void aForeignBotsFileIsNotUsed() {
        Capacity capacity = open("7");
        capacity.guilds().taken(G, events.ready(guilds(3)));
        save(capacity);
        assertThat(open("8").guilds().generations()).isEmpty();
        assertThat(reports).singleElement().asString().contains("another bot");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aDamagedFileIsNotUsedAndSaid(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Capacity capacity = open("7");
        capacity.guilds().taken(G, events.ready(guilds(30)));
        capacity.growth().observe(ONE, capacity.guilds().counts(G));
        save(capacity);
        byte[] sound = Files.readAllBytes(path);
        for (int i = 0; i < 200; i++) {
            byte[] spoilt = sound.clone();
            spoilt[random.nextInt(spoilt.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, spoilt);
            assertThat(open("7").guilds().generations()).as("seed %d", seed).isEmpty();
        }
        for (int length = 0; length < sound.length; length += 7) {
            Files.write(path, Arrays.copyOf(sound, length));
            assertThat(open("7").guilds().generations()).isEmpty();
        }
        assertThat(reports).hasSizeGreaterThan(200).allMatch(words -> words.contains("damaged"));
    }

    @Test
    void aFileThatIsNoneOrTooLargeIsNotUsed() throws Exception {
        Files.createDirectory(path);
        assertThat(open("7").guilds().generations()).isEmpty();
        Files.delete(path);
        Files.write(path, new byte[CapacityBytes.MOST_BYTES + 1]);
        assertThat(open("7").guilds().generations()).isEmpty();
        assertThat(reports).hasSize(2).allMatch(words -> words.contains("is not used"));
    }

    /** Counts without their absent guilds would be wrong at the next GUILD_CREATE. */
    @Test
    void whatHasNoRoomIsLeftOutShardByShardAndTheLargestFirst() {
        GuildBook book = new GuildBook();
        for (int shard = 0; shard < 4; shard++) {
            book.taken(G, new Events(shard, 4, "s" + shard).ready(guilds(1_000 * (4 - shard))));
        }
        CapacityBytes.Content content =
                new CapacityBytes.Content("7", Growth.Kept.NOTHING, book.kept());
        CapacityBytes.Encoded encoded = CapacityBytes.encode(content, 50_000);
        assertThat(encoded.bytes()).hasSizeLessThanOrEqualTo(50_000);
        assertThat(encoded.leftOut()).isEqualTo(1);
        assertThat(CapacityBytes.decode(encoded.bytes()).orElseThrow().shards())
                .extracting(KeptShard::shardId)
                .containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void saysOnceForHowManyShardsThereIsNoRoom() {
        Capacity capacity = open("7");
        int shards = 9;
        for (int shard = 0; shard < shards; shard++) {
            capacity.guilds()
                    .taken(G, new Events(shard, shards, "s" + shard).ready(guilds(240_000)));
        }
        CompletableFuture<Void> first = capacity.save();
        save(capacity);
        assertThat(first).isCompleted();
        assertThat(reports).singleElement().asString().contains("no room", "of 1 shards");
        assertThat(open("7").guilds().counts(G).shards()).isEqualTo(shards - 1);
    }

    /** Session ids have 32 letters; one beyond any measure is not kept, and spoils nothing. */
    @Test
    void aGiantSessionIdIsNotKept() {
        Capacity capacity = open("7");
        capacity.guilds().taken(G, new Events(0, 2, "x".repeat(60_000)).ready(guilds(1)));
        capacity.guilds().taken(G, new Events(1, 2, "y").ready(guilds(1)));
        save(capacity);
        assertThat(open("7").guilds().counts(G).byShard()).containsOnlyKeys(1);
        capacity.guilds().taken(G, new Events(0, 2, "z").ready(guilds(1)));
        save(capacity);
        assertThat(open("7").guilds().counts(G).byShard()).containsOnlyKeys(0, 1);
    }
}
