package gw.worker;

import gw.model.ProcessFigures;
import gw.proto.v1.WorkerBeat;

/** What the worker counts of itself. Owned by the event loop. */
final class WorkerFigures {
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
        ProcessFigures process = ProcessFigures.now();
        return WorkerBeat.newBuilder()
                .setHeapUsedBytes(process.heapUsedBytes())
                .setRssBytes(process.rssBytes())
                .setCpuNanos(process.cpuNanos())
                .setDispatches(dispatches)
                .setPayloadBytes(payloadBytes)
                .setSocketBytes(socketBytes)
                .setMalformed(malformed);
    }
}
