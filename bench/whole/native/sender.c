/* Sends a phase's script: each piece at its time, or all as fast as the sockets take them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "discord.h"
#include "fail.h"

/* What is due so soon goes now: a sleep costs about as much, and ends later than asked for by more than that. */
#define SOON_NS 20000
/* Of a burst, before the next shard's turn. */
#define BURST_BYTES (16 * 1024)

static size_t piece_end(const struct lane *lane, uint32_t piece) {
    return lane->ends[piece] >> 1;
}

void sender_prepare(void *argument) {
    struct sender_call *call = argument;
    struct discord *discord = call->discord;
    struct script *script = call->script;
    call->ok = atomic_load(&discord->ready) == script->shards;
    if (!call->ok) return;
    struct sending *sending = &discord->sending;
    free(sending->dirty);
    *sending = (struct sending){.script = script,
                                .pieces_left = script->steps_count,
                                .dirty = must_alloc((size_t)script->shards * sizeof *sending->dirty)};
    for (int shard = 0; shard < script->shards; shard++) {
        struct session *session = &discord->sessions[shard];
        script->ledger->base[shard] = session->sequence;
        script->lanes[shard].connection = session->connection;
        session->connection->lane = &script->lanes[shard];
    }
}

void sender_start(void *argument) {
    struct sender_call *call = argument;
    struct sending *sending = &call->discord->sending;
    sending->started = true;
    sending->start_ns = now_ns();
}

/* All is sent or dropped: the connections speak for themselves again. */
static void finish(struct discord *discord) {
    struct sending *sending = &discord->sending;
    struct script *script = sending->script;
    uint32_t received = (uint32_t)atomic_load(&script->ledger->received_count);
    sending->lag_end = sending->released_events - received;
    sending->script = NULL;
    for (int shard = 0; shard < script->shards; shard++) {
        struct lane *lane = &script->lanes[shard];
        struct connection *connection = lane->connection;
        struct session *session = &discord->sessions[shard];
        /* A client that lost its connection and identified anew counts from one. */
        if (session->connection == connection || session->connection == NULL) session->sequence += lane->events_sent;
        connection->lane = NULL;
        if (connection->fd >= 0 && connection->ack_wanted) gateway_ack(discord, connection);
    }
    atomic_store(&sending->done, true);
}

static void drop(struct discord *discord, struct lane *lane) {
    if (lane->dropped) return;
    lane->dropped = true;
    lane->blocked = false;
    discord->sending.pieces_left -= lane->pieces - lane->sent;
}

void sender_lost(struct discord *discord, struct connection *connection) {
    drop(discord, connection->lane);
}

void sender_abort(void *argument) {
    struct sender_call *call = argument;
    struct script *script = call->discord->sending.script;
    if (script == NULL) return;
    for (int shard = 0; shard < script->shards; shard++) {
        struct lane *lane = &script->lanes[shard];
        if (lane->sent < lane->pieces && !lane->dropped) connection_close(call->discord, lane->connection);
    }
    call->discord->sending.started = true;
}

/* Before the write: the receiver may have the event before write() returns. What is not taken is stamped again next time. */
static void stamp(struct lane *lane, uint32_t to, int64_t now) {
    uint32_t event = lane->events_sent;
    for (uint32_t piece = lane->sent; piece < to; piece++) {
        if ((lane->ends[piece] & 1) != 0) atomic_store_explicit(&lane->sent_ns[event++], now, memory_order_relaxed);
    }
}

/* Writes pieces up to `to`, as far as the socket takes them. */
static void write_pieces(struct discord *discord, struct lane *lane, uint32_t to) {
    struct sending *sending = &discord->sending;
    struct connection *connection = lane->connection;
    if (lane->blocked || lane->dropped || to == lane->sent) return;
    if (buffer_length(&connection->out) > 0) {
        lane->blocked = true;
        connection_flush(discord, connection);
        if (lane->dropped || buffer_length(&connection->out) > 0) return;
        lane->blocked = false;
    }
    size_t wanted = piece_end(lane, to - 1) - lane->written;
    int64_t now = now_ns();
    if (sending->first_ns == 0) sending->first_ns = now;
    stamp(lane, to, now);
    ssize_t took = send(connection->fd, lane->bytes.data + lane->written, wanted, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (took < 0 && errno != EAGAIN && errno != EINTR) {
        connection_close(discord, connection);
        return;
    }
    if (took > 0) lane->written += (size_t)took;
    uint32_t events = 0;
    while (lane->sent < to && piece_end(lane, lane->sent) <= lane->written) {
        events += lane->ends[lane->sent] & 1;
        lane->sent++;
        sending->pieces_left--;
    }
    lane->events_sent += events;
    atomic_fetch_add_explicit(&sending->script->ledger->sent, events, memory_order_relaxed);
    if (took < (ssize_t)wanted) {
        lane->blocked = true;
        connection_flush(discord, connection);
    }
}

void sender_writable(struct discord *discord, struct connection *connection) {
    struct lane *lane = connection->lane;
    if (!discord->sending.started || !lane->blocked || buffer_length(&connection->out) > 0) return;
    lane->blocked = false;
    write_pieces(discord, lane, lane->due);
    if (connection->fd >= 0) connection_flush(discord, connection);
}

static void watch_lag(struct sending *sending) {
    uint32_t received = (uint32_t)atomic_load_explicit(&sending->script->ledger->received_count, memory_order_relaxed);
    uint32_t lag = sending->released_events - received;
    if (lag > sending->lag_max) sending->lag_max = lag;
}

/* Steps whose time has come, then one write for each shard that they are of. */
static int64_t paced_turn(struct discord *discord) {
    struct sending *sending = &discord->sending;
    struct script *script = sending->script;
    int64_t now = now_ns() - sending->start_ns;
    sending->dirty_count = 0;
    for (; sending->next_step < script->steps_count; sending->next_step++) {
        const struct step *step = &script->steps[sending->next_step];
        if (step->due > now + SOON_NS) break;
        struct lane *lane = &script->lanes[step->shard];
        lane->due++;
        if (step->line != STEP_ACK) {
            sending->released_events++;
            histogram_add(&sending->late, now - step->due);
        }
        if (step->line == STEP_ACK || step->ack_ahead) lane->connection->ack_wanted = false;
        if (!lane->dirty) {
            lane->dirty = true;
            sending->dirty[sending->dirty_count++] = lane;
        }
    }
    for (uint32_t i = 0; i < sending->dirty_count; i++) {
        sending->dirty[i]->dirty = false;
        write_pieces(discord, sending->dirty[i], sending->dirty[i]->due);
    }
    watch_lag(sending);
    if (sending->next_step == script->steps_count) return -1;
    int64_t idle = script->steps[sending->next_step].due - (now_ns() - sending->start_ns);
    return idle < 0 ? 0 : idle;
}

/* A chunk for each shard that takes it. */
static int64_t burst_turn(struct discord *discord) {
    struct sending *sending = &discord->sending;
    struct script *script = sending->script;
    bool more = false;
    for (int shard = 0; shard < script->shards; shard++) {
        struct lane *lane = &script->lanes[shard];
        if (lane->dropped || lane->blocked || lane->sent == lane->pieces) continue;
        while (lane->due < lane->pieces && piece_end(lane, lane->due) <= lane->written + BURST_BYTES) {
            sending->released_events += lane->ends[lane->due++] & 1;
        }
        if (lane->due == lane->sent) sending->released_events += lane->ends[lane->due++] & 1;
        write_pieces(discord, lane, lane->due);
        more |= !lane->dropped && !lane->blocked && lane->sent < lane->pieces;
    }
    watch_lag(sending);
    return more ? 0 : -1;
}

int64_t sender_turn(struct discord *discord) {
    struct sending *sending = &discord->sending;
    if (sending->script == NULL || !sending->started) return -1;
    int64_t idle = sending->script->burst ? burst_turn(discord) : paced_turn(discord);
    if (sending->pieces_left == 0) {
        finish(discord);
        return -1;
    }
    return idle;
}
