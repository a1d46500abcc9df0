package gw.supervisor.reshard;

/**
 * What a switch came to.
 *
 * @param merged events that both generations brought, so far; the bot got each once
 * @param added those that only the next one had, and the bot got behind all of the other's
 * @param duplicatesPossible of those, how many should have come by both and did not: the bot may
 *     have had them in another form
 */
public record Switched(long merged, long added, long duplicatesPossible) {
    /** Nothing yet. */
    public static final Switched NOTHING = new Switched(0, 0, 0);
}
