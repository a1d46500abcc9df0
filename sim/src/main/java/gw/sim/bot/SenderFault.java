package gw.sim.bot;

/** What a sender did wrong. */
public enum SenderFault {
    /** No POST: answered 405. */
    METHOD,
    /** No or another secret: answered 401. */
    SECRET,
    /** The content is not JSON by its header: answered 415. */
    CONTENT_TYPE,
    /** A header is missing or unreadable: answered 400. */
    HEADERS,
    /** The shard in the body is not the one in the header: answered 400. */
    SHARD_ID,
    /** The list holds another number of events than the header says: answered 400. */
    BATCH_SIZE,
    /**
     * The body is not {@code {"shardId":N,"data":{...}}}, nor a list of events where there should
     * be one, or too large: answered 400.
     */
    BODY
}
