#include "websocket.h"

#include <string.h>

#include "sha1.h"

size_t ws_head(uint8_t *out, int opcode, size_t length, const uint8_t mask[4]) {
    size_t at = 0;
    uint8_t masked = mask != NULL ? 0x80 : 0;
    out[at++] = (uint8_t)(0x80 | opcode);
    if (length < 126) {
        out[at++] = (uint8_t)(masked | length);
    } else if (length <= 0xffff) {
        out[at++] = masked | 126;
        out[at++] = (uint8_t)(length >> 8);
        out[at++] = (uint8_t)length;
    } else {
        out[at++] = masked | 127;
        for (int shift = 56; shift >= 0; shift -= 8) out[at++] = (uint8_t)((uint64_t)length >> shift);
    }
    if (mask != NULL) {
        memcpy(out + at, mask, 4);
        at += 4;
    }
    return at;
}

int ws_parse(uint8_t *bytes, size_t available, size_t max, struct ws_frame *frame) {
    frame->total = 2;
    if (available < 2) return 0;
    if ((bytes[0] & 0x70) != 0) return -1;
    frame->fin = (bytes[0] & 0x80) != 0;
    frame->opcode = bytes[0] & 0x0f;
    bool masked = (bytes[1] & 0x80) != 0;
    size_t length = bytes[1] & 0x7f;
    size_t at = 2;
    if (length >= 126) {
        size_t more = length == 126 ? 2 : 8;
        frame->total = at + more;
        if (available < at + more) return 0;
        length = 0;
        for (size_t i = 0; i < more; i++) length = length << 8 | bytes[at + i];
        at += more;
    }
    if (length > max) return -1;
    size_t mask_at = at;
    if (masked) at += 4;
    frame->payload = bytes + at;
    frame->length = length;
    frame->total = at + length;
    if (available < frame->total) return 0;
    if (masked) {
        for (size_t i = 0; i < length; i++) frame->payload[i] ^= bytes[mask_at + (i & 3)];
    }
    return 1;
}

void ws_accept(const char *key, size_t length, char out[WS_ACCEPT_CHARS + 1]) {
    static const char salt[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[SHA1_MAX_INPUT];
    if (length > 64) length = 64;
    memcpy(text, key, length);
    memcpy(text + length, salt, sizeof salt - 1);
    uint8_t digest[20];
    sha1(text, length + sizeof salt - 1, digest);
    base64(digest, sizeof digest, out);
}
