/* What can be asked of blast, one line each, and its answers, one line of JSON each. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stdbool.h>

#include "bot.h"
#include "corpus.h"
#include "discord.h"

struct blast {
    struct discord discord;
    struct bot bot;
    const struct corpus *corpus;
    uint64_t sent;         /* in all phases */
    uint64_t given_up;     /* of those, nobody waits for any more */
    bool down;
    uint64_t drained_from; /* the bot's count when `up` was said or the last phase ended, which ever came later */
};

/* False: the end was asked for. */
bool command(struct blast *blast, const char *line);

#endif
