package gw.supervisor.capacity;

import java.time.Instant;

/** Whether the session start limit has room for new shards and the reserve. Pure. */
public sealed interface Room {
    /** Why, with all its numbers, in words for people. */
    String words();

    /** There is room. */
    record Now(String words) implements Room {}

    /**
     * There is none before the limit is full again.
     *
     * @param instant when that is
     */
    record NotBefore(Instant instant, String words) implements Room {}

    /** There never is: the whole limit is too small. */
    record Never(String words) implements Room {}

    /**
     * Whether there is room.
     *
     * @param identifies how many sessions are to be started, at least 1
     * @param reserve how many must be left afterwards, for sessions that Discord ends
     */
    static Room of(int identifies, int reserve, SessionStarts limit, Instant now) {
        long needed = (long) identifies + reserve;
        String need =
                Figures.count(identifies, "session start", "session starts")
                        + " and a reserve of "
                        + Figures.count(reserve);
        if (needed <= limit.remaining()) {
            return new Now(
                    need
                            + " have room in the "
                            + Figures.count(limit.remaining())
                            + " that are left of "
                            + Figures.count(limit.total()));
        }
        if (needed > limit.total()) {
            return new Never(need + never(identifies, limit.total()));
        }
        Instant resetsAt = limit.resetsAt().orElse(now);
        return resetsAt.isAfter(now)
                ? new NotBefore(
                        resetsAt,
                        need
                                + " have no room in the "
                                + Figures.count(limit.remaining())
                                + " that are left of "
                                + Figures.count(limit.total())
                                + "; the limit is full again at "
                                + resetsAt)
                : new Now(need + " have room in the new " + Figures.count(limit.total()));
    }

    private static String never(int identifies, int total) {
        String never =
                " never have room in Discord's session start limit of " + Figures.count(total);
        return identifies <= total
                ? never + "; without the reserve they would have"
                : never + ": so many shards take more than one of its windows";
    }
}
