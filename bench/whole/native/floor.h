/* The least that a program can do between Discord and a bot: undo the compression, write the POST. One thread owns all of it. */
#ifndef FLOOR_H
#define FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

enum transport { TRANSPORT_NONE, TRANSPORT_ZLIB, TRANSPORT_ZSTD };

/* http://HOST:PORT/PATH, the host an IPv4 address. */
struct address {
    char host[64];
    uint16_t port;
    char path[256];
};

/* What epoll's tag points to: the first member of whatever is watched. */
enum watched { WATCHED_SHARD, WATCHED_POSTER };

/* ---- posts.c: requests in a queue, and the connections that take them ---- */

struct posts;

/* `in_flight` requests at most on each connection. */
struct posts *posts_new(int epoll, const struct address *url, int connections, int in_flight);

/* A request's head and the beginning of its body for a shard; posts_begin copies it. */
struct buffer posts_template(const struct posts *posts, int shard);

/* Begins a request at the queue's end; the payload is written behind it (posts_room), then the request is sent off or given up. */
void posts_begin(struct posts *posts, const struct buffer *template);
uint8_t *posts_room(struct posts *posts, size_t bytes);
void posts_wrote(struct posts *posts, size_t bytes);
/* The payload so far. */
const char *posts_payload(const struct posts *posts, size_t *length);
void posts_end(struct posts *posts);
void posts_give_up(struct posts *posts);

/* Sends what connections are free for. */
void posts_send(struct posts *posts);
void posts_happened(struct posts *posts, void *tag, uint32_t events);
size_t posts_waiting_bytes(const struct posts *posts);

/* ---- shards.c: the gateway's clients ---- */

struct shards;

struct shards *shards_new(int epoll, struct posts *posts, const struct address *gateway, int count, enum transport transport,
                          bool send_at_once);
void shards_happened(struct shards *shards, void *tag, uint32_t events);
/* Heartbeats that are due. */
void shards_beat(struct shards *shards, int64_t now);
/* Whether they are read. */
void shards_pause(struct shards *shards, bool pause);
bool shards_paused(const struct shards *shards);

#endif
