package gw.sim.fault;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What Discord and networks do to a client. */
public sealed interface Fault {
    /** A fault that befalls one shard's connection. */
    sealed interface OnConnection extends Fault {}

    /** Op 7. */
    record Reconnect() implements OnConnection {}

    /** Op 7 instead of HELLO, on the next so many connections. */
    record ReconnectBeforeHello(int connections) implements Fault {}

    /** Op 9; without {@code resumable} the session is over. */
    record InvalidSession(boolean resumable) implements OnConnection {}

    /** A close frame with this code. 4007, 4009 and the fatal ones end the session. */
    record CloseCode(int code) implements OnConnection {}

    /** The connection stays open and nothing comes any more: no events, no acks. */
    record SilentZombie() implements OnConnection {}

    /** Nothing is read or written any more, and nobody says so. */
    record HalfOpen() implements OnConnection {}

    /** TCP reset. */
    record Reset() implements OnConnection {}

    /** Frames come in small pieces, a few bytes each, for a while. */
    record SlowFrames(Duration duration) implements OnConnection {}

    /** Messages come in many fragments, for a while. */
    record SplitFrames(Duration duration) implements OnConnection {}

    /**
     * The resume host does not answer, for a while. Connections that were made through it are
     * reset.
     */
    record DeadResumeHost(Duration duration) implements Fault {}

    /** No connection is accepted, for a while. */
    record RefuseConnects(Duration duration) implements Fault {}

    /** RESUME is answered by a broken connection, for a while. */
    record NoResumes(Duration duration) implements Fault {}

    /** All connections are closed; REST and gateway answer 503, for a while. */
    record Maintenance(Duration duration) implements Fault {}

    /** The next so many REST calls get this status. */
    record RestStatus(int status, int calls) implements Fault {}

    /** The next so many calls that answer an interaction get this status. */
    record InteractionStatus(int status, int calls) implements Fault {}

    /** Op 1: a heartbeat is wanted now. */
    record HeartbeatRequest() implements OnConnection {}

    /** A message of random bytes. */
    record GarbageFrame() implements OnConnection {}

    /** Half of a message, then a break. */
    record TruncatedMessage() implements OnConnection {}

    /** A message that grows a thousandfold when it is decompressed. */
    record CompressionBomb() implements OnConnection {}

    /** Well compressed JSON that is no payload. */
    record HostileEnvelope() implements OnConnection {}

    /** What it does, in one line for the command line. */
    default String description() {
        return switch (this) {
            case Reconnect _ -> "op 7";
            case ReconnectBeforeHello(int connections) ->
                    "op 7 instead of HELLO, on the next " + connections + " connection(s)";
            case InvalidSession(boolean resumable) ->
                    resumable ? "op 9, resumable" : "op 9, the session is over";
            case CloseCode(int code) -> "a close frame with code " + code;
            case SilentZombie _ -> "the connection stays open and nothing comes any more";
            case HalfOpen _ -> "nothing is read or written any more, and nobody says so";
            case Reset _ -> "TCP reset";
            case SlowFrames(Duration duration) ->
                    "a few bytes at a time, for " + duration.toSeconds() + " s";
            case SplitFrames(Duration duration) ->
                    "messages in many fragments, for " + duration.toSeconds() + " s";
            case DeadResumeHost(Duration duration) ->
                    "the resume host does not answer, for " + duration.toSeconds() + " s";
            case RefuseConnects(Duration duration) ->
                    "no connection is accepted, for " + duration.toSeconds() + " s";
            case NoResumes(Duration duration) ->
                    "RESUME breaks the connection, for " + duration.toSeconds() + " s";
            case Maintenance(Duration duration) ->
                    "all connections close, then 503, for " + duration.toSeconds() + " s";
            case RestStatus(int status, int calls) ->
                    "the next " + calls + " REST call(s) get " + status;
            case InteractionStatus(int status, int calls) ->
                    "the next " + calls + " answer(s) to interactions get " + status;
            case HeartbeatRequest _ -> "op 1: a heartbeat is wanted now";
            case GarbageFrame _ -> "a message of random bytes";
            case TruncatedMessage _ -> "half of a message, then a break";
            case CompressionBomb _ -> "a message that grows a thousandfold when decompressed";
            case HostileEnvelope _ -> "well compressed JSON that is no payload";
        };
    }

    /** Faults by the names that the command line and the admin API use. */
    static Map<String, Supplier<Fault>> byName() {
        Map<String, Supplier<Fault>> faults = new TreeMap<>();
        faults.put("reconnect", Reconnect::new);
        faults.put("reconnect-before-hello", () -> new ReconnectBeforeHello(1));
        faults.put("invalid-session", () -> new InvalidSession(false));
        faults.put("invalid-session-resumable", () -> new InvalidSession(true));
        faults.put("silent-zombie", SilentZombie::new);
        faults.put("half-open", HalfOpen::new);
        faults.put("reset", Reset::new);
        faults.put("slow-frames", () -> new SlowFrames(Duration.ofSeconds(3)));
        faults.put("split-frames", () -> new SplitFrames(Duration.ofSeconds(5)));
        faults.put("dead-resume-host", () -> new DeadResumeHost(Duration.ofSeconds(10)));
        faults.put("refuse-connects", () -> new RefuseConnects(Duration.ofSeconds(5)));
        faults.put("no-resumes", () -> new NoResumes(Duration.ofSeconds(90)));
        faults.put("maintenance", () -> new Maintenance(Duration.ofSeconds(10)));
        faults.put("rest-500", () -> new RestStatus(500, 2));
        faults.put("rest-429", () -> new RestStatus(429, 1));
        faults.put("interaction-429", () -> new InteractionStatus(429, 1));
        faults.put("interaction-500", () -> new InteractionStatus(500, 2));
        faults.put("heartbeat-request", HeartbeatRequest::new);
        faults.put("garbage-frame", GarbageFrame::new);
        faults.put("truncated-message", TruncatedMessage::new);
        faults.put("compression-bomb", CompressionBomb::new);
        faults.put("hostile-envelope", HostileEnvelope::new);
        for (int code : new int[] {1000, 1001, 4000, 4001, 4002, 4005, 4007, 4008, 4009}) {
            faults.put("close-" + code, () -> new CloseCode(code));
        }
        return faults;
    }

    /**
     * Reads a name; {@code close-N} takes any code, {@code interaction-N} any status from 400.
     *
     * @throws IllegalArgumentException that lists the names
     */
    static Fault named(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        Supplier<Fault> known = byName().get(wanted);
        if (known != null) {
            return known.get();
        }
        if (wanted.matches("close-[1-4][0-9]{3}")) {
            return new CloseCode(Integer.parseInt(wanted.substring(6)));
        }
        if (wanted.matches("interaction-[45][0-9]{2}")) {
            return new InteractionStatus(Integer.parseInt(wanted.substring(12)), 1);
        }
        throw new IllegalArgumentException(
                "fault: " + name + " (expected: " + String.join(", ", byName().keySet()) + ")");
    }
}
