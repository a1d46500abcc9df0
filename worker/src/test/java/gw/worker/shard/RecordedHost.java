package gw.worker.shard;

import gw.record.RecordKind;
import gw.worker.socket.SocketClose;
import gw.worker.socket.SocketListener;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A worker around one shard that writes down what the shard wants of it; its clock stands. */
final class RecordedHost implements ShardHost {
    final List<String> sent = new ArrayList<>();
    final List<String> appended = new ArrayList<>();
    final List<Report> reports = new ArrayList<>();
    final List<Long> released = new ArrayList<>();
    final List<String> malformed = new ArrayList<>();
    private final List<Due> due = new ArrayList<>();
    private SocketListener listener = new Unconnected();
    boolean failsToAppend;
    boolean reads = true;
    int closes;
    long nowNanos;

    private record Due(Runnable task, long atNanos) {}

    /** Lets time pass until the next timer, and runs it. */
    void passTimer() {
        Due first =
                due.stream()
                        .min((a, b) -> Long.compare(a.atNanos, b.atNanos))
                        .orElseThrow(() -> new AssertionError("no timer is set"));
        var _ = due.remove(first);
        nowNanos = Math.max(nowNanos, first.atNanos);
        first.task.run();
    }

    /** The connection opens. */
    void opens() {
        listener.opened();
    }

    /** Discord says this. */
    void says(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        listener.inbound();
        listener.payload(bytes, 0, bytes.length);
        listener.readComplete();
    }

    Report lastReport() {
        return reports.getLast();
    }

    @Override
    public Connection connect(String url, SocketListener newListener) {
        listener = newListener;
        reads = true;
        return new Connection() {
            @Override
            public void send(byte[] json, Runnable written) {
                sent.add(new String(json, StandardCharsets.UTF_8));
                written.run();
            }

            @Override
            public void close(int code, String reason) {
                closes++;
                listener = new Unconnected();
            }

            @Override
            public void reading(boolean enabled) {
                reads = enabled;
            }
        };
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        Due timer = new Due(task, nowNanos + delayNanos);
        due.add(timer);
        return () -> {
            var _ = due.remove(timer);
        };
    }

    @Override
    public void append(
            ShardRunner shard,
            RecordKind kind,
            long sequence,
            long guildId,
            byte[] session,
            byte[] name,
            int nameOffset,
            int nameLength,
            byte[] payload,
            int payloadOffset,
            int payloadLength) {
        if (failsToAppend) {
            throw new IllegalStateException("no room");
        }
        String payloadText =
                kind == RecordKind.GAP
                        ? " "
                                + new String(
                                        payload,
                                        payloadOffset,
                                        payloadLength,
                                        StandardCharsets.UTF_8)
                        : "";
        appended.add(
                new String(session, StandardCharsets.UTF_8)
                        + " "
                        + sequence
                        + " "
                        + new String(name, nameOffset, nameLength, StandardCharsets.UTF_8)
                        + payloadText);
    }

    @Override
    public void readComplete() {}

    @Override
    public void changed(ShardRunner shard, Report report) {
        reports.add(report);
    }

    @Override
    public void identifyWanted(int shardId) {}

    @Override
    public void identifyReady(int shardId) {}

    @Override
    public void identifySent(int shardId, long grantId) {}

    @Override
    public void identifyReleased(int shardId, long grantId) {
        released.add(grantId);
    }

    @Override
    public void malformed(int shardId, String what) {
        malformed.add(what);
    }

    /** Discord closes the connection. */
    void closes(int code) {
        listener.closed(new SocketClose(SocketClose.Cause.REMOTE, code, ""));
    }

    /** Nobody listens before the first connection, or after the last was closed. */
    private static final class Unconnected implements SocketListener {
        @Override
        public void opened() {
            throw new AssertionError("there is no connection");
        }

        @Override
        public void inbound() {
            throw new AssertionError("there is no connection");
        }

        @Override
        public void payload(byte[] bytes, int offset, int length) {
            throw new AssertionError("there is no connection");
        }

        @Override
        public void readComplete() {}

        @Override
        public void closed(SocketClose close) {
            throw new AssertionError("there is no connection");
        }
    }
}
