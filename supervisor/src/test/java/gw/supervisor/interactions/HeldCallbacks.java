package gw.supervisor.interactions;

import java.util.ArrayList;
import java.util.List;

/** A transport whose answers the test gives. */
final class HeldCallbacks implements DeferTransport {
    /** One callback. */
    record Held(InteractionFacts interaction, String json, Outcome outcome) {
        void answer(CallbackAnswer answer) {
            outcome.answered(answer);
        }
    }

    final List<Held> posted = new ArrayList<>();
    boolean closed;

    @Override
    public void post(InteractionFacts interaction, String json, Outcome outcome) {
        posted.add(new Held(interaction, json, outcome));
    }

    Held last() {
        return posted.getLast();
    }

    @Override
    public void close() {
        closed = true;
    }
}
