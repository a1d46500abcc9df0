package gw.supervisor.interactions.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Answers each connection's first request with the same bytes, whatever they are, and closes. */
final class RawServer implements AutoCloseable {
    /** At the end of the bytes: doesn't close. */
    static final String HANG = "\0hang";

    private final ServerSocket server;
    private final String bytes;
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();

    RawServer(String bytes) throws IOException {
        this.bytes = bytes;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var _ = Thread.ofVirtual().start(this::accept);
    }

    URI api() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/api");
    }

    /** The head of the next request. */
    String request() throws InterruptedException {
        String next = requests.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came");
        }
        return next;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                var _ = Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (IOException e) {
            // Closed: the test is over.
            return;
        }
    }

    private void answer(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            requests.add(head.toString());
            boolean hang = bytes.endsWith(HANG);
            String said = hang ? bytes.substring(0, bytes.length() - HANG.length()) : bytes;
            socket.getOutputStream().write(said.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            if (!hang) {
                // What is unread would turn the close into a reset.
                socket.shutdownOutput();
            }
        } catch (IOException e) {
            // The client went first.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
