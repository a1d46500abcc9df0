package gw.supervisor;

import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.log.KeptSession;
import gw.supervisor.plan.GenerationSpec;
import gw.supervisor.plan.ShardPlan;
import gw.supervisor.reshard.Side;
import gw.supervisor.shards.DurableSequences;
import gw.supervisor.shards.Restoration;
import gw.supervisor.shards.ShardTable;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** Makes generations out of what was decided about them. Any thread. */
final class GenerationMaker {
    private final SupervisorConfig config;
    private final DurableSequences durable;
    private final InstantSource clock;

    /** {@code durable} says how far sessions are safe, whichever generation holds them. */
    GenerationMaker(SupervisorConfig config, DurableSequences durable, InstantSource clock) {
        this.config = config;
        this.durable = durable;
        this.clock = clock;
    }

    /** One whose shards have no session yet. */
    Generation make(GenerationSpec spec) {
        return make(spec, List.of(), _ -> {});
    }

    /**
     * One that goes on with these sessions, as far as they fit.
     *
     * @param notices takes what there is to say about it, line by line
     */
    Generation make(GenerationSpec spec, List<KeptSession> sessions, Consumer<String> notices) {
        ShardPlan plan = Beginning.plan(config, spec);
        Restoration restoration = Restoration.of(sessions, plan, spec.intents());
        restoration.notices().forEach(notices);
        ShardTable table = new ShardTable(plan, durable, clock);
        table.restore(restoration);
        return new Generation(spec, plan, new WorkerConfigs(config, spec), table);
    }

    /** As the data path knows it. */
    static Side side(Generation of) {
        return side(of.spec(), of.plan().clusters().size());
    }

    /** The same, before it is made. */
    static Side side(GenerationSpec spec, int workers) {
        return new Side(spec.number(), spec.firstWorker(), workers, spec.shards(), spec.intents());
    }

    /** The number of a worker from which on as many are free. */
    static int firstWorker(ShardPlan serving, int workers) {
        int first = serving.firstWorker();
        // Small numbers are easy on people: the next generation has those before it where they do.
        return workers <= first ? 0 : first + serving.clusters().size();
    }
}
