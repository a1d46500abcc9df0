package gw.chaos;

import gw.sim.fault.Fault;

import java.time.Duration;
import java.util.SplittableRandom;

/** The sim's faults, as a run varies them. */
final class Faults {
    private Faults() {}

    /** Whether it befalls everybody for a while; such faults come one at a time. */
    static boolean isOutage(Fault fault) {
        return switch (fault) {
            case Fault.DeadResumeHost _,
                    Fault.RefuseConnects _,
                    Fault.NoResumes _,
                    Fault.Maintenance _ ->
                    true;
            case Fault.OnConnection _,
                    Fault.ReconnectBeforeHello _,
                    Fault.RestStatus _,
                    Fault.InteractionStatus _ ->
                    false;
        };
    }

    /** How long it lasts by itself. */
    static Duration duration(Fault fault) {
        return switch (fault) {
            case Fault.DeadResumeHost(Duration duration) -> duration;
            case Fault.RefuseConnects(Duration duration) -> duration;
            case Fault.NoResumes(Duration duration) -> duration;
            case Fault.Maintenance(Duration duration) -> duration;
            case Fault.SlowFrames(Duration duration) -> duration;
            case Fault.SplitFrames(Duration duration) -> duration;
            case Fault.OnConnection _,
                    Fault.ReconnectBeforeHello _,
                    Fault.RestStatus _,
                    Fault.InteractionStatus _ ->
                    Duration.ZERO;
        };
    }

    /** The same kind of fault, of a size that this run's seed chooses. */
    static Fault vary(Fault fault, SplittableRandom random) {
        return switch (fault) {
            case Fault.ReconnectBeforeHello _ ->
                    new Fault.ReconnectBeforeHello(random.nextInt(1, 6));
            case Fault.SlowFrames _ -> new Fault.SlowFrames(millis(random, 500, 4_000));
            case Fault.SplitFrames _ -> new Fault.SplitFrames(millis(random, 500, 6_000));
            case Fault.DeadResumeHost _ -> new Fault.DeadResumeHost(millis(random, 1_000, 15_000));
            case Fault.RefuseConnects _ -> new Fault.RefuseConnects(millis(random, 1_000, 6_000));
            case Fault.NoResumes _ -> new Fault.NoResumes(millis(random, 1_000, 15_000));
            case Fault.Maintenance _ -> new Fault.Maintenance(millis(random, 1_000, 6_000));
            case Fault.RestStatus(int status, int _) ->
                    new Fault.RestStatus(status, random.nextInt(1, 4));
            case Fault.InteractionStatus(int status, int _) ->
                    new Fault.InteractionStatus(status, random.nextInt(1, 4));
            case Fault.OnConnection as -> as;
        };
    }

    static Duration millis(SplittableRandom random, int from, int to) {
        return Duration.ofMillis(random.nextInt(from, to + 1));
    }
}
