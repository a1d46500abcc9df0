/* The receiver: an HTTP/1.1 server that answers 204 to everything, on a thread of its own. */
#ifndef BOT_H
#define BOT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "doorbell.h"
#include "histogram.h"
#include "phase.h"

/* Ledgers of phases that were not received whole are kept, so that what comes late is known. */
#define BOT_OLD_LEDGERS 16

struct client;

/* What came since the phase began. */
struct receipts {
    uint64_t requests, duplicates, unknown;
    int64_t last_ns; /* 0: nothing */
    struct histogram latency;
};

struct bot {
    uint16_t port;
    int epoll, listener; /* -1: down */
    struct doorbell bell;
    pthread_t thread;
    struct client *clients;
    struct ledger *ledger; /* of the phase; NULL before the first one */
    struct ledger *old[BOT_OLD_LEDGERS];
    struct receipts receipts;
    atomic_uint_fast64_t received; /* events of all phases, each once */
    _Atomic int64_t last_ns;       /* when the last of them came */
};

/* Listens, and starts the thread. */
void bot_start(struct bot *bot);

/* Run on the thread by its doorbell. */
struct bot_call {
    struct bot *bot;
    struct ledger *ledger; /* to begin with; it is the bot's from then on */
    struct receipts *receipts; /* where the copy goes */
    uint64_t given_up; /* events of a ledger that had to go: nobody waits for them any more */
    bool ok;
};
void bot_begin(void *bot_call);
void bot_report(void *bot_call);
void bot_down(void *bot_call);
void bot_up(void *bot_call);

#endif
