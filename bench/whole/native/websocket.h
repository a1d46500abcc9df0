/* WebSocket frames and the handshake's answer (RFC 6455), for both sides. No extensions. */
#ifndef WEBSOCKET_H
#define WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WS_CONTINUATION = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };

#define WS_MAX_HEAD 14
#define WS_ACCEPT_CHARS 28

struct ws_frame {
    bool fin;
    int opcode;
    uint8_t *payload;
    size_t length;
    size_t total; /* head and payload */
};

/* Writes the head of a whole message; returns its length. `mask` NULL: not masked, as a server sends. */
size_t ws_head(uint8_t *out, int opcode, size_t length, const uint8_t mask[4]);

/*
 * The frame at the start of `bytes`: 1, and its payload is unmasked in place; 0: not all of it is here, and `total` says
 * how much is needed as far as that is known; -1: no frame, or a payload over `max`.
 */
int ws_parse(uint8_t *bytes, size_t available, size_t max, struct ws_frame *frame);

/* Sec-WebSocket-Accept for a key. */
void ws_accept(const char *key, size_t length, char out[WS_ACCEPT_CHARS + 1]);

#endif
