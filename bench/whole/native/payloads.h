/* What the fake Discord says itself, complete enough for the libraries that are measured. Each call replaces what is in `out`. */
#ifndef PAYLOADS_H
#define PAYLOADS_H

#include <stdint.h>

#include "buffer.h"

#define APPLICATION_ID "1000000000000000001"
#define HEARTBEAT_MILLIS 41250
#define SESSION_ID_CHARS 32
#define ACK "{\"t\":null,\"s\":null,\"op\":11,\"d\":null}"

void payload_hello(struct buffer *out);
void payload_invalid_session(struct buffer *out);
void payload_resumed(struct buffer *out, int64_t sequence);
void payload_ready(struct buffer *out, int64_t sequence, const char *session_id, const char *gateway_url, int shard, int shards,
                   int guilds);
void payload_guild(struct buffer *out, int64_t sequence, uint64_t id);

/* REST. */
void payload_user(struct buffer *out);
void payload_application(struct buffer *out);

#endif
