package gw.supervisor.plan;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which generation of shards serves, and which one is to follow it; kept on disk, so that a process
 * that dies at any point leaves exactly one in charge.
 *
 * @param serving the one in charge; once the other one {@link Coming#isSwitching is switching} it
 *     is being ended
 * @param coming empty: no reshard is under way
 * @param wanted what the configuration asked for when this was decided: once it asks for something
 *     else, that counts
 * @param last how the last reshard ended; empty: there was none
 */
public record Generations(
        GenerationSpec serving, Optional<Coming> coming, Wanted wanted, Optional<Ended> last) {
    /**
     * How a reshard ended.
     *
     * @param words "done", or why it was given up
     * @param atMillis since the epoch
     * @param merged events that both generations had
     * @param added those that only the new one had
     * @param possible of those, how many the bot may have had in another form
     */
    public record Ended(
            String words,
            long atMillis,
            int fromCount,
            int toCount,
            long merged,
            long added,
            long possible) {}

    /**
     * A generation that is to take over.
     *
     * @param switchAtMillis since when there is no way back: the serving one's sessions are being
     *     ended; 0: there is
     * @param startedAtMillis since the epoch
     * @param ordered whether a person wanted it
     * @param reason in words
     */
    public record Coming(
            GenerationSpec spec,
            long switchAtMillis,
            long startedAtMillis,
            boolean ordered,
            String reason) {
        /** Whether there is no way back. */
        public boolean isSwitching() {
            return switchAtMillis > 0;
        }
    }

    /** The shards and intents of the configuration. */
    public record Wanted(
            OptionalInt maxShards, OptionalInt first, OptionalInt last, long intents) {}

    /** The same with another one to follow. */
    public Generations with(Coming next) {
        return new Generations(serving, Optional.of(next), wanted, last);
    }

    /** The same with none to follow. */
    public Generations alone() {
        return new Generations(serving, Optional.empty(), wanted, last);
    }

    /** The coming one serves. */
    public Generations switched() {
        return new Generations(
                coming.map(Coming::spec).orElse(serving), Optional.empty(), wanted, last);
    }

    /**
     * The configuration asks for other intents: the one that serves gets them; one that was to
     * follow is given up, unless there is no way back.
     */
    public Generations withIntents(long intents) {
        return new Generations(
                new GenerationSpec(
                        serving.number(),
                        serving.shards(),
                        serving.firstWorker(),
                        intents,
                        serving.gatewayUrl()),
                coming.filter(Coming::isSwitching),
                new Wanted(wanted.maxShards(), wanted.first(), wanted.last(), intents),
                last);
    }

    /** The one that is to follow has its workers from this number on. */
    public Generations renumbered(int firstWorker) {
        return new Generations(
                serving,
                coming.map(next ->
                        new Coming(
                                new GenerationSpec(
                                        next.spec().number(),
                                        next.spec().shards(),
                                        firstWorker,
                                        next.spec().intents(),
                                        next.spec().gatewayUrl()),
                                next.switchAtMillis(),
                                next.startedAtMillis(),
                                next.ordered(),
                                next.reason())),
                wanted,
                last);
    }

    /** The one that serves connects there from now on. */
    public Generations at(String gatewayUrl) {
        return new Generations(
                new GenerationSpec(
                        serving.number(),
                        serving.shards(),
                        serving.firstWorker(),
                        serving.intents(),
                        gatewayUrl),
                coming,
                wanted,
                last);
    }

    /** The last reshard ended like this. */
    public Generations ended(Ended how) {
        return new Generations(serving, coming, wanted, Optional.of(how));
    }

    /** There is no way back any more. */
    public Generations switching(long atMillis) {
        return new Generations(
                serving,
                coming.map(next ->
                        new Coming(
                                next.spec(),
                                atMillis,
                                next.startedAtMillis(),
                                next.ordered(),
                                next.reason())),
                wanted,
                last);
    }
}
