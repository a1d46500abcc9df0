package gw.sim.gateway;

import gw.sim.ledger.Violations;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of each thing that a client says. Owned by the event loop. */
final class ClientProtocol {
    private static final int MAX_SEND_BYTES = 4096;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Gateway gateway;
    private final SimSettings settings;
    private final Violations violations;

    ClientProtocol(Gateway gateway, SimSettings settings, Violations violations) {
        this.gateway = gateway;
        this.settings = settings;
        this.violations = violations;
    }

    /** A text message. */
    void message(SimConnection from, byte[] bytes) {
        if (from.closing() || from.muted()) {
            return;
        }
        if (bytes.length > MAX_SEND_BYTES) {
            tooLarge(from);
            return;
        }
        if (!from.maySend(gateway.nowNanos())) {
            refuse(from, 4008, Violations.Kind.SEND_RATE, "Rate limited.");
            return;
        }
        JsonNode payload = read(bytes);
        JsonNode op = payload.path("op");
        if (!op.isInt()) {
            undecodable(from);
            return;
        }
        JsonNode d = payload.path("d");
        switch (op.asInt()) {
            case 1 -> heartbeat(from, d);
            case 2 -> identify(from, d);
            case 6 -> resume(from, d);
            case 3, 4, 8, 31, 43 -> command(from, op.asInt(), d);
            default -> refuse(from, 4001, Violations.Kind.UNKNOWN_OPCODE, "Unknown opcode.");
        }
    }

    private static JsonNode read(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }

    /** A message that can't be JSON. */
    void binary(SimConnection from) {
        undecodable(from);
    }

    /** A message over the limit. */
    void tooLarge(SimConnection from) {
        refuse(
                from,
                4002,
                Violations.Kind.PAYLOAD_TOO_LARGE,
                "Error while decoding payload: too large.");
    }

    private void undecodable(SimConnection from) {
        refuse(from, 4002, Violations.Kind.UNDECODABLE, "Error while decoding payload.");
    }

    private void refuse(SimConnection whom, int code, Violations.Kind kind, String reason) {
        if (!whom.closing() && !whom.muted()) {
            violations.add(kind);
            gateway.close(whom, code, reason);
        }
    }

    private void heartbeat(SimConnection from, JsonNode d) {
        SimSession session = from.session();
        if (!d.isNull() && !(d.isIntegralNumber() && d.canConvertToLong())) {
            undecodable(from);
            return;
        }
        if (session != null && !d.isNull()) {
            if (session.fromTheFuture(d.asLong())) {
                refuse(from, 4007, Violations.Kind.SEQUENCE_FROM_THE_FUTURE, "Invalid seq.");
                return;
            }
            session.acknowledged(d.asLong());
        }
        from.heartbeat(gateway.nowNanos());
        from.send(ServerPayloads.heartbeatAck());
    }

    private void identify(SimConnection from, JsonNode d) {
        if (from.session() != null) {
            alreadyAuthenticated(from);
            return;
        }
        boolean transport =
                switch (from.out().kind()) {
                    case ZLIB_STREAM, ZSTD_STREAM -> true;
                    case NONE, PAYLOAD -> false;
                };
        switch (ClientRequest.identify(d, settings, gateway.guilds(), transport)) {
            case ClientRequest.Identify wanted -> {
                gateway.cameBack(from, wanted.bearer());
                gateway.identify(from, wanted);
            }
            case ClientRequest.Refused refused -> {
                gateway.cameBack(from, refused.bearer());
                refuse(from, refused.code(), refused.kind(), refused.reason());
            }
            case ClientRequest.Resume _ -> throw new IllegalStateException("op 2 read as op 6");
        }
    }

    private void resume(SimConnection from, JsonNode d) {
        if (gateway.conditions().breaksResumes(gateway.nowNanos())) {
            from.reset();
            return;
        }
        if (from.session() != null) {
            alreadyAuthenticated(from);
            return;
        }
        switch (ClientRequest.resume(d, settings)) {
            case ClientRequest.Resume wanted -> resume(from, wanted);
            case ClientRequest.Refused refused -> {
                gateway.cameBack(from, refused.bearer());
                refuse(from, refused.code(), refused.kind(), refused.reason());
            }
            case ClientRequest.Identify _ -> throw new IllegalStateException("op 6 read as op 2");
        }
    }

    private void resume(SimConnection from, ClientRequest.Resume wanted) {
        SimSession session = gateway.sessions().find(wanted.sessionId());
        if (session == null) {
            from.send(ServerPayloads.invalidSession(false));
            return;
        }
        gateway.cameBack(from, new Bearer(settings.token(), session.shardId()));
        if (gateway.guilds().overfill(session.shardId(), session.shardCount())) {
            gateway.end(session);
            refuse(from, 4011, Violations.Kind.SHARD, "Sharding required.");
        } else if (session.fromTheFuture(wanted.sequence())) {
            gateway.end(session);
            refuse(from, 4007, Violations.Kind.SEQUENCE_FROM_THE_FUTURE, "Invalid seq.");
        } else if (!session.canReplay(wanted.sequence())) {
            gateway.end(session);
            from.send(ServerPayloads.invalidSession(false));
        } else {
            gateway.resume(from, session, wanted.sequence());
        }
    }

    private void alreadyAuthenticated(SimConnection from) {
        refuse(from, 4005, Violations.Kind.ALREADY_AUTHENTICATED, "Already authenticated.");
    }

    private void command(SimConnection from, int op, JsonNode d) {
        SimSession session = from.session();
        if (session == null) {
            refuse(from, 4003, Violations.Kind.NOT_AUTHENTICATED, "Not authenticated.");
        } else if (!d.isObject()) {
            undecodable(from);
        } else if (op == 8) {
            requestMembers(from, session, d);
        } else if (op == 31) {
            for (JsonNode guild : d.path("guild_ids")) {
                if (session.owns(guild.asLong(-1))) {
                    session.dispatch(ServerPayloads.noSounds(guild.asLong()));
                }
            }
        }
    }

    /** A malformed one costs the session, as it does at Discord. */
    private void requestMembers(SimConnection from, SimSession session, JsonNode d) {
        long guildId = d.path("guild_id").asLong(-1);
        boolean byIds = d.has("user_ids");
        boolean byQuery = d.path("query").isString() && d.path("limit").isInt();
        if (guildId <= 0 || !session.owns(guildId) || byIds == byQuery) {
            violations.add(Violations.Kind.UNDECODABLE);
            var _ = from.detach();
            gateway.end(session);
            from.send(ServerPayloads.invalidSession(false));
            return;
        }
        JsonNode nonce = d.path("nonce");
        session.dispatch(
                ServerPayloads.noMembers(guildId, nonce.isString() ? nonce.toString() : ""));
    }

    /** A close frame came. */
    void closed(SimConnection from, int code) {
        SimSession session = from.detach();
        if (session != null && (code == 1000 || code == 1001)) {
            gateway.endedByClient(session);
        }
        from.answerClose(code);
    }

    /** The socket is gone, however it went. */
    void gone(SimConnection connection) {
        var _ = connection.detach();
        connection.ended();
        gateway.forget(connection);
    }
}
