package gw.supervisor;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A bot that takes whatever is POSTed to it and counts; on threads of its own. */
final class CountingBot implements AutoCloseable {
    private static final byte[] NO_CONTENT =
            "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "Content-Length: ";

    private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Semaphore events = new Semaphore(0);

    CountingBot() throws IOException {
        Thread _ =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!server.isClosed()) {
                                try {
                                    Socket socket = server.accept();
                                    Thread _ = Thread.ofVirtual().start(() -> serve(socket));
                                } catch (IOException e) {
                                    return;
                                }
                            }
                        });
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/events");
    }

    /** Waits until so many more events were answered. */
    void await(int count) throws InterruptedException {
        if (!events.tryAcquire(count, 20, TimeUnit.SECONDS)) {
            throw new AssertionError("events did not come");
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            int length = 0;
            while (true) {
                String line = line(in);
                if (line.startsWith(LENGTH)) {
                    length = Integer.parseInt(line.substring(LENGTH.length()));
                } else if (line.isEmpty()) {
                    in.skipNBytes(length);
                    socket.getOutputStream().write(NO_CONTENT);
                    events.release();
                }
            }
        } catch (IOException e) {
            // The client went.
            return;
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("end");
            }
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
