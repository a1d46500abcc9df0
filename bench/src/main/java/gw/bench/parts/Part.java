package gw.bench.parts;

import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * How each part is measured: in a JVM of its own with a supervisor's flags, on an event loop's
 * thread, because Netty's allocator serves others more slowly.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xms512m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djdk.util.jar.enableMultiRelease=false",
            "-Dio.netty.allocator.numDirectArenas=1",
            "-Dio.netty.allocator.numHeapArenas=1",
            "-Dslf4j.internal.verbosity=ERROR",
            "-Djmh.executor=CUSTOM",
            "-Djmh.executor.class=gw.bench.parts.EventLoopThreads"
        })
public abstract class Part {
    /** Events as large as those that gw's other figures are about, bytes of data on average. */
    protected static final int EVENT_BYTES = 1200;

    /** For benchmarks of other packages. */
    protected Part() {}
}
