package gw.supervisor.delivery;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An HTTP server whose every answer is the test's choice, byte for byte. */
final class ScriptedBot implements AutoCloseable {
    /** Chooses the answer to a request; empty: the connection is closed without one. */
    interface Script {
        String answer(Request request) throws InterruptedException;
    }

    /** What came in. */
    record Request(String line, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final ServerSocket server;
    final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    ScriptedBot(Script script) {
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread _ =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!server.isClosed()) {
                                try {
                                    Socket socket = server.accept();
                                    Thread _ =
                                            Thread.ofVirtual().start(() -> serve(socket, script));
                                } catch (IOException e) {
                                    return;
                                }
                            }
                        });
    }

    static String status(int code, String... headers) {
        return "HTTP/1.1 "
                + code
                + " X\r\nContent-Length: 0\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
                + "\r\n";
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/events?key=hidden");
    }

    Request next() throws InterruptedException {
        Request request = requests.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                Request request = read(in);
                requests.add(request);
                String answer = script.answer(request);
                if (answer.isEmpty()) {
                    return;
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                if (!answer.startsWith("HTTP/1.1 ")) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client went: what it did before is in the queue.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Request read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("end");
            }
            head.append((char) c);
        }
        String[] lines = head.toString().trim().split("\r\n", -1);
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).trim());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(
                lines[0], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
