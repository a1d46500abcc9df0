#include "floor.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "clock.h"
#include "fail.h"
#include "net.h"

#define MAX_EVENTS 256
#define BEAT_EVERY_NS (NS_PER_SECOND / 2)
/* The queue stays in the processor's cache; what is more waits in the sockets. */
#define PAUSE_BYTES (1024 * 1024)
#define GO_ON_BYTES (256 * 1024)
#define PIPELINE_CONNECTIONS 4
#define PIPELINE_IN_FLIGHT 64

static const char help[] =
    "usage: floor --api URL --url URL --shards N [OPTION]...\n"
    "\n"
    "The least that a program can do between Discord and a bot: it undoes the compression and POSTs\n"
    "{\"shardId\":N,\"data\":<payload>}. It gives up at the first error. Says 'ready' when all shards are.\n"
    "\n"
    "  --api URL          http://HOST:PORT/..: the gateway is at the same port (an IPv4 address, no TLS)\n"
    "  --url URL          http://HOST:PORT/PATH: the bot\n"
    "  --shards N         1 to 20000\n"
    "  --compress HOW     none, zlib-stream (the default) or zstd-stream\n"
    "  --connections N    to the bot, one request at a time on each (default 64)\n"
    "  --pipeline         4 connections with up to 64 requests on the way on each, written together\n";

struct options {
    struct address api, bot;
    int shards, connections;
    enum transport transport;
    bool pipeline;
};

static int number(const char *option, const char *text, long from, long to) {
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < from || value > to) {
        usage_error("--%s: '%s' (expected: %ld to %ld)", option, text, from, to);
    }
    return (int)value;
}

static struct address address(const char *option, const char *url) {
    struct address address = {.path = "/"};
    int port = 0;
    int found = sscanf(url, "http://%63[0-9.]:%d%255s", address.host, &port, address.path);
    if (found < 2 || port < 1 || port > 65535 || address.path[0] != '/') {
        usage_error("--%s: '%s' (expected: http://127.0.0.1:PORT/PATH)", option, url);
    }
    address.port = (uint16_t)port;
    return address;
}

static enum transport transport(const char *name) {
    static const char *const names[] = {"none", "zlib-stream", "zstd-stream"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(name, names[i]) == 0) return (enum transport)i;
    }
    usage_error("--compress: '%s' (expected: none, zlib-stream, zstd-stream)", name);
}

static struct options options(int argc, char **argv) {
    static const struct option known[] = {
        {"api", required_argument, NULL, 'a'},      {"url", required_argument, NULL, 'u'},
        {"shards", required_argument, NULL, 's'},   {"compress", required_argument, NULL, 'c'},
        {"connections", required_argument, NULL, 'n'}, {"pipeline", no_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'},           {0},
    };
    struct options options = {.connections = 64, .transport = TRANSPORT_ZLIB};
    int option, index = 0;
    while ((option = getopt_long(argc, argv, "", known, &index)) != -1) {
        switch (option) {
        case 'a':
            options.api = address("api", optarg);
            break;
        case 'u':
            options.bot = address("url", optarg);
            break;
        case 's':
            options.shards = number("shards", optarg, 1, 20000);
            break;
        case 'c':
            options.transport = transport(optarg);
            break;
        case 'n':
            options.connections = number("connections", optarg, 1, 4096);
            break;
        case 'p':
            options.pipeline = true;
            break;
        case 'h':
            fputs(help, stdout);
            exit(0);
        default:
            exit(2);
        }
    }
    if (optind < argc) usage_error("'%s' is no option", argv[optind]);
    if (options.api.port == 0 || options.bot.port == 0 || options.shards == 0) {
        usage_error("--api, --url and --shards are needed");
    }
    return options;
}

/* Many requests are written at once when they may wait for the turn's end; else each goes as soon as it is there. */
static void run(int epoll, struct shards *shards, struct posts *posts, bool at_once) {
    struct epoll_event events[MAX_EVENTS];
    int64_t next_beats = 0;
    for (;;) {
        int count = epoll_wait(epoll, events, MAX_EVENTS, (int)(BEAT_EVERY_NS / 1000000));
        if (count < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < count; i++) {
            enum watched *watched = events[i].data.ptr;
            if (*watched == WATCHED_POSTER) {
                posts_happened(posts, watched, events[i].events);
                if (at_once) posts_send(posts);
            } else {
                shards_happened(shards, watched, events[i].events);
            }
        }
        posts_send(posts);
        size_t waiting = posts_waiting_bytes(posts);
        if (waiting > PAUSE_BYTES && !shards_paused(shards)) shards_pause(shards, true);
        if (waiting < GO_ON_BYTES && shards_paused(shards)) shards_pause(shards, false);
        int64_t now = now_ns();
        if (now >= next_beats) {
            shards_beat(shards, now);
            next_beats = now + BEAT_EVERY_NS;
        }
    }
}

int main(int argc, char **argv) {
    struct options wanted = options(argc, argv);
    setvbuf(stdout, NULL, _IOLBF, 0);
    net_raise_file_limit();
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) die("epoll");
    struct posts *posts =
        wanted.pipeline ? posts_new(epoll, &wanted.bot, PIPELINE_CONNECTIONS, PIPELINE_IN_FLIGHT)
                        : posts_new(epoll, &wanted.bot, wanted.connections, 1);
    struct shards *shards = shards_new(epoll, posts, &wanted.api, wanted.shards, wanted.transport, !wanted.pipeline);
    run(epoll, shards, posts, !wanted.pipeline);
}
