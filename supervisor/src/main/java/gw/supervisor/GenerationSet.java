package gw.supervisor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The generation that serves, and during a reshard the one that is to follow it. Owned by the
 * control thread.
 */
final class GenerationSet {
    private Generation serving;
    private @Nullable Generation coming;
    private @Nullable Generation leaving;

    GenerationSet(Generation serving) {
        this.serving = serving;
    }

    /** The one in charge. */
    Generation serving() {
        return serving;
    }

    /** The one that comes up; null: there is none. */
    @Nullable Generation coming() {
        return coming;
    }

    /** Whether this one's sessions are being ended. */
    boolean isLeaving(Generation generation) {
        return generation.equals(leaving);
    }

    void prepare(Generation next) {
        coming = next;
    }

    /** Its sessions are being ended on purpose. */
    void leaves(Generation generation) {
        leaving = generation;
    }

    /** The one that leaves was the one that was to come: it is gone now. */
    void gaveUp() {
        coming = null;
        leaving = null;
    }

    /** The one that came up is in charge; the one before is gone. */
    void promote() {
        Generation next = coming;
        if (next != null) {
            next.table().inherit(serving.table());
            serving = next;
            coming = null;
            leaving = null;
        }
    }

    /** Both, or the only one. */
    List<Generation> all() {
        List<Generation> all = new ArrayList<>(2);
        all.add(serving);
        if (coming != null) {
            all.add(coming);
        }
        return all;
    }

    /** The one that has this worker; null: none has. */
    @Nullable Generation ofWorker(int worker) {
        for (Generation each : all()) {
            if (each.plan().hasWorker(worker)) {
                return each;
            }
        }
        return null;
    }

    /** The one whose identify tokens have this slot; null: none has. */
    @Nullable Generation ofSlot(int slot) {
        for (Generation each : all()) {
            if (each.spec().slot() == slot) {
                return each;
            }
        }
        return null;
    }
}
