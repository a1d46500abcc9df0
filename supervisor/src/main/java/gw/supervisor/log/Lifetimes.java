package gw.supervisor.log;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long events are worth delivering. Immutable. */
final class Lifetimes {
    private final long maxAgeMicros;
    private final List<Ttl> ttls = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
    private record Ttl(byte[] name, long micros) {}

    Lifetimes(Optional<Duration> maxAge, Map<String, Duration> ttl) {
        maxAgeMicros = maxAge.map(Lifetimes::micros).orElse(Long.MAX_VALUE);
        ttl.forEach((name, age) ->
                ttls.add(new Ttl(name.getBytes(StandardCharsets.UTF_8), micros(age))));
    }

    private static long micros(Duration age) {
        return age.toNanos() / 1_000;
    }

    /** Whether every event is worth delivering for ever. */
    boolean isEmpty() {
        return maxAgeMicros == Long.MAX_VALUE && ttls.isEmpty();
    }

    /** Why the event is not worth delivering any more; null: it is. */
    @Nullable DropReason expired(RecordView record, long nowMicros) {
        if (record.kind() != RecordKind.DISPATCH) {
            return null;
        }
        long age = nowMicros - record.receivedAtMicros();
        if (age > maxAgeMicros) {
            return DropReason.MAX_AGE;
        }
        for (Ttl ttl : ttls) {
            if (age > ttl.micros && record.nameEquals(ttl.name)) {
                return DropReason.TTL;
            }
        }
        return null;
    }

    /** Whether everything is too old that isn't newer than this. */
    boolean allExpired(long newestMicros, long nowMicros) {
        return nowMicros - newestMicros > maxAgeMicros;
    }
}
