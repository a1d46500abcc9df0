/* The events to send, and the guilds that they happen in. Immutable once loaded. */
#ifndef CORPUS_H
#define CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

#define GUILD_DIGITS 19

/* Stands in the file where a guild's id goes. */
#define GUILD_STAND_IN "1234567890123456789"

struct line {
    char *text;
    uint32_t length;
    uint32_t sequence_at; /* where the digits of "s" are, */
    uint32_t sequence_length;
    uint32_t *guilds_at; /* where a guild's id goes, ascending */
    uint32_t guilds;
};

struct corpus {
    struct line *lines;
    uint32_t count;
    size_t average; /* bytes */
};

/* At most 65,535 lines like {"t":"MESSAGE_CREATE","s":0,"op":0,"d":{..}}; ends the program when the file is not so. */
struct corpus corpus_load(const char *path);
void corpus_free(struct corpus *corpus);

/* A line of no guild goes to shard 0. */
static inline bool line_outside(const struct line *line) {
    return line->guilds == 0;
}

/* The line as an event of this guild with this sequence, in place of what is in `out`. */
void line_write(const struct line *line, int64_t sequence, uint64_t guild, struct buffer *out);

/* The id, of 19 digits, of a shard's guild: (id >> 22) % shards is the shard. */
uint64_t guild_id(int shard, int shards, int guild);

#endif
