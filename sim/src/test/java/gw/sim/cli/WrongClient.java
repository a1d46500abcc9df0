package gw.sim.cli;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/** A client that says one thing and waits to be thrown out. */
final class WrongClient implements WebSocket.Listener, AutoCloseable {
    final CountDownLatch closed = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();

    void say(URI api, String payload) {
        WebSocket socket =
                http.newWebSocketBuilder()
                        .buildAsync(
                                URI.create(
                                        "ws://127.0.0.1:" + api.getPort() + "/?v=10&encoding=json"),
                                this)
                        .join();
        var _ = socket.sendText(payload, true).join();
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        closed.countDown();
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        closed.countDown();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
