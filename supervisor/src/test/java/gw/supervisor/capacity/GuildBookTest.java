package gw.supervisor.capacity;

import static gw.supervisor.capacity.GuildBook.Kind.ORDINARY;
import static gw.supervisor.capacity.GuildBook.Kind.START_UP;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.ShardRange;
import gw.record.RecordView;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Guilds are counted as READY, GUILD_CREATE and GUILD_DELETE tell them; outages are no removals.
 */
class GuildBookTest {
    private static final int G = 3;

    private final GuildBook book = new GuildBook();
    private final Events events = new Events(1, 4, "one");

    private List<Long> guilds(int count) {
        return LongStream.range(0, count).map(events::guild).boxed().toList();
    }

    private int count() {
        return book.counts(G).of(1).orElse(-1);
    }

    @Test
    void readyCountsAndEachGuildThatComesIsStartUp() {
        List<Long> guilds = guilds(3);
        assertThat(book.taken(G, events.ready(guilds))).isEqualTo(START_UP);
        assertThat(count()).isEqualTo(3);
        for (long guild : guilds) {
            assertThat(book.isAbsent(G, guild)).isTrue();
            assertThat(book.taken(G, events.created(guild))).isEqualTo(START_UP);
            assertThat(book.isAbsent(G, guild)).isFalse();
        }
        assertThat(count()).isEqualTo(3);
    }

    @Test
    void joinsAndLeavesMoveTheCount() {
        book.taken(G, events.ready(List.of()));
        assertThat(book.taken(G, events.created(events.guild(7)))).isEqualTo(ORDINARY);
        assertThat(book.taken(G, events.created(events.guild(8)))).isEqualTo(ORDINARY);
        assertThat(count()).isEqualTo(2);
        assertThat(book.taken(G, events.removed(events.guild(7)))).isEqualTo(ORDINARY);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void anOutageIsNoRemovalAndItsEndNoStartUp() {
        long guild = events.guild(0);
        book.taken(G, events.ready(List.of(guild)));
        book.taken(G, events.created(guild));
        assertThat(book.taken(G, events.outage(guild))).isEqualTo(ORDINARY);
        assertThat(count()).isEqualTo(1);
        assertThat(book.isAbsent(G, guild)).isTrue();
        assertThat(book.taken(G, events.created(guild))).isEqualTo(ORDINARY);
        assertThat(count()).isEqualTo(1);
        assertThat(book.isAbsent(G, guild)).isFalse();
    }

    /** The bot was told of the outage, so it must be told of its end. */
    @Test
    void anOutageBeforeAGuildHasComeMakesItsComingOrdinary() {
        long guild = events.guild(0);
        book.taken(G, events.ready(List.of(guild)));
        book.taken(G, events.outage(guild));
        assertThat(book.taken(G, events.created(guild))).isEqualTo(ORDINARY);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void whatLeavesWhileItIsAbsentIsNeitherCountedNorAbsent() {
        List<Long> guilds = guilds(2);
        book.taken(G, events.ready(guilds));
        book.taken(G, events.removed(guilds.get(0)));
        assertThat(count()).isEqualTo(1);
        assertThat(book.isAbsent(G, guilds.get(0))).isFalse();
        assertThat(book.taken(G, events.created(guilds.get(0)))).isEqualTo(ORDINARY);
        assertThat(count()).isEqualTo(2);
    }

    /**
     * Discord may announce a guild that it can't give yet, and gives it when the outage is over.
     */
    @Test
    void aGuildThatIsAnnouncedDuringAnOutageCountsOnce() {
        List<Long> guilds = guilds(1);
        book.taken(G, events.ready(guilds));
        assertThat(book.taken(G, events.announced(guilds.get(0)))).isEqualTo(START_UP);
        assertThat(book.isAbsent(G, guilds.get(0))).isTrue();
        assertThat(book.taken(G, events.created(guilds.get(0)))).isEqualTo(START_UP);
        long joined = events.guild(9);
        assertThat(book.taken(G, events.announced(joined))).isEqualTo(ORDINARY);
        assertThat(book.isAbsent(G, joined)).isTrue();
        assertThat(book.taken(G, events.created(joined))).isEqualTo(ORDINARY);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void aNewSessionBeginsAnewAndTheFormerOneSaysNothingMore() {
        book.taken(G, events.ready(guilds(5)));
        RecordView late = events.created(events.guild(77));
        Events next = new Events(1, 4, "two");
        book.taken(G, next.ready(guilds(2)));
        assertThat(count()).isEqualTo(2);
        book.taken(G, late);
        assertThat(count()).isEqualTo(2);
        assertThat(book.isAbsent(G, events.guild(4))).isFalse();
    }

    @Test
    void aSessionWhoseReadyWasNotSeenIsNotCounted() {
        assertThat(book.taken(G, events.created(events.guild(1)))).isEqualTo(ORDINARY);
        assertThat(book.taken(G, events.removed(events.guild(1)))).isEqualTo(ORDINARY);
        assertThat(book.counts(G).shards()).isZero();
        assertThat(book.generations()).isEmpty();
    }

    @Test
    void anotherShardCountIsAnotherPlan() {
        book.taken(G, events.ready(guilds(5)));
        book.taken(G, new Events(0, 8, "other").ready(List.of(8L << 22)));
        assertThat(book.counts(G).total()).isEqualTo(1);
        assertThat(book.isAbsent(G, 8L << 22)).isTrue();
        book.taken(G, new Events(5, 8, "five").ready(List.of(13L << 22)));
        book.keepOnly(G, new ShardRange(4, 7, 8));
        assertThat(book.counts(G).byShard()).containsOnlyKeys(5);
        book.keepOnly(G, new ShardRange(4, 7, 9));
        assertThat(book.generations()).isEmpty();
    }

    @Test
    void tellsTheFullestOfAllShards() {
        for (int shard = 0; shard < 4; shard++) {
            Events session = new Events(shard, 4, "s" + shard);
            book.taken(
                    G,
                    session.ready(
                            LongStream.range(0, shard == 2 ? 9 : shard)
                                    .map(session::guild)
                                    .boxed()
                                    .toList()));
        }
        Counts counts = book.counts(G);
        assertThat(counts.total()).isEqualTo(0 + 1 + 9 + 3);
        assertThat(counts.fullestShard()).hasValue(2);
        assertThat(counts.fullestGuilds()).isEqualTo(9);
        assertThat(counts.isComplete(new ShardRange(0, 3, 4))).isTrue();
        assertThat(counts.isComplete(new ShardRange(0, 4, 5))).isFalse();
    }

    /** What the next generation waits for is what it lacks and the one that serves has. */
    @Test
    void countsWhatIsMissingInTheNextGenerationAlone() {
        Events current = new Events(0, 1, "g");
        List<Long> all = LongStream.range(0, 100).map(i -> (i + 1) << 22).boxed().toList();
        book.taken(G, current.ready(all));
        all.forEach(guild -> book.taken(G, current.created(guild)));
        assertThat(book.missing(G + 1, G)).isZero();
        List<Events> next = IntStream.range(0, 3).mapToObj(i -> new Events(i, 3, "n" + i)).toList();
        for (int i = 0; i < 3; i++) {
            int shard = i;
            book.taken(
                    G + 1,
                    next.get(i).ready(all.stream().filter(g -> (g >> 22) % 3 == shard).toList()));
        }
        assertThat(book.missing(G + 1, G)).isEqualTo(100);
        all.subList(0, 40).forEach(guild -> book.taken(G, current.outage(guild)));
        assertThat(book.missing(G + 1, G)).isEqualTo(60);
        for (long guild : all.subList(30, 98)) {
            book.taken(G + 1, next.get((int) ((guild >> 22) % 3)).created(guild));
        }
        assertThat(book.missing(G + 1, G)).isEqualTo(2);
        assertThat(book.missing(G + 1, 99)).isEqualTo(32);
        book.forget(G + 1);
        assertThat(book.missing(G + 1, G)).isZero();
        assertThat(book.isAbsent(G + 1, all.get(0))).isFalse();
    }

    @Test
    void generationsDoNotMix() {
        book.taken(G, events.ready(guilds(2)));
        book.taken(G + 1, new Events(1, 4, "other").ready(guilds(7)));
        assertThat(book.counts(G).total()).isEqualTo(2);
        assertThat(book.counts(G + 1).total()).isEqualTo(7);
        assertThat(book.generations()).containsExactlyInAnyOrder(G, G + 1);
    }

    /** It stands on the way of every event (P7). */
    @Test
    void anyOtherEventCostsNoMemory() {
        book.taken(G, events.ready(guilds(100)));
        RecordView typing = events.event("TYPING_START", events.guild(1), "{}");
        RecordView message = events.event("MESSAGE_CREATE", events.guild(1), "{}");
        show(typing, message);
        long before = allocated();
        show(typing, message);
        assertThat(allocated() - before).isLessThan(1_000);
        assertThat(count()).isEqualTo(100);
    }

    private void show(RecordView... records) {
        for (int i = 0; i < 10_000; i++) {
            for (RecordView record : records) {
                book.taken(G, record);
            }
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
