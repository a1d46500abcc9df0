/* Sockets on this machine, none of which blocks. */
#ifndef NET_H
#define NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* Listens on 127.0.0.1; `port` 0 is replaced by the one that the kernel chose. -1: errno says why. */
int net_listen(uint16_t *port);

/* The next connection, or -1 when none waits. */
int net_accept(int listener);

/* Begins to connect; -1: errno says why. */
int net_connect(const char *host, uint16_t port);

/* What happens to this descriptor is told with this pointer. */
void net_watch(int epoll, int fd, uint32_t events, void *tag);
void net_rewatch(int epoll, int fd, uint32_t events, void *tag);

/* As many files as the machine allows. */
void net_raise_file_limit(void);

/* Sends what the buffer holds, as far as the socket takes it. False: the connection is gone. */
bool net_flush(int fd, struct buffer *out);

#endif
