package gw.bench.peer;

import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * POSTs bodies over keep-alive connections of HTTP/1.1, one request at a time on each; what finds
 * none free waits in a queue without a bound. With the client that JDA itself brings: java.net.http
 * took about a third more CPU for the same.
 */
final class Posts implements Callback {
    private static final int CONNECTIONS = 64;
    private static final MediaType JSON = MediaType.get("application/json");

    private final HttpUrl bot;
    private final OkHttpClient client;
    private final AtomicLong failures = new AtomicLong();

    Posts(String bot) {
        this.bot = HttpUrl.get(bot);
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(CONNECTIONS);
        dispatcher.setMaxRequestsPerHost(CONNECTIONS);
        client =
                new OkHttpClient.Builder()
                        .dispatcher(dispatcher)
                        .connectionPool(new ConnectionPool(CONNECTIONS, 5, TimeUnit.MINUTES))
                        .protocols(List.of(Protocol.HTTP_1_1))
                        .build();
    }

    void post(byte[] body) {
        Request request =
                new Request.Builder().url(bot).post(RequestBody.create(body, JSON)).build();
        client.newCall(request).enqueue(this);
    }

    /** How many were not answered with 2xx. */
    long failures() {
        return failures.get();
    }

    @Override
    public void onResponse(Call call, Response response) {
        try (response) {
            if (!response.isSuccessful()) {
                failures.incrementAndGet();
            }
        }
    }

    @Override
    public void onFailure(Call call, IOException failure) {
        failures.incrementAndGet();
    }
}
