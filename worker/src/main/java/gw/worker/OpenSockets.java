package gw.worker;

import gw.model.TransportCompression;
import gw.worker.shard.ShardHost;
import gw.worker.socket.GatewaySocket;
import gw.worker.socket.GatewaySockets;
import gw.worker.socket.SocketClose;
import gw.worker.socket.SocketListener;

/** Opens the shards' sockets and knows how many are open. Owned by the worker's event loop. */
final class OpenSockets {
    private final GatewaySockets sockets;
    private final int apiVersion;
    private final TransportCompression compression;
    private final WorkerFigures figures;
    private final Runnable oneClosed;
    private int open;

    /**
     * None yet.
     *
     * @param oneClosed called after a shard was told that its socket is closed
     */
    OpenSockets(
            GatewaySockets sockets,
            int apiVersion,
            TransportCompression compression,
            WorkerFigures figures,
            Runnable oneClosed) {
        this.sockets = sockets;
        this.apiVersion = apiVersion;
        this.compression = compression;
        this.figures = figures;
        this.oneClosed = oneClosed;
    }

    int count() {
        return open;
    }

    ShardHost.Connection connect(String url, SocketListener listener) {
        open++;
        GatewaySocket socket =
                sockets.connect(url, apiVersion, compression, new CountedListener(listener));
        return new ShardHost.Connection() {
            @Override
            public void send(byte[] json, Runnable written) {
                socket.send(json, written);
            }

            @Override
            public void close(int code, String reason) {
                socket.close(code, "");
            }

            @Override
            public void reading(boolean enabled) {
                socket.reading(enabled);
            }
        };
    }

    private final class CountedListener implements SocketListener {
        private final SocketListener inner;

        private CountedListener(SocketListener inner) {
            this.inner = inner;
        }

        @Override
        public void opened() {
            inner.opened();
        }

        @Override
        public void inbound() {
            inner.inbound();
        }

        @Override
        public void payload(byte[] bytes, int offset, int length) {
            inner.payload(bytes, offset, length);
        }

        @Override
        public void readComplete() {
            inner.readComplete();
        }

        @Override
        public void closed(SocketClose close) {
            open--;
            if (close.cause() == SocketClose.Cause.PROTOCOL) {
                figures.malformed();
            }
            inner.closed(close);
            oneClosed.run();
        }
    }
}
