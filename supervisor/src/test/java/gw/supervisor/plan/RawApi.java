package gw.supervisor.plan;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * A REST API that answers each connection with the next bytes of its script, whatever they are, and
 * with the last ones for ever.
 */
final class RawApi implements AutoCloseable {
    /** Says nothing, and doesn't close. */
    static final String HANG = "hang";

    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch asked = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<String> script = new ConcurrentLinkedQueue<>();
    private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());
    private final ServerSocket server;
    private String last = "";

    RawApi() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var _ = Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/api");
    }

    RawApi then(String bytes) {
        script.add(bytes);
        return this;
    }

    /** A whole answer with this body. */
    RawApi then(int status, String headers, String body) {
        return then(
                "HTTP/1.1 "
                        + status
                        + " Whatever\r\nContent-Length: "
                        + body.getBytes(StandardCharsets.UTF_8).length
                        + "\r\n"
                        + headers
                        + "\r\n"
                        + body);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                answer(socket);
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void answer(Socket socket) {
        try {
            requests.add(request(socket.getInputStream()));
            String bytes = Objects.requireNonNullElse(script.poll(), last);
            last = bytes;
            asked.countDown();
            if (!bytes.endsWith(HANG)) {
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
                socket.close();
            } else {
                String before = bytes.substring(0, bytes.length() - HANG.length());
                socket.getOutputStream().write(before.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
            }
        } catch (IOException e) {
            // The client went first.
        }
    }

    private static String request(InputStream in) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            request.append((char) next);
        }
        return request.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : List.copyOf(open)) {
            socket.close();
        }
    }
}
