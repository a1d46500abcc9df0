package gw.worker.shard;

import gw.record.RecordFormat;
import gw.record.RecordKind;
import gw.worker.envelope.Envelope;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The session whose records are being taken: how far it was read, how far the supervisor holds it,
 * and which earlier ones are still to be announced as gone (P1). Owned by the worker's event loop.
 */
final class HeldSession {
    private static final int MAX_NAME_BYTES = 0xffff;
    private static final byte[] GAP = "GW_GAP".getBytes(StandardCharsets.US_ASCII);

    private final ShardRunner shard;
    private final ShardHost host;
    private byte[] bytes = new byte[0];
    private String id = "";
    private long sequence;
    private long durableSequence;
    private Optional<String> lost = Optional.empty();
    private final List<String> gapsToAnnounce = new ArrayList<>();

    HeldSession(ShardRunner shard, ShardHost host) {
        this.shard = shard;
        this.host = host;
    }

    /** Empty: none is held. */
    String id() {
        return id;
    }

    /** The highest sequence taken. */
    long sequence() {
        return sequence;
    }

    /** The highest sequence up to which the supervisor holds everything. */
    long durableSequence() {
        return durableSequence;
    }

    /** One that ended; said again until records of the next are durable. */
    Optional<String> lost() {
        return lost;
    }

    void hold(String newId, long from) {
        id = newId;
        bytes = newId.getBytes(StandardCharsets.ISO_8859_1);
        sequence = from;
        durableSequence = from;
    }

    void lose(String lostId) {
        lost = Optional.of(lostId);
        gapsToAnnounce.add(lostId);
        hold("", 0);
    }

    /** A session ended before this worker's time. */
    void announce(String lostId) {
        gapsToAnnounce.add(lostId);
    }

    void durable(String ofSession, long upTo) {
        if (ofSession.equals(id) && upTo > durableSequence) {
            durableSequence = upTo;
            // It came after the update that named the lost session, so that was heard too.
            lost = Optional.empty();
        }
    }

    /**
     * A dispatch of this session came.
     *
     * @return whether it is new
     */
    boolean take(Envelope envelope, byte[] source, int offset, int length) {
        long now = envelope.sequence();
        if (now <= sequence) {
            return false;
        }
        if (fitsRecord(envelope, length)) {
            // If this fails the replay must not take the event for known.
            host.append(
                    shard,
                    RecordKind.DISPATCH,
                    now,
                    envelope.guildId(),
                    bytes,
                    source,
                    envelope.nameOffset(),
                    envelope.nameLength(),
                    source,
                    offset,
                    length);
        } else {
            // To come back for it would not help: it would be the same again.
            host.malformed(shard.shardId(), "event " + now + " fits no record: it is left out");
        }
        sequence = now;
        return true;
    }

    private boolean fitsRecord(Envelope envelope, int payloadLength) {
        long total =
                (long) RecordFormat.HEADER_BYTES
                        + bytes.length
                        + envelope.nameLength()
                        + payloadLength;
        return envelope.nameLength() <= MAX_NAME_BYTES && total <= RecordFormat.MAX_RECORD_BYTES;
    }

    /** Tells the bot, ahead of this session's events, of those that ended before it. */
    void writeGaps() {
        for (String gone : gapsToAnnounce) {
            byte[] gap = OutboundPayloads.sessionGap(gone);
            host.append(shard, RecordKind.GAP, 0, 0, bytes, GAP, 0, GAP.length, gap, 0, gap.length);
        }
        gapsToAnnounce.clear();
    }
}
