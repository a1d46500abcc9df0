package gw.worker.socket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/** A WebSocket server whose every byte is the test's choice. */
final class RawGateway implements AutoCloseable {
    /** What a test does with one connection. */
    interface Script {
        void run(Peer peer) throws IOException;
    }

    /** What the client sent: a frame's opcode and content. */
    @SuppressWarnings("ArrayRecordComponent")
    record Frame(int opcode, byte[] content) {
        int closeCode() {
            return content.length < 2 ? -1 : (content[0] & 0xff) << 8 | (content[1] & 0xff);
        }

        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /** One connection. */
    static final class Peer {
        final Socket socket;
        final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        final BlockingQueue<String> requests;

        private Peer(Socket socket, BlockingQueue<String> requests) {
            this.socket = socket;
            this.requests = requests;
        }

        void upgrade() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int c = socket.getInputStream().read();
                if (c < 0) {
                    throw new IOException("client left during the upgrade");
                }
                head.append((char) c);
            }
            requests.add(head.toString());
            String key =
                    head.toString()
                            .lines()
                            .filter(line ->
                                    line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
                            .map(line -> line.substring(line.indexOf(':') + 1).trim())
                            .findFirst()
                            .orElseThrow();
            write(
                    ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                    + "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                                    + accept(key)
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        void frame(boolean last, int opcode, byte[] content) throws IOException {
            write(encode(last, opcode, content));
        }

        void text(String json) throws IOException {
            frame(true, 1, json.getBytes(StandardCharsets.UTF_8));
        }

        void close(int code) throws IOException {
            frame(true, 8, new byte[] {(byte) (code >> 8), (byte) code});
        }

        /** Reads what the client says until it leaves. */
        void readAll() throws IOException {
            readAllUntil("\0");
        }

        /** Reads what the client says until it says this, or leaves. */
        void readAllUntil(String text) throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int first = in.read();
                if (first < 0) {
                    return;
                }
                int length = in.readUnsignedByte() & 0x7f;
                if (length == 126) {
                    length = in.readUnsignedShort();
                }
                byte[] mask = in.readNBytes(4);
                byte[] content = in.readNBytes(length);
                for (int i = 0; i < content.length; i++) {
                    content[i] ^= mask[i % 4];
                }
                Frame frame = new Frame(first & 0x0f, content);
                frames.add(frame);
                if (frame.text().equals(text)) {
                    return;
                }
            }
        }
    }

    private final ServerSocket server;
    private final String origin;
    final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
    final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

    RawGateway(Script script) {
        this(ServerSocketFactory.getDefault(), "ws://127.0.0.1", script);
    }

    /** One that speaks TLS and is called {@code gateway.test}. */
    RawGateway(SSLContext tls, Script script) {
        this(tls.getServerSocketFactory(), "wss://gateway.test", script);
    }

    private RawGateway(ServerSocketFactory sockets, String origin, Script script) {
        this.origin = origin;
        try {
            server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread _ =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!server.isClosed()) {
                                try {
                                    serve(server.accept(), script);
                                } catch (IOException e) {
                                    return;
                                }
                            }
                        });
    }

    private void serve(Socket socket, Script script) {
        Thread _ =
                Thread.ofVirtual()
                        .start(() -> {
                            Peer peer = new Peer(socket, requests);
                            peers.add(peer);
                            try (socket) {
                                script.run(peer);
                            } catch (IOException e) {
                                // The client went first.
                                peer.frames.add(new Frame(-1, new byte[0]));
                            }
                        });
    }

    String url() {
        return origin + ":" + server.getLocalPort();
    }

    Peer peer() throws InterruptedException {
        Peer peer = peers.poll(5, TimeUnit.SECONDS);
        if (peer == null) {
            throw new AssertionError("nobody connected");
        }
        return peer;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    static byte[] encode(boolean last, int opcode, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((last ? 0x80 : 0) | opcode);
        if (content.length < 126) {
            out.write(content.length);
        } else if (content.length < 65536) {
            out.write(126);
            out.write(content.length >> 8);
            out.write(content.length);
        } else {
            out.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) content.length >> shift));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static String accept(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest(
                                    (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                            .getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
