package gw.supervisor.interactions;

import java.time.InstantSource;

/** Counts. Owned by the data event loop. */
final class DeferTally {
    private final InstantSource clock;
    private long messages;
    private long updates;
    private long choices;
    private String lastError = "";
    private long lastErrorMillis;
    long acknowledged;
    long notUnderstood;
    private long tooLate;
    private long limited;
    private long failed;
    private long notTaken;

    DeferTally(InstantSource clock) {
        this.clock = clock;
    }

    void deferred(Deferral how) {
        switch (how) {
            case MESSAGE -> messages++;
            case UPDATE -> updates++;
            case CHOICES -> choices++;
        }
    }

    void tooLate(String why) {
        tooLate++;
        error(why);
    }

    void limited() {
        limited++;
        error("Discord's rate limit (429) leaves no time");
    }

    void failed(String why) {
        failed++;
        error(why);
    }

    void notTaken(int waiting) {
        notTaken++;
        error("more than " + waiting + " interactions wait");
    }

    private void error(String why) {
        lastError = why;
        lastErrorMillis = clock.millis();
    }

    DeferStats stats(int waiting, int inFlight) {
        return new DeferStats(
                messages,
                updates,
                choices,
                acknowledged,
                tooLate,
                limited,
                failed,
                notTaken,
                notUnderstood,
                waiting,
                inFlight,
                lastError,
                lastErrorMillis);
    }
}
