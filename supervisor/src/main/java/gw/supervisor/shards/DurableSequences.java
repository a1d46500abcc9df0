package gw.supervisor.shards;

import java.util.OptionalLong;

/** How far the log holds a session: from there it is resumed. */
@FunctionalInterface
public interface DurableSequences {
    /** The highest sequence of this session that is safe; empty when the log holds none of it. */
    OptionalLong of(int shardId, String sessionId);
}
