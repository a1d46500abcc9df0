package gw.bench.parts;

import gw.record.RecordBuffer;
import gw.record.RecordFormatException;
import gw.record.RecordView;

import org.openjdk.jmh.annotations.Benchmark;

/** One record written, and one checked and read. */
public class RecordCodec extends Part {
    private static final int DIFFERENT = 256;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Records source = new Records(EVENT_BYTES, DIFFERENT);
    private final RecordBuffer buffer = new RecordBuffer(BUFFER_BYTES);
    private final byte[] encoded = Records.batches(EVENT_BYTES, DIFFERENT, DIFFERENT).getFirst();
    private final RecordView view = new RecordView();
    private int at;

    /** Into a buffer that is used again. */
    @Benchmark
    public int encode() {
        if (buffer.length() > BUFFER_BYTES - 4 * EVENT_BYTES) {
            buffer.clear();
        }
        return source.append(buffer, 0);
    }

    /** With its checksum. */
    @Benchmark
    public long read() throws RecordFormatException {
        at = view.wrap(encoded, at == encoded.length ? 0 : at, encoded.length);
        return view.sequence() ^ view.guildId() ^ view.payloadLength();
    }
}
