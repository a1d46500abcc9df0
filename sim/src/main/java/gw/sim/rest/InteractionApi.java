package gw.sim.rest;

import gw.sim.fault.Fault;
import gw.sim.interaction.Interactions;
import gw.sim.interaction.RouteLimit;
import gw.sim.ledger.Violations;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The routes by which a bot answers interactions. They need no Authorization and count against no
 * limit but their own. Owned by the event loop.
 */
public final class InteractionApi {
    private static final String CALLBACKS = "/api/v10/interactions/";
    private static final String WEBHOOKS = "/api/v10/webhooks/";
    private static final double FAULT_RETRY_SECONDS = 0.5;
    private static final int MAX_PENDING_FAULTS = 1000;
    private static final int MAX_CHOICES = 25;
    private static final int EPHEMERAL = 64;
    private static final Set<Integer> CALLBACK_TYPES = Set.of(1, 4, 5, 6, 7, 8, 9, 10, 12);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Interactions interactions;
    private final Violations violations;
    private final LongSupplier nanoTime;
    private final ArrayDeque<Integer> faults = new ArrayDeque<>();
    private long nextMessage = 1_400_000_000_000_000_000L;

    /** Routes over what the gateway dispatched. */
    public InteractionApi(Interactions interactions, Violations violations, LongSupplier nanoTime) {
        this.interactions = interactions;
        this.violations = violations;
        this.nanoTime = nanoTime;
    }

    /** Whether this path is one of its routes. */
    static boolean has(String path) {
        return path.startsWith(CALLBACKS) || path.startsWith(WEBHOOKS);
    }

    void inject(Fault.InteractionStatus fault) {
        for (int i = 0; i < fault.calls() && faults.size() < MAX_PENDING_FAULTS; i++) {
            faults.addLast(fault.status());
        }
    }

    FullHttpResponse answer(String path, FullHttpRequest request) {
        boolean callback = path.startsWith(CALLBACKS);
        String[] parts = path.substring((callback ? CALLBACKS : WEBHOOKS).length()).split("/", -1);
        HttpMethod method = request.method();
        if (callback && parts.length == 3 && parts[2].equals("callback")) {
            return method.equals(HttpMethod.POST)
                    ? limited(true, parts, request)
                    : Responses.error(405);
        }
        if (!callback && parts.length == 2) {
            return method.equals(HttpMethod.POST)
                    ? limited(false, parts, request)
                    : Responses.error(405);
        }
        if (!callback
                && parts.length == 4
                && parts[2].equals("messages")
                && parts[3].equals("@original")) {
            return method.equals(HttpMethod.PATCH)
                    ? limited(false, parts, request)
                    : Responses.error(405);
        }
        return Responses.error(404);
    }

    private FullHttpResponse limited(boolean callback, String[] parts, FullHttpRequest request) {
        long now = nanoTime.getAsLong();
        RouteLimit limit =
                callback
                        ? interactions.callbackLimit(parts[1])
                        : interactions.webhookLimit(parts[1]);
        RouteLimit.@Nullable Take take = limit == null ? null : limit.take(now);
        if (take != null && take.ignoredWait()) {
            violations.add(Violations.Kind.REST_TOO_FAST);
        }
        FullHttpResponse response;
        if (take != null && !take.allowed()) {
            interactions.limited();
            response = Responses.tooMany(take.resetAfterSeconds());
        } else {
            Integer fault = faults.pollFirst();
            response =
                    fault != null
                            ? fault(fault, limit, now)
                            : callback
                                    ? callback(parts, request, now)
                                    : followUp(parts, request, now);
        }
        if (take != null) {
            tell(response, take, callback);
        }
        return response;
    }

    private FullHttpResponse fault(int status, @Nullable RouteLimit limit, long now) {
        if (status != 429) {
            return status >= 500 ? Responses.html(status) : Responses.error(status);
        }
        interactions.limited();
        if (limit != null) {
            limit.tellToWait(now, FAULT_RETRY_SECONDS);
        }
        return Responses.tooMany(FAULT_RETRY_SECONDS);
    }

    private static void tell(FullHttpResponse response, RouteLimit.Take take, boolean callback) {
        response.headers()
                .set("X-RateLimit-Limit", RouteLimit.CALLS)
                .set("X-RateLimit-Remaining", take.remaining())
                .set(
                        "X-RateLimit-Reset-After",
                        String.format(Locale.ROOT, "%.3f", take.resetAfterSeconds()))
                .set("X-RateLimit-Bucket", callback ? "sim-interaction" : "sim-webhook");
    }

    private FullHttpResponse callback(String[] parts, FullHttpRequest request, long now) {
        JsonNode body = body(request);
        int type = body == null || !body.path("type").isInt() ? 0 : body.path("type").asInt();
        if (body == null || !CALLBACK_TYPES.contains(type) || !isWellFormed(type, body)) {
            return badForm();
        }
        return switch (interactions.callback(parts[0], parts[1], type, now)) {
            case TAKEN -> Responses.empty(204);
            case UNKNOWN, TOO_LATE -> Responses.error(404, 10062, "Unknown interaction");
            case TWICE -> Responses.error(400, 40060, "Interaction has already been acknowledged.");
            case WRONG_TYPE -> badForm();
        };
    }

    private static boolean isWellFormed(int type, JsonNode body) {
        JsonNode data = body.path("data");
        if (!data.isMissingNode() && !data.isNull() && !data.isObject()) {
            return false;
        }
        return switch (type) {
            case 4, 7, 9 -> data.isObject();
            case 5 -> {
                JsonNode flags = data.path("flags");
                yield flags.isMissingNode()
                        || (flags.isInt() && (flags.asInt() | EPHEMERAL) == EPHEMERAL);
            }
            case 8 -> data.path("choices").isArray() && data.path("choices").size() <= MAX_CHOICES;
            default -> true;
        };
    }

    private FullHttpResponse followUp(String[] parts, FullHttpRequest request, long now) {
        JsonNode body = body(request);
        if (body == null || body.isEmpty()) {
            return badForm();
        }
        return switch (interactions.followUp(parts[0], parts[1], now)) {
            case TAKEN -> {
                Map<String, Object> message = new LinkedHashMap<>();
                message.put("id", Long.toString(nextMessage++));
                message.put("type", 20);
                message.put("webhook_id", parts[0]);
                message.put("content", body.path("content").asString(""));
                yield Responses.json(200, message);
            }
            case UNKNOWN -> Responses.error(404, 10015, "Unknown Webhook");
            case EXPIRED -> Responses.error(401, 50027, "Invalid Webhook Token");
        };
    }

    private static FullHttpResponse badForm() {
        return Responses.error(400, 50035, "Invalid Form Body");
    }

    /** The JSON object in the body; null: there is none. */
    private static @Nullable JsonNode body(FullHttpRequest request) {
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            return null;
        }
        try {
            JsonNode body = JSON.readTree(ByteBufUtil.getBytes(request.content()));
            return body.isObject() ? body : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
