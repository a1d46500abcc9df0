/* The generator and the receiver of a benchmark: a fake Discord and a bot that answers 204, in one process. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "fail.h"
#include "net.h"

#define MAX_SHARDS 20000
#define MAX_GUILDS 4096
/* Guilds are for spreading events over; so many in all are enough for that, and quick to send at the start. */
#define GUILDS_IN_ALL 1024

static const char help[] =
    "usage: blast --events FILE --shards N [OPTION]...\n"
    "\n"
    "A fake Discord (REST and gateway) and a bot that answers 204, on two free ports of 127.0.0.1. It sends the events of\n"
    "FILE and measures when they come back. The first line of its output says the ports.\n"
    "\n"
    "  --events FILE         JSON lines {\"t\":..,\"s\":0,\"op\":0,\"d\":{..}}, made by gw.bench.stream.EventsFile;\n"
    "                        1234567890123456789 stands for the guild's id\n"
    "  --shards N            1 to 20000: told to clients, and the only count that IDENTIFY may have\n"
    "  --guilds N            of each shard (default: 1024 in all, 2 to 256 each)\n"
    "  --guilds-file FILE    JSON lines like the events', GUILD_CREATE each (default: small guilds of its own)\n"
    "  --max-concurrency N   told to clients (default 16); nothing is enforced\n"
    "  --level N             zlib's, 1 to 9 (default 6)\n"
    "\n"
    "Commands, one a line of the input; each is answered by one line of JSON:\n"
    "  wait SHARDS SECONDS   until so many shards are ready\n"
    "  run RATE SECONDS      events at random times, so many a second on average\n"
    "  sustain RATE SECONDS  the same, and how far the receiver lagged\n"
    "  burst COUNT           events as fast as they are taken\n"
    "  down, up              the bot closes its port and connections, and comes back\n"
    "  drain                 until all that was sent is received\n"
    "  quit                  as the end of the input\n";

static long number(const char *option, const char *text, long from, long to) {
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < from || value > to) {
        usage_error("--%s: '%s' (expected: %ld to %ld)", option, text, from, to);
    }
    return value;
}

struct files {
    const char *events, *guilds;
};

static void options(int argc, char **argv, struct discord_settings *settings, struct files *files) {
    static const struct option known[] = {
        {"events", required_argument, NULL, 'e'},      {"shards", required_argument, NULL, 's'},
        {"guilds", required_argument, NULL, 'g'},      {"guilds-file", required_argument, NULL, 'f'},
        {"max-concurrency", required_argument, NULL, 'm'}, {"level", required_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},              {0},
    };
    int option, index = 0;
    while ((option = getopt_long(argc, argv, "", known, &index)) != -1) {
        switch (option) {
        case 'e':
            files->events = optarg;
            break;
        case 's':
            settings->shards = (int)number("shards", optarg, 1, MAX_SHARDS);
            break;
        case 'g':
            settings->guilds = (int)number("guilds", optarg, 1, MAX_GUILDS);
            break;
        case 'f':
            files->guilds = optarg;
            break;
        case 'm':
            settings->max_concurrency = (int)number("max-concurrency", optarg, 1, 10000);
            break;
        case 'l':
            settings->level = (int)number("level", optarg, 1, 9);
            break;
        case 'h':
            fputs(help, stdout);
            exit(0);
        default:
            exit(2);
        }
    }
    if (optind < argc) usage_error("'%s' is no option", argv[optind]);
    if (files->events == NULL) usage_error("--events is missing");
    if (settings->shards == 0) usage_error("--shards is missing");
    if (settings->guilds == 0) {
        settings->guilds = GUILDS_IN_ALL / settings->shards;
        if (settings->guilds < 2) settings->guilds = 2;
        if (settings->guilds > 256) settings->guilds = 256;
    }
}

int main(int argc, char **argv) {
    static struct blast blast;
    struct discord_settings settings = {.max_concurrency = 16, .level = 6};
    struct files files = {0};
    options(argc, argv, &settings, &files);
    setvbuf(stdout, NULL, _IOLBF, 0);
    net_raise_file_limit();
    struct corpus events = corpus_load(files.events), guilds = {0};
    if (files.guilds != NULL) guilds = corpus_load(files.guilds);
    settings.corpus = blast.corpus = &events;
    settings.guild_bodies = files.guilds != NULL ? &guilds : NULL;
    discord_start(&blast.discord, &settings);
    bot_start(&blast.bot);
    printf("{\"ready\":true,\"api\":\"http://127.0.0.1:%d/api/v10\",\"bot\":\"http://127.0.0.1:%d/events\",\"pid\":%d}\n",
           blast.discord.port, blast.bot.port, getpid());
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = '\0';
        if (line[0] == '\0') continue;
        if (!command(&blast, line) || ferror(stdout)) break;
    }
    free(line);
    /* The threads are not joined: nothing of theirs outlives the process. */
    _exit(0);
}
