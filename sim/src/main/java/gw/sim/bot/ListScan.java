package gw.sim.bot;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads a list of events, {@code [{"shardId":N,"shardCount":N,"id":"...","data":{...}},...]},
 * without parsing: the frames as gw writes them, byte by byte, and the payloads by their brackets.
 * Owned by one thread.
 */
final class ListScan {
    private static final byte[] OPEN = ascii("[");
    private static final byte[] SHARD = ascii("{\"shardId\":");
    private static final byte[] COUNT = ascii(",\"shardCount\":");
    private static final byte[] ID = ascii(",\"id\":\"");
    private static final byte[] ID_END = ascii("\"");
    private static final byte[] DEFERRED = ascii(",\"deferred\":");
    private static final byte[] DATA = ascii(",\"data\":");
    private static final byte[] NEXT = ascii("},");
    private static final byte[] LAST = ascii("}]");
    private static final int MAX_ID = 512;

    private final ObjectScan object = new ObjectScan();

    /**
     * Reads a whole body.
     *
     * @param size events that it must hold, neither less nor more
     * @param attempt goes into each head
     * @param into takes the events; what it holds when there is a fault is of no use
     * @return what is wrong; empty: nothing is
     */
    Optional<SenderFault> read(
            byte[] body, int length, int size, int attempt, List<Delivery> into) {
        ByteScan scan = new ByteScan(body, length);
        if (!scan.take(OPEN)) {
            return Optional.of(SenderFault.BODY);
        }
        while (into.size() < size) {
            Optional<Delivery> item = item(scan, attempt);
            if (item.isEmpty()) {
                return Optional.of(SenderFault.BODY);
            }
            into.add(item.get());
            if (scan.take(LAST)) {
                if (scan.at != length) {
                    return Optional.of(SenderFault.BODY);
                }
                return into.size() == size ? Optional.empty() : Optional.of(SenderFault.BATCH_SIZE);
            }
            if (!scan.take(NEXT)) {
                return Optional.of(SenderFault.BODY);
            }
        }
        return Optional.of(SenderFault.BATCH_SIZE);
    }

    private Optional<Delivery> item(ByteScan scan, int attempt) {
        int shardId = scan.take(SHARD) ? scan.number() : -1;
        int shardCount = scan.take(COUNT) ? scan.number() : -1;
        String id = scan.take(ID) ? scan.token(MAX_ID) : "";
        if (shardId < 0 || shardCount < 1 || HeadScan.sequence(id) < 0 || !scan.take(ID_END)) {
            return Optional.empty();
        }
        int deferredBy = 0;
        if (scan.take(DEFERRED)) {
            deferredBy = scan.number();
            if (deferredBy < 1) {
                return Optional.empty();
            }
        }
        if (!scan.take(DATA)) {
            return Optional.empty();
        }
        int from = scan.at;
        if (!object.read(scan) || object.name().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Delivery(
                        new EventHead(id, object.name(), shardId, shardCount, attempt, deferredBy),
                        from,
                        scan.at));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
