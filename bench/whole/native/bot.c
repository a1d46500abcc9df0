#include "bot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "buffer.h"
#include "clock.h"
#include "fail.h"
#include "http.h"
#include "net.h"

#define MAX_EVENTS 256
#define MAX_BODY (64 * 1024 * 1024)
#define READ_BYTES (256 * 1024)
#define MAX_ANSWERS 4096

#define NO_CONTENT "HTTP/1.1 204 No Content\r\n\r\n"
#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"
#define ELEMENT "{\"shardId\":"
#define SEQUENCE "\"s\":"

struct client {
    int fd; /* -1: closed; freed at the turn's end */
    bool closing, continued;
    size_t wanted; /* so much must be here before it is worth looking again */
    struct buffer in, out;
    struct client *next, *previous;
};

/* ---- which event is it? ---- */

static bool number(const char **at, const char *end, int64_t *value) {
    const char *digit = *at;
    while (digit < end && *digit == ' ') digit++;
    const char *first = digit;
    *value = 0;
    while (digit < end && *digit >= '0' && *digit <= '9' && digit - first < 18) *value = *value * 10 + (*digit++ - '0');
    *at = digit;
    return digit > first;
}

static bool received_in(struct bot *bot, struct ledger *ledger, int64_t shard, int64_t sequence, int64_t now) {
    if (shard >= ledger->shards) return false;
    int64_t nth = sequence - ledger->base[shard] - 1;
    if (nth < 0 || nth >= ledger->first[shard + 1] - ledger->first[shard]) return false;
    uint32_t event = ledger->first[shard] + (uint32_t)nth;
    int64_t sent = atomic_load_explicit(&ledger->sent_ns[event], memory_order_relaxed);
    if (sent == 0) return false;
    if (ledger->received[event]) {
        bot->receipts.duplicates++;
        return true;
    }
    ledger->received[event] = 1;
    atomic_fetch_add_explicit(&bot->received, 1, memory_order_relaxed);
    atomic_store_explicit(&bot->last_ns, now, memory_order_relaxed);
    atomic_fetch_add_explicit(&ledger->received_count, 1, memory_order_relaxed);
    if (ledger == bot->ledger) {
        bot->receipts.last_ns = now;
        histogram_add(&bot->receipts.latency, now - sent);
    }
    return true;
}

static void received(struct bot *bot, int64_t shard, int64_t sequence, int64_t now) {
    if (bot->ledger != NULL && received_in(bot, bot->ledger, shard, sequence, now)) return;
    for (int i = 0; i < BOT_OLD_LEDGERS; i++) {
        if (bot->old[i] != NULL && received_in(bot, bot->old[i], shard, sequence, now)) return;
    }
    bot->receipts.unknown++;
}

/*
 * An element begins with its shard's id. User text can't hold that sequence, for its quotes are escaped, and Discord's payloads
 * have no such key; so it is enough to look for it, and a body of one event is looked through no further than to its sequence
 * when no other can follow.
 */
static void read_events(struct bot *bot, const char *body, size_t length, int64_t now) {
    const char *end = body + length;
    bool many = length > 0 && body[0] == '[';
    const char *at = memmem(body, length, ELEMENT, sizeof ELEMENT - 1);
    if (at == NULL) bot->receipts.unknown++;
    while (at != NULL) {
        int64_t shard, sequence;
        at += sizeof ELEMENT - 1;
        if (!number(&at, end, &shard)) {
            bot->receipts.unknown++;
            return;
        }
        const char *found = memmem(at, (size_t)(end - at), SEQUENCE, sizeof SEQUENCE - 1);
        if (found != NULL) at = found + sizeof SEQUENCE - 1;
        if (found != NULL && number(&at, end, &sequence)) {
            received(bot, shard, sequence, now);
        } else {
            bot->receipts.unknown++;
        }
        /* NDJSON: a raw line end can't stand in a string, and no sender breaks lines elsewhere. */
        if (!many && memchr(at, '\n', (size_t)(end - at)) == NULL) return;
        at = memmem(at, (size_t)(end - at), ELEMENT, sizeof ELEMENT - 1);
    }
}

/* ---- connections ---- */

static void close_client(struct client *client) {
    if (client->fd < 0) return;
    close(client->fd);
    client->fd = -1;
}

static void sweep_closed(struct bot *bot) {
    for (struct client *client = bot->clients, *next; client != NULL; client = next) {
        next = client->next;
        if (client->fd >= 0) continue;
        if (client->previous != NULL) {
            client->previous->next = next;
        } else {
            bot->clients = next;
        }
        if (next != NULL) next->previous = client->previous;
        buffer_free(&client->in);
        buffer_free(&client->out);
        free(client);
    }
}

static void answer(struct bot *bot, struct client *client, const char *text, size_t length) {
    size_t sent = 0;
    if (buffer_length(&client->out) == 0) {
        ssize_t took = send(client->fd, text, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (took < 0 && errno != EAGAIN && errno != EINTR) {
            close_client(client);
            return;
        }
        if (took > 0) sent = (size_t)took;
    }
    if (sent == length) return;
    buffer_add(&client->out, text + sent, length - sent);
    /* A client that does not read its answers is not read either. */
    net_rewatch(bot->epoll, client->fd, EPOLLOUT, client);
}

static void answer_all(struct bot *bot, struct client *client, uint32_t count) {
    static const char one[] = NO_CONTENT;
    char text[64 * (sizeof one - 1)];
    while (count > 0 && client->fd >= 0) {
        uint32_t now = count < 64 ? count : 64;
        for (uint32_t i = 0; i < now; i++) memcpy(text + i * (sizeof one - 1), one, sizeof one - 1);
        answer(bot, client, text, now * (sizeof one - 1));
        count -= now;
    }
}

/* Reads whole requests, answers them all at once; returns how many bytes they were. */
static size_t serve(struct bot *bot, struct client *client, char *bytes, size_t length) {
    size_t at = 0;
    uint32_t answers = 0;
    int64_t now = now_ns();
    client->wanted = 0;
    while (at < length && !client->closing && answers < MAX_ANSWERS) {
        struct http_request request;
        char *body;
        size_t body_length, total = 0;
        int found = http_parse(bytes + at, length - at, &request);
        if (found == 1) {
            found = http_body(bytes + at, length - at, &request, MAX_BODY, &body, &body_length, &total);
            if (found == 0 && request.expects_continue && !client->continued) {
                client->continued = true;
                answer(bot, client, CONTINUE, sizeof CONTINUE - 1);
            }
        }
        if (found < 0) {
            bot->receipts.unknown++;
            close_client(client);
            return length;
        }
        if (found == 0) {
            client->wanted = total;
            break;
        }
        bot->receipts.requests++;
        client->continued = false;
        client->closing = request.close;
        read_events(bot, body, body_length, now);
        answers++;
        at += total;
    }
    answer_all(bot, client, answers);
    if (client->closing && buffer_length(&client->out) == 0) close_client(client);
    return at;
}

/* Most reads hold whole requests, and those are served where they were read to: `space` is all clients'. */
static void readable(struct bot *bot, struct client *client, char *space) {
    bool carried = buffer_length(&client->in) > 0;
    size_t room = READ_BYTES;
    char *to = space;
    if (carried) {
        if (client->wanted > buffer_length(&client->in) + room) room = client->wanted - buffer_length(&client->in);
        to = (char *)buffer_room(&client->in, room);
    }
    ssize_t got = recv(client->fd, to, room, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR)) close_client(client);
        return;
    }
    if (!carried) {
        size_t used = serve(bot, client, space, (size_t)got);
        if (client->fd >= 0) buffer_add(&client->in, space + used, (size_t)got - used);
        return;
    }
    client->in.end += (size_t)got;
    if (buffer_length(&client->in) < client->wanted) return;
    size_t used = serve(bot, client, (char *)buffer_bytes(&client->in), buffer_length(&client->in));
    buffer_drop(&client->in, used);
    /* One large body must not hold its memory for ever. */
    if (buffer_length(&client->in) == 0 && client->in.capacity > 4 * READ_BYTES) buffer_free(&client->in);
}

static void writable(struct bot *bot, struct client *client) {
    if (!net_flush(client->fd, &client->out)) {
        close_client(client);
    } else if (buffer_length(&client->out) == 0) {
        if (client->closing) {
            close_client(client);
        } else {
            net_rewatch(bot->epoll, client->fd, EPOLLIN, client);
        }
    }
}

static void accept_all(struct bot *bot) {
    int fd;
    while ((fd = net_accept(bot->listener)) >= 0) {
        struct client *client = must_alloc_zeroed(1, sizeof *client);
        client->fd = fd;
        client->next = bot->clients;
        if (bot->clients != NULL) bot->clients->previous = client;
        bot->clients = client;
        net_watch(bot->epoll, fd, EPOLLIN, client);
    }
}

static void *run(void *argument) {
    struct bot *bot = argument;
    struct epoll_event events[MAX_EVENTS];
    char *space = must_alloc(READ_BYTES);
    pthread_setname_np(pthread_self(), "bot");
    for (;;) {
        int count = epoll_wait(bot->epoll, events, MAX_EVENTS, -1);
        if (count < 0 && errno != EINTR) die("epoll_wait");
        bool closed = false;
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == &bot->bell) {
                doorbell_answer(&bot->bell);
                closed = true;
            } else if (events[i].data.ptr == &bot->listener) {
                accept_all(bot);
            } else {
                struct client *client = events[i].data.ptr;
                if (client->fd >= 0 && (events[i].events & EPOLLOUT) != 0) writable(bot, client);
                if (client->fd >= 0 && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) readable(bot, client, space);
                closed |= client->fd < 0;
            }
        }
        if (closed) sweep_closed(bot);
    }
}

static void listen_again(struct bot *bot) {
    bot->listener = net_listen(&bot->port);
    if (bot->listener >= 0) net_watch(bot->epoll, bot->listener, EPOLLIN, &bot->listener);
}

void bot_start(struct bot *bot) {
    bot->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (bot->epoll < 0) die("epoll");
    listen_again(bot);
    if (bot->listener < 0) die("no port to listen on");
    doorbell_init(&bot->bell);
    net_watch(bot->epoll, bot->bell.fd, EPOLLIN, &bot->bell);
    errno = pthread_create(&bot->thread, NULL, run, bot);
    if (errno != 0) die("no thread");
}

/* ---- calls ---- */

static bool whole(const struct ledger *ledger) {
    return atomic_load(&ledger->received_count) >= atomic_load(&ledger->sent);
}

void bot_begin(void *argument) {
    struct bot_call *call = argument;
    struct bot *bot = call->bot;
    /* The newest first; what is whole goes, and so does the oldest when there are too many. */
    struct ledger *kept[BOT_OLD_LEDGERS + 1] = {bot->ledger};
    memcpy(kept + 1, bot->old, sizeof bot->old);
    memset(bot->old, 0, sizeof bot->old);
    int count = 0;
    for (int i = 0; i <= BOT_OLD_LEDGERS; i++) {
        if (kept[i] == NULL) continue;
        if (!whole(kept[i]) && count < BOT_OLD_LEDGERS) {
            bot->old[count++] = kept[i];
        } else {
            call->given_up += atomic_load(&kept[i]->sent) - atomic_load(&kept[i]->received_count);
            ledger_free(kept[i]);
        }
    }
    bot->ledger = call->ledger;
    bot->receipts = (struct receipts){0};
}

void bot_report(void *argument) {
    struct bot_call *call = argument;
    *call->receipts = call->bot->receipts;
}

void bot_down(void *argument) {
    struct bot_call *call = argument;
    struct bot *bot = call->bot;
    if (bot->listener >= 0) close(bot->listener);
    bot->listener = -1;
    for (struct client *client = bot->clients; client != NULL; client = client->next) close_client(client);
    call->ok = true;
}

void bot_up(void *argument) {
    struct bot_call *call = argument;
    if (call->bot->listener < 0) listen_again(call->bot);
    call->ok = call->bot->listener >= 0;
}
