package gw.sim.rest;

import gw.sim.fault.Fault;
import gw.sim.gateway.Gateway;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.DoubleConsumer;

/**
 * The routes for whoever runs the sim: faults, rate, growth, figures. No part of Discord. Owned by
 * the event loop.
 */
public final class AdminApi {
    /** Does a fault; false when no connected shard fits. */
    @FunctionalInterface
    public interface Injection {
        /** {@code shardId} empty: the seed chooses where a shard is needed. */
        boolean inject(Fault fault, OptionalInt shardId);
    }

    private static final String FAULTS = "/sim/faults";
    private static final String RATE = "/sim/rate/";
    private static final String JOIN = "/sim/guilds/join/";
    private static final String SHARDS = "/sim/shards/";
    private static final int MAX_JOIN = 100_000;
    private static final int MAX_SHARDS = 16_384;

    private final Gateway gateway;
    private final Injection injection;
    private final DoubleConsumer rate;

    /** Routes that act through these. */
    public AdminApi(Gateway gateway, Injection injection, DoubleConsumer rate) {
        this.gateway = gateway;
        this.injection = injection;
        this.rate = rate;
    }

    /** Answers a request whose path begins with {@code /sim}. */
    public FullHttpResponse answer(
            HttpMethod method, String path, Map<String, List<String>> query) {
        boolean get = method.equals(HttpMethod.GET);
        boolean post = method.equals(HttpMethod.POST);
        if (get && path.equals("/sim/stats")) {
            return Responses.json(200, gateway.stats());
        }
        if (get && path.equals(FAULTS)) {
            return Responses.json(200, faults());
        }
        if (post && path.startsWith(FAULTS + "/")) {
            return fault(path.substring(FAULTS.length() + 1), query);
        }
        if (post && path.startsWith(RATE)) {
            return rate(path.substring(RATE.length()));
        }
        if (post && path.startsWith(JOIN)) {
            return join(path.substring(JOIN.length()));
        }
        if (post && path.startsWith(SHARDS)) {
            return recommend(path.substring(SHARDS.length()));
        }
        return error(
                404,
                method
                        + " "
                        + path
                        + " (expected: GET /sim/stats, GET /sim/faults,"
                        + " POST /sim/faults/{name}?shard=N, POST /sim/rate/{events per second},"
                        + " POST /sim/guilds/join/{guilds}, POST /sim/shards/{recommended})");
    }

    private static Map<String, String> faults() {
        Map<String, String> lines = new TreeMap<>();
        Fault.byName().forEach((name, fault) -> lines.put(name, fault.get().description()));
        return lines;
    }

    private FullHttpResponse fault(String name, Map<String, List<String>> query) {
        Fault fault;
        try {
            fault = Fault.named(name);
        } catch (IllegalArgumentException e) {
            return error(404, String.valueOf(e.getMessage()));
        }
        OptionalInt shardId = OptionalInt.empty();
        if (query.containsKey("shard")) {
            String given = query.get("shard").getFirst();
            try {
                shardId = OptionalInt.of(Integer.parseInt(given));
            } catch (NumberFormatException e) {
                return error(400, "shard: " + given + " (expected: a shard id)");
            }
        }
        if (!injection.inject(fault, shardId)) {
            return error(
                    400,
                    shardId.isPresent()
                            ? "shard " + shardId.getAsInt() + " has no connection"
                            : "no shard has a connection");
        }
        return Responses.json(200, Map.of("fault", name, "does", fault.description()));
    }

    private FullHttpResponse rate(String given) {
        double wanted;
        try {
            wanted = given.equals("max") ? Double.POSITIVE_INFINITY : Double.parseDouble(given);
        } catch (NumberFormatException e) {
            wanted = -1;
        }
        if (!(wanted >= 0)) {
            return error(400, "rate: " + given + " (expected: events per second, >= 0, or max)");
        }
        rate.accept(wanted);
        return Responses.json(200, Map.of("rate", given));
    }

    private FullHttpResponse join(String given) {
        int wanted = number(given, MAX_JOIN);
        if (wanted < 0) {
            return error(400, "guilds: " + given + " (expected: 1 to " + MAX_JOIN + ")");
        }
        var _ = gateway.membership().join(wanted);
        return Responses.json(200, Map.of("joined", wanted, "guilds", gateway.guildIds().size()));
    }

    private FullHttpResponse recommend(String given) {
        int wanted = number(given, MAX_SHARDS);
        if (wanted < 0) {
            return error(400, "shards: " + given + " (expected: 1 to " + MAX_SHARDS + ")");
        }
        gateway.recommend(wanted);
        return Responses.json(200, Map.of("shards", wanted));
    }

    /** From 1 to the most; -1: something else. */
    private static int number(String given, int most) {
        try {
            int number = Integer.parseInt(given);
            return number >= 1 && number <= most ? number : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static FullHttpResponse error(int status, String message) {
        return Responses.json(status, Map.of("error", message));
    }
}
