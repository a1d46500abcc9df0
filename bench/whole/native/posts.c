#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "fail.h"
#include "floor.h"
#include "net.h"

#define ANSWER_BYTES (16 * 1024)
#define LENGTH_DIGITS 8

/* Requests of any connection lie behind one another in one queue, so that many of them are one write. */
struct poster {
    enum watched watched;
    int fd;
    int in_flight;
    bool listed; /* among the free ones */
    struct buffer out; /* what the socket did not take */
    struct buffer in;  /* of an answer that is not all here */
};

struct posts {
    int epoll, connections, limit;
    char head[512]; /* of each request, up to the length */
    struct poster *posters;
    struct poster **free; /* those that may take a request; the last one that was free is the first one to be used */
    int free_count;
    struct buffer queue;
    struct buffer lengths; /* of the requests in the queue, uint32_t each */
    size_t begun_at, payload_at; /* of the request at the end, from the queue's start */
};

static const char length_end[] = "\r\n\r\n";

struct posts *posts_new(int epoll, const struct address *url, int connections, int in_flight) {
    struct posts *posts = must_alloc_zeroed(1, sizeof *posts);
    posts->epoll = epoll;
    posts->connections = connections;
    posts->limit = in_flight;
    snprintf(posts->head, sizeof posts->head,
             "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\nContent-Length: ", url->path, url->host,
             url->port);
    posts->posters = must_alloc_zeroed((size_t)connections, sizeof *posts->posters);
    posts->free = must_alloc((size_t)connections * sizeof *posts->free);
    for (int i = 0; i < connections; i++) {
        struct poster *poster = &posts->posters[i];
        poster->watched = WATCHED_POSTER;
        poster->fd = net_connect(url->host, url->port);
        if (poster->fd < 0) die("%s:%d", url->host, url->port);
        /* Until it is connected it takes nothing, and then it says so. */
        net_watch(epoll, poster->fd, EPOLLIN | EPOLLOUT, poster);
    }
    return posts;
}

/* The length is as many digits for each request, blanks before it, so that it can be filled in when the payload is there. */
struct buffer posts_template(const struct posts *posts, int shard) {
    struct buffer template = {0};
    buffer_print(&template, "%s%*s%s{\"shardId\":%d,\"data\":", posts->head, LENGTH_DIGITS, "", length_end, shard);
    return template;
}

void posts_begin(struct posts *posts, const struct buffer *template) {
    posts->begun_at = buffer_length(&posts->queue);
    buffer_add(&posts->queue, buffer_bytes(template), buffer_length(template));
    posts->payload_at = buffer_length(&posts->queue);
}

uint8_t *posts_room(struct posts *posts, size_t bytes) {
    return buffer_room(&posts->queue, bytes);
}

void posts_wrote(struct posts *posts, size_t bytes) {
    posts->queue.end += bytes;
}

const char *posts_payload(const struct posts *posts, size_t *length) {
    *length = buffer_length(&posts->queue) - posts->payload_at;
    return (const char *)buffer_bytes(&posts->queue) + posts->payload_at;
}

void posts_end(struct posts *posts) {
    buffer_add(&posts->queue, "}", 1);
    char *head = (char *)buffer_bytes(&posts->queue) + posts->begun_at;
    size_t length_at = strlen(posts->head);
    uint32_t request = (uint32_t)(buffer_length(&posts->queue) - posts->begun_at);
    size_t body = request - length_at - LENGTH_DIGITS - (sizeof length_end - 1);
    for (size_t at = length_at + LENGTH_DIGITS; body > 0 && at > length_at; body /= 10) head[--at] = (char)('0' + body % 10);
    buffer_add(&posts->lengths, &request, sizeof request);
}

void posts_give_up(struct posts *posts) {
    posts->queue.end = posts->queue.start + posts->begun_at;
    buffer_drop(&posts->queue, 0);
}

size_t posts_waiting_bytes(const struct posts *posts) {
    return buffer_length(&posts->queue);
}

static void list_free(struct posts *posts, struct poster *poster) {
    if (poster->listed || poster->in_flight >= posts->limit || buffer_length(&poster->out) > 0) return;
    poster->listed = true;
    posts->free[posts->free_count++] = poster;
}

/* As many requests as the connection may take. */
static void give(struct posts *posts, struct poster *poster) {
    uint32_t request;
    size_t bytes = 0;
    while (poster->in_flight < posts->limit && buffer_length(&posts->lengths) > 0) {
        memcpy(&request, buffer_bytes(&posts->lengths), sizeof request);
        buffer_drop(&posts->lengths, sizeof request);
        bytes += request;
        poster->in_flight++;
    }
    ssize_t sent = send(poster->fd, buffer_bytes(&posts->queue), bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR) die("the bot's connection broke");
        sent = 0;
    }
    if ((size_t)sent < bytes) {
        buffer_add(&poster->out, buffer_bytes(&posts->queue) + sent, bytes - (size_t)sent);
        net_rewatch(posts->epoll, poster->fd, EPOLLIN | EPOLLOUT, poster);
    }
    buffer_drop(&posts->queue, bytes);
}

void posts_send(struct posts *posts) {
    while (posts->free_count > 0 && buffer_length(&posts->lengths) > 0) {
        struct poster *poster = posts->free[--posts->free_count];
        poster->listed = false;
        give(posts, poster);
        list_free(posts, poster);
    }
}

/* Counts whole answers; each must be a 204, which has no body. Returns the bytes that they were. */
static size_t read_answers(struct poster *poster, const char *bytes, size_t length) {
    size_t at = 0;
    const char *end;
    while ((end = memmem(bytes + at, length - at, "\r\n\r\n", 4)) != NULL) {
        errno = 0;
        if (memcmp(bytes + at, "HTTP/1.1 204", 12) != 0) die("the bot's answer is no 204: %.*s", 12, bytes + at);
        if (poster->in_flight == 0) die("an answer without a request");
        poster->in_flight--;
        at = (size_t)(end - bytes) + 4;
    }
    return at;
}

static void readable(struct poster *poster) {
    char space[ANSWER_BYTES];
    ssize_t got = recv(poster->fd, space, sizeof space, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) die("the bot closed a connection");
    if (buffer_length(&poster->in) == 0) {
        size_t used = read_answers(poster, space, (size_t)got);
        buffer_add(&poster->in, space + used, (size_t)got - used);
    } else {
        buffer_add(&poster->in, space, (size_t)got);
        buffer_drop(&poster->in, read_answers(poster, (char *)buffer_bytes(&poster->in), buffer_length(&poster->in)));
    }
}

void posts_happened(struct posts *posts, void *tag, uint32_t events) {
    struct poster *poster = tag;
    if ((events & EPOLLOUT) != 0) {
        if (!net_flush(poster->fd, &poster->out)) die("the bot's connection broke");
        if (buffer_length(&poster->out) == 0) net_rewatch(posts->epoll, poster->fd, EPOLLIN, poster);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) readable(poster);
    list_free(posts, poster);
}
