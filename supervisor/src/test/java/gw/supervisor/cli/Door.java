package gw.supervisor.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A Unix socket in front of another one. Closed, it cuts all connections as the death of a process
 * does.
 */
final class Door implements AutoCloseable {
    private final Path behind;
    private final ServerSocketChannel listening;
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

    private Door(Path behind, ServerSocketChannel listening) {
        this.behind = behind;
        this.listening = listening;
    }

    static Door open(Path at, Path behind) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(at));
        Door door = new Door(behind, listening);
        Thread.ofVirtual().start(door::accept);
        return door;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = listening.accept();
                open.add(client);
                SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(behind));
                open.add(server);
                Thread.ofVirtual().start(() -> copy(client, server));
                Thread.ofVirtual().start(() -> copy(server, client));
                if (!listening.isOpen()) {
                    close();
                }
            }
        } catch (IOException e) {
            close();
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) {
        try (from;
                to) {
            ByteBuffer bytes = ByteBuffer.allocate(8_192);
            while (from.read(bytes.clear()) >= 0) {
                bytes.flip();
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
            }
        } catch (IOException e) {
            // The other side was closed: so is this one.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (SocketChannel channel : open) {
                channel.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
