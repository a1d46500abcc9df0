/* Bytes that come in at the end and go out at the start. All zero is an empty one. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct buffer {
    uint8_t *data;
    size_t start, end, capacity;
};

static inline size_t buffer_length(const struct buffer *buffer) {
    return buffer->end - buffer->start;
}

static inline uint8_t *buffer_bytes(const struct buffer *buffer) {
    return buffer->data + buffer->start;
}

/* Where at least so many bytes may be written; the caller moves `end` itself. */
uint8_t *buffer_room(struct buffer *buffer, size_t bytes);

void buffer_add(struct buffer *buffer, const void *bytes, size_t length);

/* printf at the end. */
void buffer_print(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Takes bytes off the start. */
static inline void buffer_drop(struct buffer *buffer, size_t bytes) {
    buffer->start += bytes;
    if (buffer->start == buffer->end) buffer->start = buffer->end = 0;
}

void buffer_free(struct buffer *buffer);

#endif
