package gw.bench.parts;

import org.openjdk.jmh.Main;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;

/** Runs the benchmarks with JMH's own options; JMH's words go to stderr, the table to stdout. */
public final class Parts {
    private static final String GARBAGE = "gc.alloc.rate.norm";

    private Parts() {}

    /** See {@code bench/parts --help}. */
    public static void main(String[] args) throws IOException {
        try {
            CommandLineOptions given = new CommandLineOptions(args);
            if (given.shouldHelp()
                    || given.shouldList()
                    || given.shouldListWithParams()
                    || given.shouldListProfilers()
                    || given.shouldListResultFormats()) {
                Main.main(args);
                return;
            }
            Options options =
                    new OptionsBuilder()
                            .parent(given)
                            .addProfiler(GCProfiler.class)
                            .addProfiler(ThreadCpuProfiler.class)
                            .shouldFailOnError(true)
                            .build();
            VerboseMode verbosity = given.verbosity().orElse(VerboseMode.NORMAL);
            print(
                    new Runner(
                                    options,
                                    OutputFormatFactory.createFormatInstance(System.err, verbosity))
                            .run());
        } catch (NoBenchmarksException e) {
            System.err.println(
                    "bench/parts: no benchmark's name is like that; bench/parts -l lists them");
            System.exit(2);
        } catch (CommandLineOptionException | RunnerException e) {
            System.err.println("bench/parts: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void print(Collection<RunResult> results) {
        System.out.println("| part | with | CPU ns/op | ± | ns/op | ± | B/op |");
        System.out.println("|---|---|--:|--:|--:|--:|--:|");
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            Result<?> cpu = secondary(result, ThreadCpuProfiler.RESULT);
            Result<?> garbage = secondary(result, GARBAGE);
            System.out.println(
                    String.format(
                            Locale.ROOT,
                            "| %s | %s | %.0f | %.0f | %.0f | %.0f | %.0f |",
                            part(result.getParams().getBenchmark()),
                            with(result),
                            cpu.getScore(),
                            cpu.getScoreError(),
                            time.getScore(),
                            time.getScoreError(),
                            garbage.getScore()));
        }
    }

    private static Result<?> secondary(RunResult result, String name) {
        return Objects.requireNonNull(result.getSecondaryResults().get(name), name);
    }

    private static String part(String benchmark) {
        int method = benchmark.lastIndexOf('.');
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }

    private static String with(RunResult result) {
        StringBuilder text = new StringBuilder();
        for (String key : result.getParams().getParamsKeys()) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(key)
                    .append(' ')
                    .append(result.getParams().getParam(key));
        }
        return text.toString();
    }
}
