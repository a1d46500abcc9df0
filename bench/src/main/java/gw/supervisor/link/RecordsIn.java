package gw.supervisor.link;

import java.io.InputStream;
import java.util.Arrays;

/** Reads batches as the supervisor's end of the link does; see {@code gw.bench.parts}. */
public final class RecordsIn {
    private final IncomingMarshaller marshaller = new IncomingMarshaller();

    /** Reads a message; what comes back tells that it was read. */
    public long read(InputStream stream) {
        Incoming.Records records = parse(stream);
        return records.number() + records.array()[records.from()];
    }

    /** Its records, copied. */
    public byte[] records(InputStream stream) {
        Incoming.Records records = parse(stream);
        return Arrays.copyOfRange(records.array(), records.from(), records.to());
    }

    private Incoming.Records parse(InputStream stream) {
        if (marshaller.parse(stream) instanceof Incoming.Records records) {
            return records;
        }
        throw new IllegalStateException("no records");
    }
}
