#include "http.h"

#include <string.h>
#include <strings.h>

/* The value of a line "Name: value" when it has this name (given with the colon, in any case). */
static bool named(const char *line, size_t length, const char *name, size_t name_length, const char **value,
                  size_t *value_length) {
    if (length < name_length || strncasecmp(line, name, name_length) != 0) return false;
    const char *from = line + name_length, *to = line + length;
    while (from < to && (*from == ' ' || *from == '\t')) from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t')) to--;
    *value = from;
    *value_length = (size_t)(to - from);
    return true;
}

#define NAMED(name) named(line, length, name, sizeof name - 1, &value, &value_length)

static bool holds(const char *value, size_t length, const char *word) {
    size_t word_length = strlen(word);
    for (size_t i = 0; i + word_length <= length; i++) {
        if (strncasecmp(value + i, word, word_length) == 0) return true;
    }
    return false;
}

static bool header(const char *line, size_t length, struct http_request *request) {
    const char *value;
    size_t value_length;
    switch (line[0] | 0x20) {
    case 'c':
        if (NAMED("content-length:")) {
            if (value_length == 0 || value_length > 12) return false;
            request->content_length = 0;
            for (size_t i = 0; i < value_length; i++) {
                if (value[i] < '0' || value[i] > '9') return false;
                request->content_length = request->content_length * 10 + (size_t)(value[i] - '0');
            }
        } else if (NAMED("connection:")) {
            request->close = holds(value, value_length, "close");
        }
        break;
    case 't':
        if (NAMED("transfer-encoding:")) request->chunked = holds(value, value_length, "chunked");
        break;
    case 'e':
        if (NAMED("expect:")) request->expects_continue = holds(value, value_length, "100-continue");
        break;
    case 's':
        if (NAMED("sec-websocket-key:")) {
            request->websocket_key = value;
            request->websocket_key_length = value_length;
        }
        break;
    default:
        break;
    }
    return true;
}

int http_parse(const char *bytes, size_t available, struct http_request *request) {
    size_t searched = available < HTTP_MAX_HEAD ? available : HTTP_MAX_HEAD;
    const char *end = memmem(bytes, searched, "\r\n\r\n", 4);
    if (end == NULL) return available >= HTTP_MAX_HEAD ? -1 : 0;
    *request = (struct http_request){.head_length = (size_t)(end - bytes) + 4};
    const char *line_end = memchr(bytes, '\r', request->head_length);
    const char *space = memchr(bytes, ' ', (size_t)(line_end - bytes));
    if (space == NULL) return -1;
    const char *second = memchr(space + 1, ' ', (size_t)(line_end - space - 1));
    if (second == NULL) return -1;
    request->get = space - bytes == 3 && memcmp(bytes, "GET", 3) == 0;
    request->target = space + 1;
    request->target_length = (size_t)(second - space - 1);
    while (line_end < end) {
        const char *line = line_end + 2;
        line_end = memchr(line, '\r', (size_t)(end + 1 - line));
        if (line_end == NULL || line_end[1] != '\n') return -1;
        if (line_end > line && !header(line, (size_t)(line_end - line), request)) return -1;
    }
    return 1;
}

/* The size of a chunk, and where it begins: 1, 0 or -1 as above. */
static int chunk_head(const char *bytes, size_t available, size_t max, size_t *size, size_t *begins) {
    const char *end = memmem(bytes, available, "\r\n", 2);
    if (end == NULL) return available > 256 ? -1 : 0;
    *size = 0;
    const char *at = bytes;
    for (; at < end && *at != ';' && *at != ' '; at++) {
        int digit = *at >= '0' && *at <= '9' ? *at - '0' : (*at | 0x20) >= 'a' && (*at | 0x20) <= 'f' ? (*at | 0x20) - 'a' + 10 : -1;
        if (digit < 0) return -1;
        *size = *size * 16 + (size_t)digit;
        if (*size > max) return -1;
    }
    if (at == bytes) return -1;
    *begins = (size_t)(end - bytes) + 2;
    return 1;
}

/* Whether all chunks are here, and where they end; trailers are read over. */
static int chunks_end(const char *bytes, size_t available, size_t max, size_t *end) {
    size_t at = 0;
    for (;;) {
        size_t size, begins;
        int found = chunk_head(bytes + at, available - at, max, &size, &begins);
        if (found != 1) return found;
        at += begins;
        if (size == 0) break;
        if (available - at < size + 2) return 0;
        at += size + 2;
        if (at > 2 * max) return -1;
    }
    for (;;) {
        const char *line_end = memmem(bytes + at, available - at, "\r\n", 2);
        if (line_end == NULL) return 0;
        bool last = line_end == bytes + at;
        at = (size_t)(line_end - bytes) + 2;
        if (last) break;
    }
    *end = at;
    return 1;
}

static int chunked_body(char *bytes, size_t available, size_t max, size_t *length, size_t *end) {
    int complete = chunks_end(bytes, available, max, end);
    if (complete != 1) return complete;
    size_t from = 0, to = 0;
    for (;;) {
        size_t size, begins;
        if (chunk_head(bytes + from, available - from, max, &size, &begins) != 1) return -1;
        if (size == 0) break;
        memmove(bytes + to, bytes + from + begins, size);
        to += size;
        from += begins + size + 2;
    }
    *length = to;
    return 1;
}

int http_body(char *bytes, size_t available, const struct http_request *request, size_t max, char **body, size_t *length,
              size_t *total) {
    *body = bytes + request->head_length;
    if (!request->chunked) {
        *length = request->content_length;
        *total = request->head_length + request->content_length;
        if (request->content_length > max) return -1;
        return available >= *total;
    }
    size_t end = 0;
    *total = available + 1;
    int complete = chunked_body(*body, available - request->head_length, max, length, &end);
    if (complete == 1) *total = request->head_length + end;
    return complete;
}
