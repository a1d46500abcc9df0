package gw.supervisor.fleet;

import gw.supervisor.launch.JvmCommand;

import java.nio.file.Path;
import java.util.List;

/** The command line of a worker JVM. It holds no secret (P8). */
final class WorkerCommand {
    private static final int BASE_HEAP_MEGABYTES = 96;

    private WorkerCommand() {}

    static List<String> of(FleetSettings settings, int cluster, int shards, String incarnation) {
        int heap = settings.heapMegabytes().orElse(BASE_HEAP_MEGABYTES + shards / 2);
        Path directory = settings.directory();
        JvmCommand jvm =
                new JvmCommand(
                        "gw-worker.jar",
                        "gw.worker.WorkerMain",
                        List.of(
                                "-Xms16m",
                                "-Xmx" + heap + "m",
                                "-Xss256k",
                                "-XX:MaxDirectMemorySize=96m",
                                "-XX:+UseSerialGC",
                                "-XX:+UseCompactObjectHeaders",
                                "-XX:ReservedCodeCacheSize=48m",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-XX:+HeapDumpOnOutOfMemoryError",
                                "-XX:HeapDumpPath="
                                        + directory.resolve("worker-" + cluster + ".hprof"),
                                "-XX:ErrorFile="
                                        + directory.resolve("worker-" + cluster + "-crash-%p.log"),
                                "-Dio.netty.allocator.numDirectArenas=1",
                                "-Dio.netty.allocator.numHeapArenas=1",
                                "-Dio.netty.allocator.maxOrder=8",
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
                        incarnation));
    }
}
