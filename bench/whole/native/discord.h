/* The fake Discord: REST and gateway on one port, on a thread of its own, which owns all of this but the atomics. */
#ifndef DISCORD_H
#define DISCORD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "compress.h"
#include "corpus.h"
#include "doorbell.h"
#include "histogram.h"
#include "payloads.h"
#include "phase.h"

struct connection {
    int fd; /* -1: closed, and kept only because a lane or the turn's events still name it */
    uint32_t interest;
    bool websocket, closing, ack_wanted;
    struct buffer in, out, message; /* a message of several frames is put together in the last one */
    struct compressor *compressor;
    struct session *session; /* NULL: it has not identified */
    struct lane *lane;       /* not NULL: it is in a phase, and only the sender writes */
    struct connection *next, *previous;
};

struct session {
    int shard;
    char id[SESSION_ID_CHARS + 1];
    int64_t sequence;
    struct connection *connection;
};

struct discord_settings {
    int shards, max_concurrency, level;
    int guilds; /* of each shard */
    const struct corpus *corpus;
    const struct corpus *guild_bodies; /* NULL: small ones of our own */
};

/* What a phase's sending was like. */
struct sending {
    struct script *script; /* NULL: no phase */
    bool started;
    int64_t start_ns, first_ns;
    uint32_t next_step, pieces_left;
    uint32_t released_events;
    uint32_t lag_max, lag_end;
    struct histogram late; /* from the planned time to write() */
    struct lane **dirty;
    uint32_t dirty_count, cursor;
    atomic_bool done;
};

struct discord {
    struct discord_settings settings;
    uint16_t port;
    char gateway_url[64];
    int epoll, listener;
    struct doorbell bell;
    pthread_t thread;
    struct session *sessions;
    struct connection *open, *closed;
    uint64_t random;
    struct buffer text; /* of the payload that is made just now */
    struct sending sending;
    atomic_int ready; /* shards */
    atomic_uint lost; /* connections of ready shards, closed by whom ever */
};

/* Listens, and starts the thread. */
void discord_start(struct discord *discord, const struct discord_settings *settings);

/* Closes the socket; the memory goes at the turn's end, or the phase's. */
void connection_close(struct discord *discord, struct connection *connection);

/* Sends what waits, and watches for room where there is none. */
void connection_flush(struct discord *discord, struct connection *connection);

/* session.c: a gateway connection was opened; a message came. */
void gateway_opened(struct discord *discord, struct connection *connection);
void gateway_message(struct discord *discord, struct connection *connection, const char *text, size_t length);
void gateway_ack(struct discord *discord, struct connection *connection);

/* sender.c. Those with a sender_call run on the thread, by its doorbell. */
struct sender_call {
    struct discord *discord;
    struct script *script;
    bool ok;
};
/* Takes the ready shards' connections into lanes: from now on nothing but the script is sent on them. */
void sender_prepare(void *sender_call);
void sender_start(void *sender_call);
/* Ends a phase whose client does not read: its connections are cut. */
void sender_abort(void *sender_call);
/* What is due is sent; returns for how many ns nothing is, -1: for ever. */
int64_t sender_turn(struct discord *discord);
void sender_writable(struct discord *discord, struct connection *connection);
void sender_lost(struct discord *discord, struct connection *connection);

#endif
