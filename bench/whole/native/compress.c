#include "compress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "fail.h"
#include "websocket.h"

/*
 * A window of 256 KB: contexts of a thousand shards stay small, and an event of the file rarely finds itself in it. The
 * library's own choice for the level, 2 MB, would hold half of the file, and compress far better than real events allow.
 */
#define ZSTD_LEVEL 6
#define ZSTD_WINDOW_LOG 18
#define ZSTD_HASH_LOG 17
#define ZSTD_CHAIN_LOG 16

struct compressor {
    enum compression kind;
    z_stream zlib;
    ZSTD_CCtx *zstd;
};

static void zstd_set(ZSTD_CCtx *context, ZSTD_cParameter parameter, int value) {
    errno = 0;
    size_t result = ZSTD_CCtx_setParameter(context, parameter, value);
    if (ZSTD_isError(result)) die("zstd: %s", ZSTD_getErrorName(result));
}

struct compressor *compressor_new(enum compression kind, int level) {
    struct compressor *compressor = must_alloc_zeroed(1, sizeof *compressor);
    compressor->kind = kind;
    errno = 0;
    if (kind == COMPRESSION_ZLIB && deflateInit(&compressor->zlib, level) != Z_OK) die("zlib: no context");
    if (kind == COMPRESSION_ZSTD) {
        compressor->zstd = ZSTD_createCCtx();
        if (compressor->zstd == NULL) die("zstd: no context");
        zstd_set(compressor->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
        zstd_set(compressor->zstd, ZSTD_c_windowLog, ZSTD_WINDOW_LOG);
        zstd_set(compressor->zstd, ZSTD_c_hashLog, ZSTD_HASH_LOG);
        zstd_set(compressor->zstd, ZSTD_c_chainLog, ZSTD_CHAIN_LOG);
    }
    return compressor;
}

void compressor_free(struct compressor *compressor) {
    if (compressor == NULL) return;
    if (compressor->kind == COMPRESSION_ZLIB) deflateEnd(&compressor->zlib);
    ZSTD_freeCCtx(compressor->zstd);
    free(compressor);
}

static void deflated(z_stream *zlib, const uint8_t *text, size_t length, struct buffer *out) {
    zlib->next_in = (Bytef *)text;
    zlib->avail_in = (uInt)length;
    do {
        size_t room = length + 64;
        zlib->next_out = buffer_room(out, room);
        zlib->avail_out = (uInt)room;
        if (deflate(zlib, Z_SYNC_FLUSH) == Z_STREAM_ERROR) die("zlib: the stream is broken");
        out->end += room - zlib->avail_out;
    } while (zlib->avail_out == 0);
}

static void zstandard(ZSTD_CCtx *context, const uint8_t *text, size_t length, struct buffer *out) {
    ZSTD_inBuffer in = {text, length, 0};
    size_t left;
    do {
        size_t room = length + 64;
        ZSTD_outBuffer to = {buffer_room(out, room), room, 0};
        left = ZSTD_compressStream2(context, &to, &in, ZSTD_e_flush);
        if (ZSTD_isError(left)) die("zstd: %s", ZSTD_getErrorName(left));
        out->end += to.pos;
    } while (left > 0);
}

void compressor_frame(struct compressor *compressor, const uint8_t *text, size_t length, struct buffer *out) {
    uint8_t head[WS_MAX_HEAD];
    if (compressor->kind == COMPRESSION_NONE) {
        buffer_add(out, head, ws_head(head, WS_TEXT, length, NULL));
        buffer_add(out, text, length);
        return;
    }
    /* The head's length follows from the payload's, so there is room for the longest one, and the payload moves up. */
    size_t before = buffer_length(out);
    buffer_room(out, WS_MAX_HEAD);
    out->end += WS_MAX_HEAD;
    if (compressor->kind == COMPRESSION_ZLIB) {
        deflated(&compressor->zlib, text, length, out);
    } else {
        zstandard(compressor->zstd, text, length, out);
    }
    size_t payload = buffer_length(out) - before - WS_MAX_HEAD;
    uint8_t *frame = buffer_bytes(out) + before;
    size_t head_length = ws_head(head, WS_BINARY, payload, NULL);
    memmove(frame + head_length, frame + WS_MAX_HEAD, payload);
    memcpy(frame, head, head_length);
    out->end -= WS_MAX_HEAD - head_length;
}
