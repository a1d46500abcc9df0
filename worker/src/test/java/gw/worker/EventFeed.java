package gw.worker;

import com.github.luben.zstd.ZstdOutputStream;

import gw.model.TransportCompression;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** A gateway with one shard on it, which resumes and then gets messages of about 600 bytes. */
final class EventFeed implements AutoCloseable {
    static final String SESSION = "0123456789abcdef0123456789abcdef";

    private static final int TIMEOUT_MILLIS = 20_000;

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
    private final SplittableRandom random;
    private final OutputStream compressor;
    private Socket socket = new Socket();
    private long sequence = 1;

    EventFeed(TransportCompression compression, long seed) throws IOException {
        random = new SplittableRandom(seed);
        compressor =
                compression == TransportCompression.ZLIB_STREAM
                        ? new DeflaterOutputStream(compressed, new Deflater(), 8192, true)
                        : new ZstdOutputStream(compressed).setCloseFrameOnFlush(false);
    }

    String url() {
        return "ws://127.0.0.1:" + server.getLocalPort();
    }

    /** Takes the worker's connection; its shard is resumed afterwards. */
    void connected() throws IOException {
        server.setSoTimeout(TIMEOUT_MILLIS);
        socket = server.accept();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        InputStream in = socket.getInputStream();
        upgrade(in);
        add("{\"op\":10,\"d\":{\"heartbeat_interval\":3600000}}");
        flush();
        String resume = read(in);
        if (!resume.contains("\"op\":6")) {
            throw new AssertionError(resume);
        }
        add(
                "{\"t\":\"RESUMED\",\"s\":"
                        + ++sequence
                        + ",\"op\":0,\"d\":{\"_trace\":[\"[\\\"gateway\\\"]\"]}}");
        flush();
    }

    private void upgrade(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the worker left during the upgrade");
            }
            head.append((char) c);
        }
        String key =
                head.toString()
                        .lines()
                        .filter(line -> line.regionMatches(true, 0, "sec-websocket-key: ", 0, 19))
                        .map(line -> line.substring(19))
                        .findFirst()
                        .orElseThrow();
        socket.getOutputStream()
                .write(
                        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                        + "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                                        + accept(key)
                                        + "\r\n\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String accept(String key) {
        String salted = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-1")
                                    .digest(salted.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of the client's frames. */
    private static String read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        int _ = in.readUnsignedByte();
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        }
        byte[] mask = in.readNBytes(4);
        byte[] content = in.readNBytes(length);
        for (int i = 0; i < length; i++) {
            content[i] ^= mask[i % 4];
        }
        return new String(content, StandardCharsets.UTF_8);
    }

    /** Sends so many events in one write. */
    void send(int events) throws IOException {
        for (int i = 0; i < events; i++) {
            add(message(++sequence));
        }
        flush();
    }

    private String message(long number) {
        StringBuilder words = new StringBuilder();
        int length = 40 + random.nextInt(120);
        while (words.length() < length) {
            words.append(Long.toString(random.nextLong(1 << 20), 36)).append(' ');
        }
        return """
        {"t":"MESSAGE_CREATE","s":%d,"op":0,"d":{"type":0,"tts":false,"timestamp":"2026-11-24T10:15:%02d.%06d+00:00",\
        "pinned":false,"nonce":"%d","mentions":[],"mention_roles":[],"mention_everyone":false,"id":"%d","flags":0,\
        "embeds":[],"edited_timestamp":null,"content":"%s","components":[],"channel_id":"%d",\
        "author":{"username":"user%d","id":"%d","global_name":null,"discriminator":"0","avatar":"%016x"},\
        "attachments":[],"guild_id":"%d"}}\
        """
                .formatted(
                        number,
                        random.nextInt(60),
                        random.nextInt(1_000_000),
                        snowflake(),
                        snowflake(),
                        words,
                        snowflake(),
                        random.nextInt(10_000),
                        snowflake(),
                        random.nextLong(),
                        1_000_000_000_000_000_000L + random.nextInt(1_000));
    }

    private long snowflake() {
        return 1_000_000_000_000_000_000L + random.nextLong(300_000_000_000_000_000L);
    }

    private void add(String payload) throws IOException {
        compressed.reset();
        compressor.write(payload.getBytes(StandardCharsets.UTF_8));
        compressor.flush();
        int length = compressed.size();
        frames.write(0x82);
        if (length < 126) {
            frames.write(length);
        } else {
            frames.write(126);
            frames.write(length >> 8);
            frames.write(length);
        }
        compressed.writeTo(frames);
    }

    private void flush() throws IOException {
        frames.writeTo(socket.getOutputStream());
        frames.reset();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        server.close();
    }
}
