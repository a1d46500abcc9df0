package gw.supervisor.fleet;

import gw.supervisor.launch.JvmCommand;

import java.nio.file.Path;
import java.util.List;

/** The command line of a worker JVM. It holds no secret (P8). */
final class WorkerCommand {
    private static final long MEGABYTE = 1024 * 1024;
    private static final int BASE_HEAP_MEGABYTES = 96;
    private static final int BASE_DIRECT_MEGABYTES = 64;

    /**
     * A message of the largest size is held while its buffer grows, while it becomes a record and a
     * batch; and an old generation is two thirds of its heap. What isn't used costs nothing.
     */
    private static final int MESSAGE_COPIES = 8;

    private WorkerCommand() {}

    static List<String> of(FleetSettings settings, int cluster, int shards, String incarnation) {
        int message = (int) Math.ceilDiv(settings.maxMessageBytes(), MEGABYTE);
        int heap =
                settings.heapMegabytes()
                        .orElse(BASE_HEAP_MEGABYTES + shards / 2 + MESSAGE_COPIES * message);
        Path directory = settings.directory();
        JvmCommand jvm =
                new JvmCommand(
                        "gw-worker.jar",
                        "gw.worker.WorkerMain",
                        List.of(
                                "-Xms16m",
                                "-Xmx" + heap + "m",
                                "-Xss256k",
                                "-XX:MaxDirectMemorySize="
                                        + (BASE_DIRECT_MEGABYTES + 2 * message)
                                        + "m",
                                "-XX:+UseSerialGC",
                                "-XX:+UseCompactObjectHeaders",
                                // The AOT cache is mapped where it was made for, and so shared by
                                // all workers: else each would have a copy of its own.
                                "-XX:+UnlockDiagnosticVMOptions",
                                "-XX:ArchiveRelocationMode=0",
                                "-XX:ReservedCodeCacheSize=48m",
                                // The compiler's peak goes back to the system: 5 MB of a worker.
                                "-XX:TrimNativeHeapInterval=10000",
                                // zstd-jni has other classes for newer JVMs, over the foreign
                                // function interface: they make garbage of each message, and cost
                                // 6 MB of memory and a slow first message.
                                "-Djdk.util.jar.enableMultiRelease=false",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-XX:ErrorFile="
                                        + directory.resolve("worker-" + cluster + "-crash-%p.log"),
                                "-Dio.netty.allocator.numDirectArenas=1",
                                "-Dio.netty.allocator.numHeapArenas=1",
                                "-Dio.netty.allocator.maxOrder=8",
                                "-Dio.netty.leakDetection.level=disabled",
                                "-Dio.netty.jfr.enabled=false",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow"),
                        "gw-worker.aot");
        return jvm.with(
                List.of(
                        "--socket",
                        settings.socket().toString(),
                        "--cluster",
                        Integer.toString(cluster),
                        "--incarnation",
                        incarnation,
                        "--orphan-timeout",
                        Long.toString(settings.orphanTimeout().toMillis())));
    }
}
