package gw.supervisor.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import gw.record.RecordView;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The counts are those of a model that holds every guild by name, over joins, leaves, outages and
 * new sessions, and over crashes: what was kept is older than the log, and the log's tail, with
 * sessions that were over long before, is shown again (P1, P7). A failure names its seed.
 */
class GuildRandomTest {
    private static final int SHARDS = 3;
    private static final int NUMBERS = 60;

    /** A shard as it is: its guilds, and those that are absent (true: since READY). */
    private static final class Model {
        private final int shard;
        private Events events;
        private final Set<Long> guilds = new HashSet<>();
        private final Map<Long, Boolean> absent = new HashMap<>();

        Model(int shard, Events events) {
            this.shard = shard;
            this.events = events;
        }
    }

    private record Logged(int generation, RecordView record, GuildBook.Kind kind) {}

    private final List<Logged> log = new ArrayList<>();
    private final Map<Integer, List<Model>> generations = new HashMap<>();
    private GuildBook book = new GuildBook();
    private List<KeptShard> kept = List.of();
    private int keptAt;
    private int sessions;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void countsAsTheModelDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < 3_000; step++) {
            int generation = random.nextInt(2);
            Model model = model(random, generation, random.nextInt(SHARDS));
            switch (random.nextInt(100)) {
                case 0, 1 -> newSession(random, generation, model);
                case 2, 3 -> keep();
                case 4 -> crash(random);
                default -> event(random, generation, model);
            }
            if (step % 50 == 0) {
                compare("seed " + seed + ", step " + step);
            }
        }
        crash(random);
        compare("seed " + seed + ", at the end");
    }

    private Model model(SplittableRandom random, int generation, int shard) {
        List<Model> models =
                generations.computeIfAbsent(
                        generation,
                        _ -> {
                            List<Model> all = new ArrayList<>();
                            for (int i = 0; i < SHARDS; i++) {
                                Model one = new Model(i, session(i));
                                all.add(one);
                                newSession(random, generation, one);
                            }
                            return all;
                        });
        return models.get(shard);
    }

    private Events session(int shard) {
        return new Events(shard, SHARDS, "session-" + sessions++);
    }

    /** Some have joined and some have left while there was none. */
    private void newSession(SplittableRandom random, int generation, Model model) {
        model.events = session(model.shard);
        model.guilds.clear();
        model.absent.clear();
        for (long number = 0; number < NUMBERS; number++) {
            if (random.nextInt(3) > 0) {
                model.guilds.add(model.events.guild(number));
            }
        }
        model.guilds.forEach(guild -> model.absent.put(guild, true));
        take(generation, model.events.ready(model.guilds), GuildBook.Kind.START_UP);
    }

    private void event(SplittableRandom random, int generation, Model model) {
        long guild = model.events.guild(random.nextInt(NUMBERS));
        boolean there = model.guilds.contains(guild);
        GuildBook.Kind kind = GuildBook.Kind.ORDINARY;
        switch (random.nextInt(6)) {
            case 0 -> take(generation, model.events.event("TYPING_START", guild, "{}"), kind);
            case 1 -> {
                if (there) {
                    model.guilds.remove(guild);
                    model.absent.remove(guild);
                    take(generation, model.events.removed(guild), kind);
                }
            }
            case 2 -> {
                if (there) {
                    model.absent.put(guild, false);
                    take(generation, model.events.outage(guild), kind);
                }
            }
            default -> {
                boolean away = random.nextInt(5) == 0;
                if (there && !model.absent.containsKey(guild)) {
                    return;
                }
                Boolean listed = model.absent.get(guild);
                if (Boolean.TRUE.equals(listed)) {
                    kind = GuildBook.Kind.START_UP;
                }
                if (!away) {
                    model.absent.remove(guild);
                } else if (!there) {
                    model.absent.put(guild, false);
                }
                model.guilds.add(guild);
                take(
                        generation,
                        away ? model.events.announced(guild) : model.events.created(guild),
                        kind);
            }
        }
    }

    private void take(int generation, RecordView record, GuildBook.Kind kind) {
        log.add(new Logged(generation, record, kind));
        assertThat(book.taken(generation, record))
                .as("%s %d", record.name(), record.sequence())
                .isEqualTo(kind);
    }

    /** As the file does it. */
    private void keep() {
        kept =
                CapacityBytes.decode(
                                CapacityBytes.encode(
                                                new CapacityBytes.Content(
                                                        "bot", Growth.Kept.NOTHING, book.kept()))
                                        .bytes())
                        .map(CapacityBytes.Content::shards)
                        .orElseThrow();
        keptAt = log.size();
    }

    /**
     * The tail begins wherever a segment did, so it may be long; what is settled may be gone from
     * anywhere in it.
     */
    private void crash(SplittableRandom random) {
        book = new GuildBook(kept);
        int from = Math.max(0, keptAt - random.nextInt(100));
        for (int i = from; i < log.size(); i++) {
            Logged logged = log.get(i);
            if (i < keptAt && random.nextInt(3) == 0) {
                continue;
            }
            GuildBook.Kind kind = book.taken(logged.generation(), logged.record());
            if (i >= keptAt || isOfLiveSession(logged)) {
                assertThat(kind).as("%s again", logged.record().name()).isEqualTo(logged.kind());
            }
        }
    }

    /** Of one that is over nothing but READY is told apart any more. */
    private boolean isOfLiveSession(Logged logged) {
        return kept.stream()
                .anyMatch(shard ->
                        shard.generation() == logged.generation()
                                && logged.record().sessionEquals(shard.session()));
    }

    private void compare(String when) {
        generations.forEach((generation, models) -> {
            Counts counts = book.counts(generation);
            for (int shard = 0; shard < SHARDS; shard++) {
                Model model = models.get(shard);
                assertThat(counts.of(shard)).as(when).hasValue(model.guilds.size());
                for (long number = 0; number < NUMBERS; number++) {
                    long guild = model.events.guild(number);
                    assertThat(book.isAbsent(generation, guild))
                            .as(when)
                            .isEqualTo(model.absent.containsKey(guild));
                }
            }
        });
        assertThat(book.missing(0, 1)).as(when).isEqualTo(missing(0, 1));
        assertThat(book.missing(1, 0)).as(when).isEqualTo(missing(1, 0));
    }

    private int missing(int next, int current) {
        return Optional.ofNullable(generations.get(next)).stream()
                .flatMap(List::stream)
                .flatMap(model -> model.absent.keySet().stream())
                .mapToInt(guild ->
                        generations.getOrDefault(current, List.of()).stream()
                                        .anyMatch(m -> m.absent.containsKey(guild))
                                ? 0
                                : 1)
                .sum();
    }
}
