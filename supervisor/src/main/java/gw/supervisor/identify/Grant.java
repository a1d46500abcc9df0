package gw.supervisor.identify;

/**
 * A token that is out.
 *
 * @param order of the place that it was given for
 * @param replacing whether that place was for a session that Discord ended
 * @param assumeUsedNanos when to stop waiting for word of it
 */
record Grant(int shardId, long id, long order, boolean replacing, long assumeUsedNanos) {}
