package gw.supervisor.log;

/**
 * Events of one session that the log held and can't give.
 *
 * @param place where they stood, or the first of them
 * @param events how many at most; 0: nobody can know, or whether there were any
 * @param first sequence; 0: nobody can know
 * @param last sequence; 0: nobody can know
 * @param fromMicros when the last one before them came; 0: nobody can know
 * @param toMicros when the first one after them came
 */
record Loss(
        LogPlace place,
        int shardId,
        int shardCount,
        String sessionId,
        long events,
        long first,
        long last,
        long fromMicros,
        long toMicros) {

    /** The same, of which nobody knows how many. */
    Loss uncounted() {
        return of(0, 0, last, toMicros);
    }

    /** Those of them from one sequence to another. */
    Loss part(long from, long to) {
        return of(to - from + 1, from, to, toMicros);
    }

    /** So many that reach up to the end of a later one. */
    Loss upTo(Loss later, long count) {
        return of(count, first, later.last, later.toMicros);
    }

    private Loss of(long count, long from, long to, long until) {
        return new Loss(place, shardId, shardCount, sessionId, count, from, to, fromMicros, until);
    }
}
