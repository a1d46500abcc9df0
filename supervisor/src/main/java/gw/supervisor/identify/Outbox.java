package gw.supervisor.identify;

import java.util.ArrayDeque;

/** What is to be told, in order. The budget is on disk before a token that it paid for goes out. */
final class Outbox {
    private final BudgetWriter writer;
    private final ArrayDeque<Runnable> messages = new ArrayDeque<>();
    private boolean delivering;

    Outbox(BudgetWriter writer) {
        this.writer = writer;
    }

    void add(Runnable message) {
        messages.add(message);
    }

    /** Tells all; what is added meanwhile, too. A call from within leaves it to the outer one. */
    void deliver(long nowNanos) {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            do {
                writer.write(nowNanos);
                Runnable message = messages.poll();
                if (message != null) {
                    message.run();
                }
            } while (!messages.isEmpty() || writer.isUrgent());
        } finally {
            delivering = false;
        }
    }
}
