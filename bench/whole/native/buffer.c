#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

uint8_t *buffer_room(struct buffer *buffer, size_t bytes) {
    if (buffer->capacity - buffer->end >= bytes) return buffer->data + buffer->end;
    size_t length = buffer_length(buffer);
    if (buffer->start > 0) memmove(buffer->data, buffer_bytes(buffer), length);
    buffer->start = 0;
    buffer->end = length;
    if (buffer->capacity - length < bytes) {
        size_t wanted = buffer->capacity * 2;
        if (wanted < length + bytes) wanted = length + bytes;
        if (wanted < 256) wanted = 256;
        buffer->data = must_realloc(buffer->data, wanted);
        buffer->capacity = wanted;
    }
    return buffer->data + buffer->end;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length) {
    if (length == 0) return;
    memcpy(buffer_room(buffer, length), bytes, length);
    buffer->end += length;
}

void buffer_print(struct buffer *buffer, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) die("a text could not be formatted");
    char *room = (char *)buffer_room(buffer, (size_t)length + 1);
    vsnprintf(room, (size_t)length + 1, format, again);
    va_end(again);
    buffer->end += (size_t)length;
}

void buffer_free(struct buffer *buffer) {
    free(buffer->data);
    *buffer = (struct buffer){0};
}
