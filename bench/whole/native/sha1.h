/* SHA-1 of a short text: the WebSocket handshake asks for it. */
#ifndef SHA1_H
#define SHA1_H

#include <stddef.h>
#include <stdint.h>

/* At most 119 bytes: two blocks. */
#define SHA1_MAX_INPUT 119

void sha1(const void *text, size_t length, uint8_t digest[20]);

/* Base64 of so many bytes; `out` has room for 4 * ceil(length / 3) + 1 chars. */
void base64(const uint8_t *bytes, size_t length, char *out);

#endif
