package gw.sim.interaction;

/** One interaction that was dispatched. Owned by the event loop. */
final class Interaction {
    final String id;
    final String applicationId;
    final int type;
    final long sentNanos;
    final RouteLimit callbacks = new RouteLimit();
    final RouteLimit webhook = new RouteLimit();

    /** The callback's type; 0: not acknowledged. */
    int acknowledgedAs;

    Interaction(String id, String applicationId, int type, long sentNanos) {
        this.id = id;
        this.applicationId = applicationId;
        this.type = type;
        this.sentNanos = sentNanos;
    }
}
