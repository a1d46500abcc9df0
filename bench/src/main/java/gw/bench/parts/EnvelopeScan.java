package gw.bench.parts;

import gw.sim.gateway.SimEvent;
import gw.worker.envelope.Envelope;
import gw.worker.envelope.EnvelopeException;
import gw.worker.envelope.EnvelopeScanner;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.List;

/** One payload's envelope. There are many payloads, so that the CPU can't learn their branches. */
public class EnvelopeScan extends Part {
    /** As many as stay in the CPU's cache, for what is scanned was inflated a moment before. */
    private static final int ALL_BYTES = 320 * 1024;

    @Param({"100", "1200", "20000", "1000000"})
    int bytes;

    private final EnvelopeScanner scanner = new EnvelopeScanner();
    private final Envelope envelope = new Envelope();
    private byte[][] payloads = new byte[0][];
    private int at;

    /** Chooses the payloads. */
    @Setup
    public void choose() throws EnvelopeException {
        List<SimEvent> events = Payloads.events(bytes, Math.clamp(ALL_BYTES / bytes, 4, 1024));
        payloads = new byte[events.size()][];
        for (int i = 0; i < payloads.length; i++) {
            payloads[i] = Payloads.message(events.get(i), i);
            scanner.scan(payloads[i], 0, payloads[i].length, envelope);
            if (envelope.sequence() != i || envelope.guildId() != events.get(i).guildId()) {
                throw new IllegalStateException("not read right: " + events.get(i));
            }
        }
    }

    /** One. */
    @Benchmark
    public long scan() throws EnvelopeException {
        byte[] payload = payloads[at];
        at = at + 1 == payloads.length ? 0 : at + 1;
        scanner.scan(payload, 0, payload.length, envelope);
        return envelope.guildId() ^ envelope.sequence() ^ envelope.dataOffset();
    }
}
