package gw.supervisor;

import gw.model.ShardRange;
import gw.record.RecordView;
import gw.supervisor.capacity.Capacity;
import gw.supervisor.capacity.Counts;
import gw.supervisor.capacity.GuildBook;
import gw.supervisor.reshard.GuildWatch;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** In which guilds the bot is, as its events tell. Owned by the data event loop. */
final class GuildCounts implements GuildWatch {
    private static final long OBSERVE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Capacity capacity;
    private final LongSupplier nanos;
    private long observedNanos;

    /**
     * How full the shards are.
     *
     * @param perDay guilds more than a day ago; empty: not known
     * @param fullAtMillis when the fullest shard has the percentage, as it goes; empty: never, or
     *     not known
     */
    record Figures(Counts counts, OptionalLong perDay, OptionalLong fullAtMillis) {}

    GuildCounts(Capacity capacity, LongSupplier nanos) {
        this.capacity = capacity;
        this.nanos = nanos;
        this.observedNanos = nanos.getAsLong() - OBSERVE_NANOS;
    }

    /**
     * What an earlier process knew of other generations, or of shards that are others' now, goes.
     */
    void keep(List<Generation> generations) {
        List<Integer> numbers = generations.stream().map(each -> each.spec().number()).toList();
        for (int known : List.copyOf(capacity.guilds().generations())) {
            if (!numbers.contains(known)) {
                capacity.guilds().forget(known);
            }
        }
        generations.forEach(
                each -> capacity.guilds().keepOnly(each.spec().number(), each.spec().shards()));
    }

    @Override
    public boolean arrives(int generation, RecordView record) {
        return capacity.guilds().taken(generation, record) == GuildBook.Kind.START_UP;
    }

    @Override
    public int missing(int next, int current) {
        return capacity.guilds().missing(next, current);
    }

    @Override
    public void forget(int generation) {
        capacity.guilds().forget(generation);
    }

    @Override
    public boolean isAbsent(int generation, long guildId) {
        return capacity.guilds().isAbsent(generation, guildId);
    }

    /** Once a second. */
    void tick(int generation, ShardRange shards) {
        if (nanos.getAsLong() - observedNanos >= OBSERVE_NANOS) {
            observedNanos = nanos.getAsLong();
            capacity.growth().observe(shards, capacity.guilds().counts(generation));
        }
        capacity.tick();
    }

    /** Of this generation. */
    Figures figures(int generation, int percentage) {
        return new Figures(
                capacity.guilds().counts(generation),
                capacity.growth().perDay(),
                capacity.growth().reaches(percentage));
    }

    /** Has what there is written. */
    CompletableFuture<Void> save() {
        return capacity.save();
    }
}
