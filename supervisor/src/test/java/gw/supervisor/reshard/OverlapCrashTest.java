package gw.supervisor.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import gw.supervisor.log.AppendResult;
import gw.supervisor.log.Records;
import gw.supervisor.log.ShadowLog;
import gw.supervisor.reshard.Overlap.Stage;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The process dies at random moments of random reshards, within their steps and between them; what
 * was not acked comes again, and the next process finds the files as they were (P1, P2, P3, P4).
 */
@Timeout(60)
class OverlapCrashTest {
    private static final int LIVES = 6;
    private static final int STEPS = 160;
    private static final int GUILDS = 4;
    private static final long WINDOW_MICROS = 10_000_000;
    private static final long STEP_MILLIS = 500;

    @TempDir private Path root;

    private Random random = new Random(0);

    @SuppressWarnings("NullAway.Init")
    private OverlapWorld world;

    private List<Stream> old = List.of();
    private List<Stream> next = List.of();
    private final Map<Long, List<String>> expected = new TreeMap<>();
    private Kept kept = Kept.ALONE;
    private int processes;
    private int deaths;
    private int happened;
    private long ordered;

    /** What {@code generations.json} says. */
    private enum Kept {
        ALONE,
        COMING,
        SWITCHING,
        SWITCHED
    }

    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A session: what Discord has sent, and how far its worker was acked. */
    private static final class Stream {
        private final Side side;
        private final int shard;
        private final String session;
        private final List<String> names = new ArrayList<>();
        private final List<Long> guilds = new ArrayList<>();
        private final List<String> contents = new ArrayList<>();
        private int sent;
        private int acked;

        private Stream(Side side, int shard) {
            this.side = side;
            this.shard = shard;
            this.session = (side.generation() == 0 ? "g" : "n") + shard;
        }

        private void add(String name, long guild, String content) {
            names.add(name);
            guilds.add(guild);
            contents.add(content);
        }

        private boolean isRead() {
            return acked == names.size();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whenEverItDiesEachEventGoesOutOnceAndInOrder(long seed) throws IOException {
        int reshards = 0;
        for (int life = 0; life < LIVES; life++) {
            long each = seed * 1_000 + life;
            try {
                live(each);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + each + ", " + kept, e);
            }
            reshards += kept == Kept.SWITCHED ? 1 : 0;
        }
        System.out.printf("seed %d: %d reshards, %d deaths%n", seed, reshards, deaths);
        assertThat(reshards).isEqualTo(LIVES);
    }

    private void live(long seed) throws IOException {
        random = new Random(seed);
        world = new OverlapWorld(root.resolve("p" + ++processes));
        old = streams(OverlapWorld.OLD, 2);
        next = List.of();
        expected.clear();
        kept = Kept.ALONE;

        for (int step = 0; step < STEPS || kept != Kept.SWITCHED; step++) {
            assertThat(step).as("it comes to an end").isLessThan(10 * STEPS);
            try {
                dieWithin();
                world.now = world.now.plusMillis(STEP_MILLIS);
                happen();
                for (Stream stream : old) {
                    bring(stream);
                }
                for (Stream stream : next) {
                    bring(stream);
                }
                world.overlap.tick();
                step();
                if (random.nextInt(60) == 0) {
                    throw new Death();
                }
            } catch (Death e) {
                die();
            }
        }
        world.moment = _ -> {};
        for (Stream stream : next) {
            while (!stream.isRead()) {
                bring(stream);
            }
        }
        Map<Long, List<String>> told = new TreeMap<>();
        List<String> all = world.told();
        assertThat(all.stream().filter(one -> one.equals("RESHARDED")))
                .as("told of the switch")
                .hasSize(1);
        for (String one : all) {
            if (!one.equals("RESHARDED")) {
                told.computeIfAbsent(guild(one), _ -> new ArrayList<>()).add(one);
            }
        }
        for (Map.Entry<Long, List<String>> guild : expected.entrySet()) {
            assertThat(told.get(guild.getKey()))
                    .as("guild %d", guild.getKey())
                    .isEqualTo(guild.getValue());
        }
        assertThat(world.log.sessions())
                .extracting(one -> one.sessionId() + ":" + one.sequence())
                .containsExactlyElementsOf(
                        next.stream().map(one -> one.session + ":" + one.names.size()).toList());
        assertThat(world.reports).isEmpty();
        world.log.close();
    }

    private static long guild(String content) {
        return Long.parseLong(content.substring(0, content.indexOf('-')));
    }

    private List<Stream> streams(Side side, int count) {
        List<Stream> streams = new ArrayList<>();
        for (int shard = 0; shard < count; shard++) {
            streams.add(new Stream(side, shard));
            world.session(side, shard, streams.getLast().session);
        }
        return streams;
    }

    /** Now and then two that are equal. */
    private void happen() {
        for (int i = random.nextInt(4); i > 0; i--) {
            long guild = random.nextInt(GUILDS + 1);
            String content = guild + "-" + happened++;
            for (int same = random.nextInt(8) == 0 ? 2 : 1; same > 0; same--) {
                expected.computeIfAbsent(guild, _ -> new ArrayList<>()).add(content);
                if (kept == Kept.ALONE || kept == Kept.COMING) {
                    old.get((int) guild % 2).add("E", guild, content);
                }
                if (!next.isEmpty()) {
                    next.get((int) guild % 3).add("E", guild, content);
                }
            }
        }
    }

    /** Some of what a worker has. */
    private void bring(Stream stream) {
        if (stream.side.generation() == 0 && kept == Kept.SWITCHED) {
            return;
        }
        int until = Math.min(stream.names.size(), stream.sent + random.nextInt(4));
        Records records = new Records();
        for (int i = stream.sent; i < until; i++) {
            world.event(
                    records,
                    stream.names.get(i),
                    stream.shard,
                    stream.session,
                    i + 1,
                    stream.guilds.get(i),
                    stream.contents.get(i));
        }
        if (until == stream.sent) {
            return;
        }
        AppendResult result = world.take(records, stream.side);
        assertThat(result.problem()).isEmpty();
        assertThat(result.full()).isFalse();
        stream.sent = until;
        ShadowLog apart = world.overlap.shadowsOf(stream.side.firstWorker());
        (apart == null ? world.log : apart)
                .whenSafe(number -> stream.acked = Math.max(stream.acked, (int) number), until);
    }

    /** One step further, now and then. */
    private void step() throws IOException {
        Overlap overlap = world.overlap;
        long now = world.micros();
        if (overlap.stage() == Stage.WATCHING) {
            overlap.forgetBefore(now - WINDOW_MICROS);
        }
        if (random.nextInt(8) != 0) {
            return;
        }
        switch (kept) {
            case ALONE -> {
                kept = Kept.COMING;
                overlap.prepare(OverlapWorld.NEXT, world.shadowFile());
                next = streams(OverlapWorld.NEXT, 3);
                for (Stream each : next) {
                    each.add("READY", 0, "0-ready");
                    each.add("GUILD_CREATE", 3 + each.shard, "0-listed");
                }
            }
            case COMING -> {
                switch (overlap.stage()) {
                    case PREPARING -> {
                        overlap.watch();
                        ordered = now + WINDOW_MICROS;
                    }
                    case WATCHING -> {
                        if (now >= ordered && isBrought(next)) {
                            assertThat(overlap.begin()).isTrue();
                            ordered = now + WINDOW_MICROS;
                        }
                    }
                    default -> {
                        if (now >= ordered) {
                            kept = Kept.SWITCHING;
                            ordered = now;
                            overlap.forgetBefore(ordered - WINDOW_MICROS / 2);
                        }
                    }
                }
            }
            case SWITCHING -> {
                if (overlap.stage() == Stage.OVERLAPPING && isBrought(old)) {
                    assertThat(overlap.finish(ordered, WINDOW_MICROS / 2)).isTrue();
                } else if (overlap.stage() == Stage.SETTLING && isBrought(next)) {
                    kept = Kept.SWITCHED;
                    if (random.nextInt(3) == 0) {
                        throw new Death();
                    }
                    overlap.end();
                }
            }
            case SWITCHED -> {
                // It is over.
            }
        }
    }

    private static boolean isBrought(List<Stream> streams) {
        return streams.stream().allMatch(each -> each.sent == each.names.size());
    }

    private void dieWithin() {
        int until = random.nextInt(300);
        int[] seen = {0};
        world.moment =
                _ -> {
                    if (seen[0]++ == until) {
                        throw new Death();
                    }
                };
    }

    private void die() throws IOException {
        deaths++;
        Side serving = kept == Kept.SWITCHED ? OverlapWorld.NEXT : OverlapWorld.OLD;
        world.die(root.resolve("p" + ++processes), serving);
        switch (kept) {
            case ALONE, SWITCHED -> {
                var _ = Files.deleteIfExists(world.shadowFile());
            }
            case COMING -> {
                world.overlap.prepare(OverlapWorld.NEXT, world.shadowFile());
                ordered = world.micros() + WINDOW_MICROS;
            }
            case SWITCHING -> {
                world.overlap.goOn(OverlapWorld.NEXT, world.shadowFile());
                world.overlap.forgetBefore(ordered - WINDOW_MICROS / 2);
            }
        }
        for (Stream stream : old) {
            again(stream);
        }
        for (Stream stream : next) {
            again(stream);
        }
    }

    /** Its worker dials again, tells its session and sends what was not acked. */
    private void again(Stream stream) {
        if (stream.side.generation() == 0 && kept == Kept.SWITCHED) {
            return;
        }
        stream.sent = stream.acked;
        boolean ended = stream.side.generation() == 0 && kept == Kept.SWITCHING;
        if (!ended) {
            world.session(stream.side, stream.shard, stream.session);
        }
    }
}
