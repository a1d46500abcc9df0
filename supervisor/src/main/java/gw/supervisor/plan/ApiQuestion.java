package gw.supervisor.plan;

import gw.model.Secret;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One GET to Discord's REST API over a connection of its own. By the JDK's oldest client: it is
 * asked once in a long while, and the newer one would stay in memory with 300 classes and, whatever
 * the URL, with all of TLS.
 *
 * @param userAgent Discord asks for {@code DiscordBot (url, version)}
 * @param connectTimeout bound on reaching the other side
 * @param timeout bound on all of it, to the end of the answer
 */
record ApiQuestion(
        URI url, Secret token, String userAgent, Duration connectTimeout, Duration timeout) {
    private static final int MAX_BODY_BYTES = 64 * 1024;

    /** What came back, whatever the status. */
    record Reply(int status, String body, Optional<String> retryAfter) {}

    /**
     * Blocks until the whole answer is here; interrupting it ends the exchange.
     *
     * @throws TimeoutException it took longer than it may
     * @throws ExecutionException with the reason as its cause, an {@link IOException} mostly
     */
    Reply ask() throws TimeoutException, ExecutionException, InterruptedException {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread asking =
                Thread.ofVirtual()
                        .name("gw-discord-api")
                        .start(() -> {
                            try {
                                var _ = reply.complete(exchange());
                            } catch (IOException | RuntimeException e) {
                                var _ = reply.completeExceptionally(e);
                            }
                        });
        try {
            return reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            // A virtual thread's socket closes when the thread is interrupted.
            asking.interrupt();
        }
    }

    private Reply exchange() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        try {
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout((int) connectTimeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            connection.setRequestProperty("Authorization", "Bot " + token.reveal());
            connection.setRequestProperty("User-Agent", userAgent);
            connection.setRequestProperty("Accept", "application/json");
            connection.setRequestProperty("Connection", "close");
            int status = connection.getResponseCode();
            if (status < 0) {
                throw new IOException("what answers speaks no HTTP");
            }
            return new Reply(
                    status,
                    body(status < 400 ? connection.getInputStream() : connection.getErrorStream()),
                    Optional.ofNullable(connection.getHeaderField("Retry-After")));
        } finally {
            connection.disconnect();
        }
    }

    private static String body(@Nullable InputStream stream) throws IOException {
        if (stream == null) {
            return "";
        }
        try (stream) {
            byte[] body = stream.readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                throw new IOException("the answer is longer than " + MAX_BODY_BYTES + " bytes");
            }
            return new String(body, StandardCharsets.UTF_8);
        }
    }
}
