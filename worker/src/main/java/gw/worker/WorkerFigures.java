package gw.worker;

import gw.proto.v1.WorkerBeat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the worker counts of itself. Owned by the event loop. */
final class WorkerFigures {
    private static final Path STATUS = Path.of("/proc/self/status");

    private long dispatches;
    private long payloadBytes;
    private long socketBytes;
    private long malformed;

    void dispatch(long bytes) {
        dispatches++;
        payloadBytes += bytes;
    }

    void socketBytes(long bytes) {
        socketBytes += bytes;
    }

    void malformed() {
        malformed++;
    }

    WorkerBeat.Builder beat() {
        Runtime runtime = Runtime.getRuntime();
        WorkerBeat.Builder beat =
                WorkerBeat.newBuilder()
                        .setHeapUsedBytes(runtime.totalMemory() - runtime.freeMemory())
                        .setRssBytes(rss())
                        .setDispatches(dispatches)
                        .setPayloadBytes(payloadBytes)
                        .setSocketBytes(socketBytes)
                        .setMalformed(malformed);
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system) {
            beat.setCpuNanos(Math.max(0, system.getProcessCpuTime()));
        }
        return beat;
    }

    private static long rss() {
        try {
            for (String line : Files.readAllLines(STATUS, StandardCharsets.UTF_8)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
        return 0;
    }
}
