package gw.sim.bot;

import io.netty.handler.codec.http.HttpHeaders;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what a request holds, one event or a list of them. Owned by one thread. */
final class RequestScan {
    private final BodyScan single = new BodyScan();
    private final ListScan list = new ListScan();
    private final List<Delivery> deliveries = new ArrayList<>();

    /** What is wrong with it; empty: nothing is, and {@link #deliveries} are what it holds. */
    Optional<SenderFault> read(HttpHeaders headers, byte[] body, int length) {
        deliveries.clear();
        return HeadScan.isBatch(headers)
                ? batch(headers, body, length)
                : single(headers, body, length);
    }

    /** In their order, at least one. */
    List<Delivery> deliveries() {
        return deliveries;
    }

    private Optional<SenderFault> single(HttpHeaders headers, byte[] body, int length) {
        Optional<EventHead> head = HeadScan.read(headers);
        if (head.isEmpty()) {
            return Optional.of(SenderFault.HEADERS);
        }
        if (!single.read(body, length)) {
            return Optional.of(SenderFault.BODY);
        }
        if (single.shardId != head.get().shardId()) {
            return Optional.of(SenderFault.SHARD_ID);
        }
        deliveries.add(new Delivery(head.get(), single.dataFrom, single.dataTo));
        return Optional.empty();
    }

    private Optional<SenderFault> batch(HttpHeaders headers, byte[] body, int length) {
        OptionalInt size = HeadScan.batchSize(headers);
        OptionalInt attempt = HeadScan.attempt(headers);
        return size.isEmpty() || attempt.isEmpty()
                ? Optional.of(SenderFault.HEADERS)
                : list.read(body, length, size.getAsInt(), attempt.getAsInt(), deliveries);
    }
}
