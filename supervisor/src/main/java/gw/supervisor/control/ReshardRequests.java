package gw.supervisor.control;

import gw.proto.v1.ReshardRequest;

import java.util.Optional;

/** What can be wrong with a {@link ReshardRequest} whatever the supervisor's state is. Pure. */
final class ReshardRequests {
    /** More than any bot has; it keeps mistakes from becoming a plan. */
    static final int MOST_SHARDS = 16_384;

    private ReshardRequests() {}

    /** What is wrong, as the field's name, its value and what is allowed; empty: nothing. */
    static Optional<String> flaw(ReshardRequest request) {
        int count = request.getShardCount();
        if (count < 0 || count > MOST_SHARDS) {
            return Optional.of(
                    "shard_count: "
                            + Integer.toUnsignedString(count)
                            + " (expected: 1.."
                            + MOST_SHARDS
                            + ", or 0 for what gw would choose)");
        }
        if (request.hasIntents() && request.getIntents() < 0) {
            return Optional.of(
                    "intents: "
                            + Long.toUnsignedString(request.getIntents())
                            + " (expected: a bit set of less than 64 bits)");
        }
        if (request.hasFirstShard() != request.hasLastShard()) {
            return Optional.of(
                    "first_shard and last_shard go together: "
                            + (request.hasFirstShard() ? "last_shard" : "first_shard")
                            + " is missing");
        }
        return request.hasFirstShard() ? flawOfRange(request) : Optional.empty();
    }

    private static Optional<String> flawOfRange(ReshardRequest request) {
        int count = request.getShardCount();
        int first = request.getFirstShard();
        int last = request.getLastShard();
        if (count == 0) {
            return Optional.of(
                    "first_shard and last_shard are a part of a shard count: shard_count is"
                            + " missing");
        }
        if (last < 0 || last >= count) {
            return Optional.of(
                    "last_shard: "
                            + Integer.toUnsignedString(last)
                            + " (expected: at most "
                            + (count - 1)
                            + ", the last of "
                            + count
                            + ")");
        }
        if (first < 0 || first > last) {
            return Optional.of(
                    "first_shard: "
                            + Integer.toUnsignedString(first)
                            + " (expected: at most last_shard, "
                            + last
                            + ")");
        }
        return Optional.empty();
    }
}
