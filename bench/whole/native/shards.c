#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <zlib.h>
#include <zstd.h>

#include "clock.h"
#include "fail.h"
#include "floor.h"
#include "json.h"
#include "net.h"
#include "websocket.h"

#define READ_BYTES (64 * 1024)
#define MAX_MESSAGE (64 * 1024 * 1024)

struct shard {
    enum watched watched;
    int fd, id;
    bool asked, upgraded, ready;
    struct buffer in; /* of a frame that is not all here */
    struct buffer template;
    z_stream zlib;
    ZSTD_DCtx *zstd;
    int64_t sequence; /* -1: none */
    int64_t interval_ns, next_beat_ns;
};

struct shards {
    int epoll, count, ready;
    bool paused, send_at_once;
    enum transport transport;
    struct posts *posts;
    struct address gateway;
    struct shard *all;
    char space[READ_BYTES];
};

struct shards *shards_new(int epoll, struct posts *posts, const struct address *gateway, int count, enum transport transport,
                          bool send_at_once) {
    struct shards *shards = must_alloc_zeroed(1, sizeof *shards);
    shards->epoll = epoll;
    shards->posts = posts;
    shards->gateway = *gateway;
    shards->count = count;
    shards->transport = transport;
    shards->send_at_once = send_at_once;
    shards->all = must_alloc_zeroed((size_t)count, sizeof *shards->all);
    for (int i = 0; i < count; i++) {
        struct shard *shard = &shards->all[i];
        shard->watched = WATCHED_SHARD;
        shard->id = i;
        shard->sequence = -1;
        shard->next_beat_ns = INT64_MAX;
        shard->template = posts_template(posts, i);
        errno = 0;
        if (transport == TRANSPORT_ZLIB && inflateInit(&shard->zlib) != Z_OK) die("zlib: no context");
        if (transport == TRANSPORT_ZSTD && (shard->zstd = ZSTD_createDCtx()) == NULL) die("zstd: no context");
        shard->fd = net_connect(gateway->host, gateway->port);
        if (shard->fd < 0) die("%s:%d", gateway->host, gateway->port);
        net_watch(epoll, shard->fd, EPOLLOUT, shard);
    }
    return shards;
}

/* Short, and rare: what the socket does not take at once is an error. */
static void send_all(struct shard *shard, const void *bytes, size_t length) {
    if (send(shard->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)length) die("shard %d: can't send", shard->id);
}

static void say(struct shard *shard, int opcode, const char *text, size_t length) {
    uint8_t frame[WS_MAX_HEAD + 512];
    /* A mask of zeros is a valid one, and this peer is no proxy to be protected. */
    size_t head = ws_head(frame, opcode, length, (const uint8_t[4]){0});
    if (length > sizeof frame - head) die("shard %d: a message of %zu bytes", shard->id, length);
    memcpy(frame + head, text, length);
    send_all(shard, frame, head + length);
}

static void ask_for_upgrade(struct shards *shards, struct shard *shard) {
    static const char *const query[] = {"", "&compress=zlib-stream", "&compress=zstd-stream"};
    struct buffer request = {0};
    buffer_print(&request,
                 "GET /?v=10&encoding=json%s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                 query[shards->transport], shards->gateway.host, shards->gateway.port);
    send_all(shard, buffer_bytes(&request), buffer_length(&request));
    buffer_free(&request);
    shard->asked = true;
    net_rewatch(shards->epoll, shard->fd, EPOLLIN, shard);
}

/* ---- messages ---- */

static void identify(const struct shards *shards, struct shard *shard) {
    char text[256];
    int length = snprintf(text, sizeof text,
                          "{\"op\":2,\"d\":{\"token\":\"floor\",\"intents\":513,\"properties\":{\"os\":\"linux\",\"browser\":"
                          "\"floor\",\"device\":\"floor\"},\"shard\":[%d,%d]}}",
                          shard->id, shards->count);
    say(shard, WS_TEXT, text, (size_t)length);
}

static void beat(struct shard *shard) {
    char text[64];
    int length = shard->sequence < 0 ? snprintf(text, sizeof text, "{\"op\":1,\"d\":null}")
                                     : snprintf(text, sizeof text, "{\"op\":1,\"d\":%lld}", (long long)shard->sequence);
    say(shard, WS_TEXT, text, (size_t)length);
    shard->next_beat_ns = now_ns() + shard->interval_ns;
}

static void no_dispatch(struct shards *shards, struct shard *shard, struct json message) {
    struct json op, data, interval;
    int64_t code = json_member(message, "op", &op) ? json_number(op, -1) : -1;
    if (code == 10 && json_member(message, "d", &data) && json_member(data, "heartbeat_interval", &interval)) {
        shard->interval_ns = json_number(interval, 41250) * 1000000;
        shard->next_beat_ns = now_ns() + shard->interval_ns / (1 + rand() % 10);
        identify(shards, shard);
    } else if (code == 1) {
        beat(shard);
    } else if (code != 11) {
        errno = 0;
        die("shard %d: %.*s", shard->id, (int)(message.length < 200 ? message.length : 200), message.text);
    }
}

/* {"t":"NAME","s":N,.. as Discord sends it: no more of it need be looked at. */
static int64_t sequence_of(const char *text, size_t length) {
    static const char before[] = "\",\"s\":";
    const char *end = length > 64 ? memmem(text, 64, before, sizeof before - 1) : NULL;
    if (end == NULL) return -1;
    int64_t sequence = 0;
    for (end += sizeof before - 1; *end >= '0' && *end <= '9'; end++) sequence = sequence * 10 + (*end - '0');
    return sequence;
}

/* The payload stands at the end of the queue already. */
static void message(struct shards *shards, struct shard *shard) {
    size_t length;
    const char *text = posts_payload(shards->posts, &length);
    int64_t sequence = length > 6 && memcmp(text, "{\"t\":\"", 6) == 0 ? sequence_of(text, length) : -1;
    if (sequence < 0) {
        no_dispatch(shards, shard, (struct json){text, length});
        posts_give_up(shards->posts);
        return;
    }
    shard->sequence = sequence;
    if (!shard->ready && memcmp(text + 6, "READY\"", 6) == 0) {
        shard->ready = true;
        if (++shards->ready == shards->count) puts("ready");
    }
    posts_end(shards->posts);
    if (shards->send_at_once) posts_send(shards->posts);
}

static void unzlib(struct shards *shards, struct shard *shard, uint8_t *bytes, size_t length) {
    shard->zlib.next_in = bytes;
    shard->zlib.avail_in = (uInt)length;
    size_t room = length * 8 + 1024;
    do {
        shard->zlib.next_out = posts_room(shards->posts, room);
        shard->zlib.avail_out = (uInt)room;
        int result = inflate(&shard->zlib, Z_SYNC_FLUSH);
        if (result != Z_OK && result != Z_BUF_ERROR) die("shard %d: zlib: %s", shard->id, shard->zlib.msg);
        posts_wrote(shards->posts, room - shard->zlib.avail_out);
    } while (shard->zlib.avail_out == 0);
}

static void unzstd(struct shards *shards, struct shard *shard, const uint8_t *bytes, size_t length) {
    ZSTD_inBuffer in = {bytes, length, 0};
    ZSTD_outBuffer out;
    do {
        size_t room = length * 8 + 1024;
        out = (ZSTD_outBuffer){posts_room(shards->posts, room), room, 0};
        size_t result = ZSTD_decompressStream(shard->zstd, &out, &in);
        if (ZSTD_isError(result)) die("shard %d: zstd: %s", shard->id, ZSTD_getErrorName(result));
        posts_wrote(shards->posts, out.pos);
    } while (in.pos < in.size || out.pos == out.size);
}

static void frame(struct shards *shards, struct shard *shard, const struct ws_frame *frame) {
    errno = 0;
    if (frame->opcode == WS_PING) {
        say(shard, WS_PONG, (const char *)frame->payload, frame->length);
        return;
    }
    if (frame->opcode != WS_TEXT && frame->opcode != WS_BINARY) die("shard %d was closed", shard->id);
    if (!frame->fin) die("shard %d: a message of several frames, which Discord does not send", shard->id);
    posts_begin(shards->posts, &shard->template);
    if (shards->transport == TRANSPORT_ZLIB) {
        unzlib(shards, shard, frame->payload, frame->length);
    } else if (shards->transport == TRANSPORT_ZSTD) {
        unzstd(shards, shard, frame->payload, frame->length);
    } else {
        memcpy(posts_room(shards->posts, frame->length), frame->payload, frame->length);
        posts_wrote(shards->posts, frame->length);
    }
    message(shards, shard);
}

/* Whole frames, and the answer to the upgrade before them; returns the bytes that they were. */
static size_t take(struct shards *shards, struct shard *shard, uint8_t *bytes, size_t length) {
    size_t at = 0;
    if (!shard->upgraded) {
        const char *end = memmem(bytes, length, "\r\n\r\n", 4);
        if (end == NULL) return 0;
        errno = 0;
        if (length < 12 || memcmp(bytes + 9, "101", 3) != 0) die("shard %d: no upgrade to WebSocket", shard->id);
        shard->upgraded = true;
        at = (size_t)((uint8_t *)end - bytes) + 4;
    }
    while (at < length) {
        struct ws_frame got;
        int found = ws_parse(bytes + at, length - at, MAX_MESSAGE, &got);
        if (found < 0) die("shard %d: no WebSocket frame", shard->id);
        if (found == 0) break;
        frame(shards, shard, &got);
        at += got.total;
    }
    return at;
}

static void readable(struct shards *shards, struct shard *shard) {
    bool carried = buffer_length(&shard->in) > 0;
    uint8_t *to = carried ? buffer_room(&shard->in, READ_BYTES) : (uint8_t *)shards->space;
    ssize_t got = recv(shard->fd, to, READ_BYTES, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) die("shard %d: the connection ended", shard->id);
    if (carried) {
        shard->in.end += (size_t)got;
        buffer_drop(&shard->in, take(shards, shard, buffer_bytes(&shard->in), buffer_length(&shard->in)));
    } else {
        size_t used = take(shards, shard, to, (size_t)got);
        buffer_add(&shard->in, to + used, (size_t)got - used);
    }
}

void shards_happened(struct shards *shards, void *tag, uint32_t events) {
    struct shard *shard = tag;
    if (!shard->asked) {
        if ((events & (EPOLLERR | EPOLLHUP)) != 0) die("shard %d: no connection", shard->id);
        ask_for_upgrade(shards, shard);
    } else {
        readable(shards, shard);
    }
}

void shards_beat(struct shards *shards, int64_t now) {
    for (int i = 0; i < shards->count; i++) {
        if (shards->all[i].next_beat_ns <= now) beat(&shards->all[i]);
    }
}

void shards_pause(struct shards *shards, bool pause) {
    shards->paused = pause;
    for (int i = 0; i < shards->count; i++) {
        struct shard *shard = &shards->all[i];
        if (shard->asked) net_rewatch(shards->epoll, shard->fd, pause ? 0 : EPOLLIN, shard);
    }
}

bool shards_paused(const struct shards *shards) {
    return shards->paused;
}
