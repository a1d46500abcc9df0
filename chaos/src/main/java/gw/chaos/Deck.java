package gw.chaos;

import gw.sim.bot.BotAnswer;
import gw.sim.fault.Fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Deals a lane's actions: all of a shuffled deck, then all of another, so that none is long away.
 * Owned by one thread.
 */
final class Deck {
    private static final int ONE_LONG_STOP_IN = 3;

    private final SplittableRandom random;
    private final List<Function<SplittableRandom, Action>> cards;
    private final List<Action> left = new ArrayList<>();

    Deck(Lane lane, Set<Kind> kinds, int workers, int shards, SplittableRandom random) {
        this.random = random;
        this.cards = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind.lane == lane && kinds.contains(kind)) {
                for (int i = 0; i < kind.weight; i++) {
                    cards.addAll(cards(kind, workers, shards));
                }
            }
        }
    }

    boolean isEmpty() {
        return cards.isEmpty();
    }

    /** The next that lasts no longer; empty: none that is left of this deck is so short. */
    Optional<Action> next(Duration room) {
        if (left.isEmpty()) {
            cards.forEach(card -> left.add(card.apply(random)));
            Collections.shuffle(left, new Random(random.nextLong()));
        }
        for (int i = 0; i < left.size(); i++) {
            if (left.get(i).span().compareTo(room) <= 0) {
                return Optional.of(left.remove(i));
            }
        }
        return Optional.empty();
    }

    private static List<Function<SplittableRandom, Action>> cards(
            Kind kind, int workers, int shards) {
        return switch (kind) {
            case WORKER_KILL -> List.of(from -> new Action.KillWorker(from.nextInt(workers)));
            case WORKER_STOP ->
                    List.of(from -> new Action.StopWorker(from.nextInt(workers), stop(from)));
            case SUPERVISOR_KILL -> List.of(from -> new Action.KillSupervisor(down(from)));
            case SUPERVISOR_STOP ->
                    List.of(from -> new Action.StopSupervisor(Faults.millis(from, 100, 15_000)));
            case SUPERVISOR_TERM -> List.of(from -> new Action.EndSupervisor(down(from)));
            case KILL_ALL -> List.of(from -> new Action.KillAll(down(from)));
            case UPGRADE -> List.of(_ -> new Action.Upgrade());
            case BOT_DOWN -> List.of(from -> new Action.BotDown(Faults.millis(from, 100, 20_000)));
            case BOT_TROUBLE ->
                    answers().stream()
                            .<Function<SplittableRandom, Action>>map(answer ->
                                    from ->
                                            new Action.BotTrouble(
                                                    answer.apply(from),
                                                    Faults.millis(from, 200, 8_000)))
                            .toList();
            case SHARD_FAULTS -> faults(false, shards);
            case OUTAGES -> faults(true, shards);
            case DISK_FULL ->
                    List.of(from -> new Action.FillDisk(Faults.millis(from, 1_000, 8_000)));
        };
    }

    /** Most are short: a worker that is stopped for long is replaced, and its sessions may end. */
    private static Duration stop(SplittableRandom from) {
        return from.nextInt(ONE_LONG_STOP_IN) == 0
                ? Faults.millis(from, 4_000, 20_000)
                : Faults.millis(from, 100, 4_000);
    }

    private static Duration down(SplittableRandom from) {
        return from.nextInt(3) == 0 ? Duration.ZERO : Faults.millis(from, 0, 8_000);
    }

    /** An answer that refuses an event for good is left out: such events end as dead letters. */
    private static List<Function<SplittableRandom, BotAnswer>> answers() {
        return List.of(
                _ -> new BotAnswer.Status(500),
                _ -> new BotAnswer.Status(503),
                from ->
                        new BotAnswer.Status(
                                429, Optional.of(Duration.ofSeconds(from.nextInt(1, 4)))),
                _ -> new BotAnswer.Status(401),
                _ -> new BotAnswer.Status(404),
                from -> new BotAnswer.Delay(Faults.millis(from, 20, 800)),
                _ -> new BotAnswer.Hang(),
                _ -> new BotAnswer.Reset());
    }

    /** All that the sim knows, but for closes after which only a human helps: those end gw. */
    private static List<Function<SplittableRandom, Action>> faults(boolean outages, int shards) {
        List<Function<SplittableRandom, Action>> faults = new ArrayList<>();
        Fault.byName()
                .forEach((name, fault) -> {
                    if (Faults.isOutage(fault.get()) == outages) {
                        faults.add(from ->
                                new Action.Inflict(
                                        name,
                                        Faults.vary(fault.get(), from),
                                        from.nextInt(shards)));
                    }
                });
        return faults;
    }
}
