/* Reads HTTP/1.1 requests: as much of it as clients on the same machine need. */
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stddef.h>

#define HTTP_MAX_HEAD (16 * 1024)

struct http_request {
    const char *target; /* not terminated */
    size_t target_length;
    bool get;
    const char *websocket_key; /* NULL: no upgrade is asked for */
    size_t websocket_key_length;
    size_t content_length;
    bool chunked;
    bool close;           /* the client wants the connection closed */
    bool expects_continue; /* it waits for "100 Continue" before it sends the body */
    size_t head_length;
};

/* The head at the start of `bytes`: 1; 0: not all of it is here; -1: it is none. */
int http_parse(const char *bytes, size_t available, struct http_request *request);

/*
 * The body behind the head, made contiguous in place when it came in chunks: 1, and `total` says where the next request
 * begins; 0: not all of it is here, and `total` says how much is needed as far as that is known; -1: broken or over `max`.
 */
int http_body(char *bytes, size_t available, const struct http_request *request, size_t max, char **body, size_t *length,
              size_t *total);

#endif
