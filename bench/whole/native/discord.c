/* The thread's loop, its connections, HTTP and WebSocket. */
#include "discord.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "http.h"
#include "net.h"
#include "websocket.h"

#define MAX_EVENTS 256
#define MAX_MESSAGE (64 * 1024)
#define READ_BYTES (16 * 1024)
#define LONGEST_SLEEP_NS NS_PER_SECOND

static void link_into(struct connection **list, struct connection *connection) {
    connection->previous = NULL;
    connection->next = *list;
    if (*list != NULL) (*list)->previous = connection;
    *list = connection;
}

static void unlink_from(struct connection **list, struct connection *connection) {
    if (connection->previous != NULL) {
        connection->previous->next = connection->next;
    } else {
        *list = connection->next;
    }
    if (connection->next != NULL) connection->next->previous = connection->previous;
}

void connection_close(struct discord *discord, struct connection *connection) {
    if (connection->fd < 0) return;
    close(connection->fd);
    connection->fd = -1;
    if (connection->session != NULL) {
        connection->session->connection = NULL;
        atomic_fetch_sub(&discord->ready, 1);
        atomic_fetch_add(&discord->lost, 1);
    }
    if (connection->lane != NULL) sender_lost(discord, connection);
    unlink_from(&discord->open, connection);
    link_into(&discord->closed, connection);
}

static void sweep_closed(struct discord *discord) {
    for (struct connection *connection = discord->closed, *next; connection != NULL; connection = next) {
        next = connection->next;
        if (connection->lane != NULL) continue;
        unlink_from(&discord->closed, connection);
        compressor_free(connection->compressor);
        buffer_free(&connection->in);
        buffer_free(&connection->out);
        buffer_free(&connection->message);
        free(connection);
    }
}

void connection_flush(struct discord *discord, struct connection *connection) {
    if (connection->fd < 0) return;
    if (!net_flush(connection->fd, &connection->out)) {
        connection_close(discord, connection);
        return;
    }
    bool waits = buffer_length(&connection->out) > 0;
    if (!waits && connection->closing) {
        connection_close(discord, connection);
        return;
    }
    bool blocked = connection->lane != NULL && connection->lane->blocked;
    uint32_t wanted = EPOLLIN | (waits || blocked ? EPOLLOUT : 0);
    if (wanted != connection->interest) {
        connection->interest = wanted;
        net_rewatch(discord->epoll, connection->fd, wanted, connection);
    }
}

/* ---- REST ---- */

static void answer(struct connection *connection, const char *status, const struct buffer *body) {
    buffer_print(&connection->out, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", status,
                 buffer_length(body));
    buffer_add(&connection->out, buffer_bytes(body), buffer_length(body));
}

/* The path without query, "/api" and "/v10". */
static size_t route(const struct http_request *request, const char **path) {
    const char *at = request->target, *end = at + request->target_length;
    const char *query = memchr(at, '?', request->target_length);
    if (query != NULL) end = query;
    if (end - at >= 4 && memcmp(at, "/api", 4) == 0) at += 4;
    if (end - at >= 3 && at[0] == '/' && at[1] == 'v' && at[2] >= '0' && at[2] <= '9') {
        for (at += 2; at < end && *at >= '0' && *at <= '9';) at++;
    }
    *path = at;
    return (size_t)(end - at);
}

static void rest(struct discord *discord, struct connection *connection, const struct http_request *request) {
    const char *path;
    size_t length = route(request, &path);
    struct buffer *body = &discord->text;
#define IS(text) (length == sizeof text - 1 && memcmp(path, text, length) == 0)
    const char *status = "200 OK";
    if (request->get && IS("/gateway")) {
        body->start = body->end = 0;
        buffer_print(body, "{\"url\":\"%s\"}", discord->gateway_url);
    } else if (request->get && IS("/gateway/bot")) {
        body->start = body->end = 0;
        /* As Discord does: what is enough for a bot of that size. */
        int starts = discord->settings.shards <= 500 ? 1000 : 2 * discord->settings.shards;
        buffer_print(body,
                     "{\"url\":\"%s\",\"shards\":%d,\"session_start_limit\":{\"total\":%d,\"remaining\":%d,"
                     "\"reset_after\":86400000,\"max_concurrency\":%d}}",
                     discord->gateway_url, discord->settings.shards, starts, starts, discord->settings.max_concurrency);
    } else if (request->get && IS("/users/@me")) {
        payload_user(body);
    } else if (request->get && (IS("/applications/@me") || IS("/oauth2/applications/@me"))) {
        payload_application(body);
    } else {
        status = "404 Not Found";
        body->start = body->end = 0;
        buffer_print(body, "{\"message\":\"404: Not Found\",\"code\":0}");
    }
#undef IS
    answer(connection, status, body);
    if (request->close) connection->closing = true;
}

/* ---- WebSocket ---- */

static bool asks_for(const struct http_request *request, const char *parameter) {
    return memmem(request->target, request->target_length, parameter, strlen(parameter)) != NULL;
}

static void upgrade(struct discord *discord, struct connection *connection, const struct http_request *request) {
    char accept[WS_ACCEPT_CHARS + 1];
    ws_accept(request->websocket_key, request->websocket_key_length, accept);
    buffer_print(&connection->out,
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Accept: %s\r\n\r\n",
                 accept);
    enum compression kind = asks_for(request, "compress=zlib-stream")   ? COMPRESSION_ZLIB
                            : asks_for(request, "compress=zstd-stream") ? COMPRESSION_ZSTD
                                                                        : COMPRESSION_NONE;
    connection->compressor = compressor_new(kind, discord->settings.level);
    connection->websocket = true;
    gateway_opened(discord, connection);
}

/* Control frames are not compressed, so they may stand between the messages of a phase, but not inside of one. */
static void control(struct discord *discord, struct connection *connection, int opcode, const uint8_t *payload, size_t length) {
    if (connection->lane != NULL && connection->lane->blocked) return;
    uint8_t head[WS_MAX_HEAD];
    buffer_add(&connection->out, head, ws_head(head, opcode, length, NULL));
    buffer_add(&connection->out, payload, length);
    connection_flush(discord, connection);
}

static void frame(struct discord *discord, struct connection *connection, const struct ws_frame *frame) {
    switch (frame->opcode) {
    case WS_TEXT:
    case WS_BINARY:
    case WS_CONTINUATION:
        if (frame->fin && buffer_length(&connection->message) == 0) {
            gateway_message(discord, connection, (const char *)frame->payload, frame->length);
            return;
        }
        if (buffer_length(&connection->message) + frame->length > MAX_MESSAGE) {
            connection_close(discord, connection);
            return;
        }
        buffer_add(&connection->message, frame->payload, frame->length);
        if (frame->fin) {
            gateway_message(discord, connection, (const char *)buffer_bytes(&connection->message),
                            buffer_length(&connection->message));
            buffer_drop(&connection->message, buffer_length(&connection->message));
        }
        return;
    case WS_PING:
        control(discord, connection, WS_PONG, frame->payload, frame->length);
        return;
    case WS_CLOSE:
        connection->closing = true;
        control(discord, connection, WS_CLOSE, frame->payload, frame->length < 2 ? 0 : 2);
        connection_close(discord, connection);
        return;
    default:
        return;
    }
}

/* One request or frame off the input. False: more is needed, or the connection is gone. */
static bool step_input(struct discord *discord, struct connection *connection) {
    uint8_t *bytes = buffer_bytes(&connection->in);
    size_t available = buffer_length(&connection->in);
    if (available == 0 || connection->fd < 0) return false;
    if (connection->websocket) {
        struct ws_frame got;
        int found = ws_parse(bytes, available, MAX_MESSAGE, &got);
        if (found == 1) {
            frame(discord, connection, &got);
            buffer_drop(&connection->in, got.total);
        } else if (found < 0) {
            connection_close(discord, connection);
        }
        return found == 1;
    }
    struct http_request request;
    char *body;
    size_t length, total = 0;
    int found = http_parse((const char *)bytes, available, &request);
    if (found == 1) found = http_body((char *)bytes, available, &request, MAX_MESSAGE, &body, &length, &total);
    if (found == 1) {
        if (request.websocket_key != NULL) {
            upgrade(discord, connection, &request);
        } else {
            rest(discord, connection, &request);
            connection_flush(discord, connection);
        }
        buffer_drop(&connection->in, total);
    } else if (found < 0) {
        connection_close(discord, connection);
    }
    return found == 1;
}

static void readable(struct discord *discord, struct connection *connection) {
    uint8_t *room = buffer_room(&connection->in, READ_BYTES);
    ssize_t got = recv(connection->fd, room, READ_BYTES, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR)) connection_close(discord, connection);
        return;
    }
    connection->in.end += (size_t)got;
    while (step_input(discord, connection)) {
    }
}

/* ---- the loop ---- */

static void accept_all(struct discord *discord) {
    int fd;
    while ((fd = net_accept(discord->listener)) >= 0) {
        struct connection *connection = must_alloc_zeroed(1, sizeof *connection);
        connection->fd = fd;
        connection->interest = EPOLLIN;
        link_into(&discord->open, connection);
        net_watch(discord->epoll, fd, EPOLLIN, connection);
    }
}

static void happened(struct discord *discord, const struct epoll_event *event) {
    if (event->data.ptr == &discord->bell) {
        doorbell_answer(&discord->bell);
    } else if (event->data.ptr == &discord->listener) {
        accept_all(discord);
    } else {
        struct connection *connection = event->data.ptr;
        if (connection->fd >= 0 && (event->events & EPOLLOUT) != 0) {
            connection_flush(discord, connection);
            if (connection->lane != NULL) sender_writable(discord, connection);
        }
        if (connection->fd >= 0 && (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) readable(discord, connection);
    }
}

static void *run(void *argument) {
    struct discord *discord = argument;
    struct epoll_event events[MAX_EVENTS];
    /* Otherwise each sleep may be 50 us longer than asked for. */
    prctl(PR_SET_TIMERSLACK, 1UL, 0, 0, 0);
    pthread_setname_np(pthread_self(), "discord");
    for (;;) {
        int64_t idle = sender_turn(discord);
        struct timespec sleep = to_timespec(idle < 0 || idle > LONGEST_SLEEP_NS ? LONGEST_SLEEP_NS : idle);
        int count = epoll_pwait2(discord->epoll, events, MAX_EVENTS, &sleep, NULL);
        if (count < 0 && errno != EINTR) die("epoll_pwait2");
        for (int i = 0; i < count; i++) happened(discord, &events[i]);
        if (discord->closed != NULL) sweep_closed(discord);
    }
}

void discord_start(struct discord *discord, const struct discord_settings *settings) {
    discord->settings = *settings;
    discord->sessions = must_alloc_zeroed((size_t)settings->shards, sizeof *discord->sessions);
    for (int shard = 0; shard < settings->shards; shard++) discord->sessions[shard].shard = shard;
    discord->listener = net_listen(&discord->port);
    if (discord->listener < 0) die("no port to listen on");
    snprintf(discord->gateway_url, sizeof discord->gateway_url, "ws://127.0.0.1:%d", discord->port);
    doorbell_init(&discord->bell);
    discord->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (discord->epoll < 0) die("epoll");
    net_watch(discord->epoll, discord->bell.fd, EPOLLIN, &discord->bell);
    net_watch(discord->epoll, discord->listener, EPOLLIN, &discord->listener);
    errno = pthread_create(&discord->thread, NULL, run, discord);
    if (errno != 0) die("no thread");
}
