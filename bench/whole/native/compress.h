/* Discord's transport compression, the sending side: one context for each connection. */
#ifndef COMPRESS_H
#define COMPRESS_H

#include <stddef.h>

#include "buffer.h"

enum compression { COMPRESSION_NONE, COMPRESSION_ZLIB, COMPRESSION_ZSTD };

struct compressor;

/* `level` is zlib's; zstd has the parameters that compress.c says. */
struct compressor *compressor_new(enum compression kind, int level);
void compressor_free(struct compressor *compressor);

/* Appends one message as one WebSocket frame. */
void compressor_frame(struct compressor *compressor, const uint8_t *text, size_t length, struct buffer *out);

#endif
