package gw.supervisor.interactions.http;

import gw.supervisor.interactions.CallbackAnswer;
import gw.supervisor.interactions.DeferTransport;
import gw.supervisor.interactions.InteractionFacts;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

/**
 * POSTs callbacks over kept-alive connections, HTTP/2 where Discord speaks it. A callback goes out
 * now and then, in bad times: it has no part in the data path, so it is the JDK's client that does
 * it, on threads of its own that are there from the first callback on. Owned by the event loop, to
 * which all outcomes come back.
 */
public final class HttpDeferTransport implements DeferTransport {
    /** From the start of a callback to the end of its answer. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    private static final int MAX_BODY_BYTES = 16 * 1024;

    private final String base;
    private final boolean secure;
    private final String userAgent;
    private final Duration timeout;
    private final Executor loop;
    private @Nullable HttpClient client;
    private @Nullable ExecutorService threads;
    private boolean closed;

    /**
     * A transport without connections.
     *
     * @param apiUrl Discord's REST API without the version
     * @param userAgent Discord asks for {@code DiscordBot (url, version)}
     * @param timeout from the start of a callback to the end of its answer
     * @param loop where outcomes are told
     */
    public HttpDeferTransport(URI apiUrl, String userAgent, Duration timeout, Executor loop) {
        this.base = apiUrl.toString().replaceAll("/+$", "") + "/v10/interactions/";
        this.secure = "https".equalsIgnoreCase(apiUrl.getScheme());
        this.userAgent = userAgent;
        this.timeout = timeout;
        this.loop = loop;
    }

    @Override
    public void post(InteractionFacts interaction, String json, Outcome outcome) {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        base
                                                + interaction.id()
                                                + "/"
                                                + interaction.token().reveal()
                                                + "/callback"))
                        .timeout(timeout)
                        .header("User-Agent", userAgent)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build();
        CompletableFuture<HttpResponse<byte[]>> exchange = exchange(request);
        var _ =
                exchange.copy()
                        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .handle((response, failure) -> {
                            if (response != null) {
                                return CallbackAnswers.of(response);
                            }
                            exchange.cancel(true);
                            return new CallbackAnswer.Broken(words(failure));
                        })
                        .thenAcceptAsync(
                                answer -> {
                                    if (!closed) {
                                        outcome.answered(answer);
                                    }
                                },
                                loop);
    }

    private CompletableFuture<HttpResponse<byte[]>> exchange(HttpRequest request) {
        try {
            return client().sendAsync(
                            request,
                            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY_BYTES));
        } catch (UncheckedIOException e) {
            // No file is left for the client's selector.
            return CompletableFuture.failedFuture(e);
        }
    }

    private HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            ExecutorService own = threads;
            if (own == null) {
                own =
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("gw-callbacks-", 0).factory());
                threads = own;
            }
            made =
                    HttpClient.newBuilder()
                            .version(
                                    secure
                                            ? HttpClient.Version.HTTP_2
                                            : HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(timeout)
                            .executor(own)
                            .build();
            client = made;
        }
        return made;
    }

    /** Never the client's own words: they may hold the URL, and so the token (P8). */
    private String words(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            // It lies below a failure to connect.
            if (each instanceof UnresolvedAddressException
                    || each instanceof UnknownHostException) {
                return "Discord can't be reached (its name is not known)";
            }
        }
        for (Throwable each = failure; each != null; each = each.getCause()) {
            switch (each) {
                case HttpTimeoutException _, TimeoutException _ -> {
                    return "no answer within " + timeout.toMillis() + " ms";
                }
                case ConnectException _ -> {
                    return "Discord can't be reached (connection refused)";
                }
                case SSLException _ -> {
                    return "Discord can't be reached (TLS failed)";
                }
                default -> {}
            }
        }
        return "the connection to Discord broke";
    }

    @Override
    public void close() {
        closed = true;
        if (client != null) {
            client.shutdownNow();
        }
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
