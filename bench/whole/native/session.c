/* The gateway's conversation with a client. */
#include <string.h>
#include <sys/random.h>

#include "discord.h"
#include "fail.h"
#include "json.h"

enum { OP_HEARTBEAT = 1, OP_IDENTIFY = 2, OP_RESUME = 6 };

/* Into the output, in order; connection_flush sends it. */
static void say(struct discord *discord, struct connection *connection) {
    compressor_frame(connection->compressor, buffer_bytes(&discord->text), buffer_length(&discord->text), &connection->out);
}

void gateway_opened(struct discord *discord, struct connection *connection) {
    payload_hello(&discord->text);
    say(discord, connection);
    connection_flush(discord, connection);
}

void gateway_ack(struct discord *discord, struct connection *connection) {
    connection->ack_wanted = false;
    compressor_frame(connection->compressor, (const uint8_t *)ACK, sizeof ACK - 1, &connection->out);
    connection_flush(discord, connection);
}

static void invalid_session(struct discord *discord, struct connection *connection) {
    payload_invalid_session(&discord->text);
    say(discord, connection);
    connection_flush(discord, connection);
}

static void attach(struct discord *discord, struct session *session, struct connection *connection) {
    if (session->connection == NULL) {
        atomic_fetch_add(&discord->ready, 1);
    } else {
        session->connection->session = NULL;
    }
    session->connection = connection;
    connection->session = session;
}

static void new_id(char id[SESSION_ID_CHARS + 1]) {
    uint8_t random[SESSION_ID_CHARS / 2];
    if (getrandom(random, sizeof random, 0) != sizeof random) die("getrandom");
    for (size_t i = 0; i < SESSION_ID_CHARS; i++) id[i] = "0123456789abcdef"[random[i / 2] >> (4 * (i & 1)) & 15];
    id[SESSION_ID_CHARS] = '\0';
}

static void say_guild(struct discord *discord, struct connection *connection, int guild) {
    const struct discord_settings *settings = &discord->settings;
    struct session *session = connection->session;
    uint64_t id = guild_id(session->shard, settings->shards, guild);
    session->sequence++;
    if (settings->guild_bodies == NULL) {
        payload_guild(&discord->text, session->sequence, id);
    } else {
        uint32_t body = (uint32_t)(session->shard * settings->guilds + guild) % settings->guild_bodies->count;
        line_write(&settings->guild_bodies->lines[body], session->sequence, id, &discord->text);
    }
    say(discord, connection);
}

static void identify(struct discord *discord, struct connection *connection, struct json data) {
    const struct discord_settings *settings = &discord->settings;
    struct json shard, number, count;
    int64_t id = 0, shards = 1;
    if (json_member(data, "shard", &shard)) {
        id = json_element(shard, 0, &number) ? json_number(number, -1) : -1;
        shards = json_element(shard, 1, &count) ? json_number(count, -1) : -1;
    }
    if (shards != settings->shards || id < 0 || id >= shards || connection->session != NULL) {
        invalid_session(discord, connection);
        return;
    }
    struct session *session = &discord->sessions[id];
    attach(discord, session, connection);
    new_id(session->id);
    session->sequence = 1;
    payload_ready(&discord->text, 1, session->id, discord->gateway_url, (int)id, settings->shards, settings->guilds);
    say(discord, connection);
    for (int guild = 0; guild < settings->guilds; guild++) say_guild(discord, connection, guild);
    connection_flush(discord, connection);
}

/* Only a client that has everything can resume: nothing is kept for replay. */
static void resume(struct discord *discord, struct connection *connection, struct json data) {
    struct json id, sequence;
    if (connection->session == NULL && json_member(data, "session_id", &id) && json_member(data, "seq", &sequence) &&
        id.length == SESSION_ID_CHARS + 2) {
        for (int shard = 0; shard < discord->settings.shards; shard++) {
            struct session *session = &discord->sessions[shard];
            if (memcmp(session->id, id.text + 1, SESSION_ID_CHARS) != 0) continue;
            bool in_phase = session->connection != NULL && session->connection->lane != NULL;
            if (in_phase || json_number(sequence, -1) != session->sequence) break;
            attach(discord, session, connection);
            payload_resumed(&discord->text, ++session->sequence);
            say(discord, connection);
            connection_flush(discord, connection);
            return;
        }
    }
    invalid_session(discord, connection);
}

void gateway_message(struct discord *discord, struct connection *connection, const char *text, size_t length) {
    struct json message = {text, length}, op, data = {0};
    if (!json_member(message, "op", &op)) return;
    json_member(message, "d", &data);
    switch (json_number(op, -1)) {
    case OP_HEARTBEAT:
        if (connection->lane != NULL) {
            connection->ack_wanted = true;
        } else {
            gateway_ack(discord, connection);
        }
        break;
    case OP_IDENTIFY:
        identify(discord, connection, data);
        break;
    case OP_RESUME:
        resume(discord, connection, data);
        break;
    default:
        break;
    }
}
