package gw.sim.rest;

import gw.sim.fault.Fault;
import gw.sim.gateway.Gateway;
import gw.sim.gateway.SessionStarts;
import gw.sim.gateway.SimSettings;
import gw.sim.gateway.SlidingWindow;
import gw.sim.ledger.Violations;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Discord's REST routes, as far as the gateway needs them. Owned by the event loop. */
public final class RestApi {
    private static final int MAX_CALLS = 10;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final double FLOOD_RETRY_SECONDS = 5;
    private static final double FAULT_RETRY_SECONDS = 1.5;
    private static final int MAX_PENDING_FAULTS = 1000;

    private final SimSettings settings;
    private final Gateway gateway;
    private final Violations violations;
    private final InteractionApi interactions;
    private final String gatewayUrl;
    private final LongSupplier nanoTime;
    private final SlidingWindow calls = new SlidingWindow(MAX_CALLS, WINDOW_NANOS);
    private final ArrayDeque<Integer> faults = new ArrayDeque<>();
    private boolean toldToWait;
    private long waitUntilNanos;

    /** Routes that tell clients to connect to {@code gatewayUrl}. */
    public RestApi(
            SimSettings settings,
            Gateway gateway,
            Violations violations,
            InteractionApi interactions,
            String gatewayUrl,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.gateway = gateway;
        this.violations = violations;
        this.interactions = interactions;
        this.gatewayUrl = gatewayUrl;
        this.nanoTime = nanoTime;
    }

    /** The next calls get a status of the fault's. */
    public void inject(Fault.RestStatus fault) {
        for (int i = 0; i < fault.calls() && faults.size() < MAX_PENDING_FAULTS; i++) {
            faults.addLast(fault.status());
        }
    }

    /** The same for the calls that answer interactions. */
    public void inject(Fault.InteractionStatus fault) {
        interactions.inject(fault);
    }

    /** Answers a request whose path begins with {@code /api}. */
    public FullHttpResponse answer(String path, FullHttpRequest request) {
        if (InteractionApi.has(path)) {
            return gateway.inMaintenance()
                    ? Responses.html(503)
                    : interactions.answer(path, request);
        }
        long now = nanoTime.getAsLong();
        boolean early = toldToWait && now - waitUntilNanos < 0;
        boolean flood = !calls.take(now);
        if (early || flood) {
            violations.add(Violations.Kind.REST_TOO_FAST);
        }
        if (flood) {
            return tooMany(FLOOD_RETRY_SECONDS, now);
        }
        if (gateway.inMaintenance()) {
            return Responses.html(503);
        }
        Integer fault = faults.pollFirst();
        if (fault != null) {
            return fault(fault, now);
        }
        if (early) {
            return tooMany((waitUntilNanos - now) / 1e9, now);
        }
        return switch (path) {
            case "/api/v10/gateway" ->
                    get(request) ? Responses.json(200, Map.of("url", gatewayUrl)) : wrongMethod();
            case "/api/v10/gateway/bot" -> get(request) ? bot(request) : wrongMethod();
            default -> Responses.error(404);
        };
    }

    private FullHttpResponse fault(int status, long now) {
        if (status == 429) {
            return tooMany(FAULT_RETRY_SECONDS, now);
        }
        return status >= 500 ? Responses.html(status) : Responses.error(status);
    }

    private FullHttpResponse tooMany(double retryAfterSeconds, long now) {
        toldToWait = true;
        waitUntilNanos = now + (long) (retryAfterSeconds * 1e9);
        return Responses.tooMany(retryAfterSeconds);
    }

    private static boolean get(FullHttpRequest request) {
        return request.method().equals(HttpMethod.GET);
    }

    private static FullHttpResponse wrongMethod() {
        return Responses.error(405);
    }

    private FullHttpResponse bot(FullHttpRequest request) {
        String given = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        if (!given.equals("Bot " + settings.token())) {
            violations.add(Violations.Kind.TOKEN);
            return Responses.error(401);
        }
        SessionStarts starts = gateway.sessionStarts();
        Map<String, Object> limit = new LinkedHashMap<>();
        limit.put("total", settings.startTotal());
        limit.put("remaining", starts.remaining());
        limit.put("reset_after", starts.resetAfterMillis());
        limit.put("max_concurrency", settings.maxConcurrency());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("url", gatewayUrl);
        body.put("session_start_limit", limit);
        body.put("shards", gateway.recommendedShards());
        return Responses.json(200, body);
    }
}
