package gw.worker.shard;

import java.util.List;

/**
 * The outcome of one step.
 *
 * @param next the new state; the same object when nothing changed
 * @param actions to be done in order
 * @param reason in words for people; empty when the state did not change
 * @param closeCode the code that led here, 0: none
 */
public record Transition(ShardState next, List<ShardAction> actions, String reason, int closeCode) {
    public Transition {
        actions = List.copyOf(actions);
    }

    static Transition to(ShardState next, String reason, ShardAction... actions) {
        return new Transition(next, List.of(actions), reason, 0);
    }

    static Transition stay(ShardState same, ShardAction... actions) {
        return new Transition(same, List.of(actions), "", 0);
    }
}
