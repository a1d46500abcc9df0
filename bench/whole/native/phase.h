/*
 * A phase: a plan of what is sent when, the encoded bytes of it (script), and the books about what was sent and received
 * (ledger). The script is gone when all is sent; the ledger stays until all is received.
 */
#ifndef PHASE_H
#define PHASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "corpus.h"

#define PHASE_MAX_EVENTS 5000000

struct connection;

struct ledger {
    int shards;
    uint32_t events;
    uint32_t *first; /* by shard: where its events begin below; one more at the end */
    int64_t *base;   /* by shard: its last sequence before the phase */
    _Atomic int64_t *sent_ns; /* by event: when it was handed to write(); 0: not yet */
    uint8_t *received;        /* by event; the receiver's */
    atomic_uint_fast32_t sent;
    atomic_uint_fast32_t received_count;
};

/* The line of a step that is a heartbeat's ack alone. */
#define STEP_ACK 0xffff

struct step {
    int64_t due; /* ns from the start */
    uint32_t shard;
    uint16_t line;
    uint16_t guild : 15;
    uint16_t ack_ahead : 1;
};

/* A piece is what becomes due at once: an event, with an ack ahead of it or without, or an ack alone. */
struct lane {
    struct connection *connection; /* which it was when the phase began, open or not */
    struct buffer bytes;
    size_t *ends;            /* by piece: where it ends in `bytes`, times two, plus one if it holds an event */
    _Atomic int64_t *sent_ns; /* of its events */
    uint32_t pieces, due, sent, events_sent;
    size_t written;
    bool blocked, dirty, dropped;
};

struct script {
    const struct corpus *corpus;
    int shards;
    bool burst;
    uint32_t steps_count;
    struct step *steps; /* by time */
    uint32_t *order;    /* the steps by shard, and by time within one */
    uint32_t *order_first;
    size_t *ends;
    struct lane *lanes;
    struct ledger *ledger;
    atomic_int next_lane; /* to be encoded */
};

struct arrivals {
    bool burst;
    double rate;    /* a second */
    double seconds;
    uint32_t count; /* of a burst */
};

/* The same arrivals give the same plan. */
struct script *script_plan(const struct arrivals *arrivals, const struct corpus *corpus, int shards, int guilds);

/* Encodes every lane, on all processors. Each lane has its connection by now, and the ledger the shards' last sequences. */
void script_encode(struct script *script);

/* All but the ledger. */
void script_free(struct script *script);

void ledger_free(struct ledger *ledger);

#endif
