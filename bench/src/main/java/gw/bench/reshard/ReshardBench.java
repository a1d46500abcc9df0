package gw.bench.reshard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Measures reshards one after another: see {@code bench/reshard.sh --help}. */
public final class ReshardBench {
    /** Held on to, or its level would be forgotten: it warns of each domain socket. */
    private static final Logger NETTY = Logger.getLogger("io.netty.bootstrap");

    private ReshardBench() {}

    /** Arguments: bin/gw, a directory, and the options of {@code bench/reshard.sh}. */
    public static void main(String[] args) throws IOException {
        NETTY.setLevel(Level.SEVERE);
        Pace pace = Pace.REAL;
        List<Change> changes = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> pace = Pace.QUICK;
                case "--only" -> {
                    i++;
                    String wanted = i < args.length ? args[i] : "";
                    Optional<Change> known =
                            Change.ALL.stream()
                                    .filter(change -> change.name().equals(wanted))
                                    .findFirst();
                    if (known.isEmpty()) {
                        wrong(
                                "--only: '"
                                        + wanted
                                        + "' (expected: one of "
                                        + String.join(
                                                ", ",
                                                Change.ALL.stream().map(Change::name).toList())
                                        + ")");
                    }
                    changes.add(known.orElseThrow());
                }
                default -> wrong("unknown option: " + args[i]);
            }
        }
        System.exit(
                measure(
                                changes.isEmpty() ? Change.ALL : changes,
                                pace,
                                Path.of(args[0]),
                                Path.of(args[1]))
                        ? 0
                        : 1);
    }

    private static boolean measure(List<Change> changes, Pace pace, Path binGw, Path work)
            throws IOException {
        List<Figures> all = new ArrayList<>();
        for (Change change : changes) {
            all.add(ReshardRun.measure(change, pace, binGw, work));
        }
        System.out.print(Table.of(all));
        for (Figures one : all) {
            if (!one.clean()) {
                System.out.println("\n" + one.change().name() + " was NOT clean: " + one.outcome());
                System.out.println(one.balance().explain());
                System.out.println("rules broken: " + one.violations());
                System.out.println("sessions that the sim ended: " + one.sessionsEnded());
                System.out.println("times are relative to the switch");
                one.flaws().forEach(System.out::println);
            }
        }
        return all.stream().allMatch(Figures::clean);
    }

    private static void wrong(String message) {
        System.err.println("bench/reshard.sh: " + message);
        System.exit(2);
    }
}
