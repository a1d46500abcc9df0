package gw.sim.bot;

import java.nio.charset.StandardCharsets;

/** Reads the fixed frame around a payload, {@code {"shardId":N,"data":...}}, without parsing. */
final class BodyScan {
    private static final byte[] SHARD = "{\"shardId\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = ",\"data\":".getBytes(StandardCharsets.US_ASCII);

    int shardId;
    int dataFrom;
    int dataTo;

    /** Whether it is such a frame around a JSON object; then the fields hold what was found. */
    boolean read(byte[] body, int length) {
        ByteScan scan = new ByteScan(body, length);
        if (!scan.take(SHARD)) {
            return false;
        }
        shardId = scan.number();
        if (shardId < 0 || !scan.take(DATA)) {
            return false;
        }
        dataFrom = scan.at;
        dataTo = length - 1;
        return dataTo - dataFrom >= 2
                && body[dataFrom] == '{'
                && body[dataTo - 1] == '}'
                && body[dataTo] == '}';
    }
}
