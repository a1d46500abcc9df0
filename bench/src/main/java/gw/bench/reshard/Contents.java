package gw.bench.reshard;

import gw.sim.gateway.EventSource;
import gw.sim.gateway.SimEvent;
import gw.sim.ledger.PayloadHash;

import java.util.Arrays;

/**
 * Makes what happens, and remembers what each happening said: a session's number is no part of it.
 * The n-th event that is made is the happening n. Used by the sim's thread; read when the sim is
 * silent.
 */
final class Contents implements EventSource {
    private final EventSource made;
    private long[] hashes = new long[1 << 16];
    private int count;

    Contents(EventSource made) {
        this.made = made;
    }

    @Override
    public SimEvent next(long guildId) {
        SimEvent event = made.next(guildId);
        synchronized (this) {
            count++;
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
            }
            byte[] data = event.data();
            hashes[count] = PayloadHash.of(data, 0, data.length) * 31 + event.name().hashCode();
        }
        return event;
    }

    @Override
    public byte[] guildCreate(long guildId) {
        return made.guildCreate(guildId);
    }

    /** The same for all happenings of one guild that say the same. */
    synchronized long of(long happening) {
        return hashes[(int) happening];
    }
}
