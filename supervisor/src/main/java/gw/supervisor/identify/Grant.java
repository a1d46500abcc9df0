package gw.supervisor.identify;

/**
 * A token that is out.
 *
 * @param order of the place that it was given for
 * @param replacing whether that place was for a session that Discord ended
 * @param expiresNanos when it may no longer be used
 * @param assumeUsedNanos when to stop waiting for word of it
 * @param holderGone whether nobody is left who would tell what became of it
 */
record Grant(
        int key,
        long id,
        long order,
        boolean replacing,
        long expiresNanos,
        long assumeUsedNanos,
        boolean holderGone) {
    /** The same token when it can't be asked for any more; it may still be used. */
    Grant abandoned() {
        return new Grant(
                key,
                id,
                order,
                replacing,
                expiresNanos,
                Math.min(expiresNanos, assumeUsedNanos),
                true);
    }
}
