package gw.supervisor.identify;

/**
 * Session starts that may be used now, by whom they are for. None of them may be negative in
 * effect: 0 and less both mean none.
 *
 * @param replacing for sessions that Discord ended, the reserve included
 * @param others for other places, background ones excepted
 * @param background for places of background slots: what the others in the queue leave
 */
record Room(int replacing, int others, int background) {
    int of(Place place) {
        if (place.background) {
            return background;
        }
        return place.replacing ? replacing : others;
    }

    /** Whether nobody but those who may use the reserve can be served. */
    boolean onlyReserve() {
        return others <= 0;
    }
}
