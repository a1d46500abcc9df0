#include "corpus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "json.h"

#define MAX_LINES 65535
#define FIRST_GUILD_MILLIS 290000000000ULL /* the first whose ids have 19 digits is 239e9 */

static void digits(char *at, uint64_t value, int count) {
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

static struct line parsed(const char *path, uint32_t number, const char *text, size_t length) {
    struct json event = {text, length}, sequence, type;
    if (length > UINT32_MAX || !json_member(event, "t", &type) || !json_member(event, "s", &sequence) ||
        json_number(sequence, -1) < 0) {
        errno = 0;
        die("%s:%u: no {\"t\":..,\"s\":0,\"op\":0,\"d\":..}", path, number);
    }
    struct line line = {.text = must_alloc(length),
                        .length = (uint32_t)length,
                        .sequence_at = (uint32_t)(sequence.text - text),
                        .sequence_length = (uint32_t)sequence.length};
    memcpy(line.text, text, length);
    uint32_t room = 0;
    const char *at = text, *end = text + length;
    while ((at = memmem(at, (size_t)(end - at), GUILD_STAND_IN, GUILD_DIGITS)) != NULL) {
        if (line.guilds == room) {
            room = room * 2 + 4;
            line.guilds_at = must_realloc(line.guilds_at, room * sizeof *line.guilds_at);
        }
        line.guilds_at[line.guilds++] = (uint32_t)(at - text);
        at += GUILD_DIGITS;
    }
    return line;
}

struct corpus corpus_load(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) die("%s", path);
    struct corpus corpus = {0};
    char *text = NULL;
    size_t room = 0, bytes = 0;
    ssize_t length;
    while ((length = getline(&text, &room, file)) > 0) {
        if (text[length - 1] == '\n') length--;
        if (length == 0) continue;
        errno = 0;
        if (corpus.count == MAX_LINES) die("%s: over %d lines", path, MAX_LINES);
        if ((corpus.count & (corpus.count + 1)) == 0) {
            corpus.lines = must_realloc(corpus.lines, (corpus.count * 2 + 2) * sizeof *corpus.lines);
        }
        corpus.lines[corpus.count] = parsed(path, corpus.count + 1, text, (size_t)length);
        corpus.count++;
        bytes += (size_t)length;
    }
    free(text);
    if (ferror(file)) die("%s", path);
    fclose(file);
    errno = 0;
    if (corpus.count == 0) die("%s: no events", path);
    corpus.average = bytes / corpus.count;
    return corpus;
}

void corpus_free(struct corpus *corpus) {
    for (uint32_t i = 0; i < corpus->count; i++) {
        free(corpus->lines[i].text);
        free(corpus->lines[i].guilds_at);
    }
    free(corpus->lines);
}

void line_write(const struct line *line, int64_t sequence, uint64_t guild, struct buffer *out) {
    char number[24];
    int number_length = snprintf(number, sizeof number, "%lld", (long long)sequence);
    uint32_t tail_at = line->sequence_at + line->sequence_length;
    out->start = out->end = 0;
    buffer_add(out, line->text, line->sequence_at);
    buffer_add(out, number, (size_t)number_length);
    buffer_add(out, line->text + tail_at, line->length - tail_at);
    if (line->guilds == 0) return;
    char id[GUILD_DIGITS];
    digits(id, guild, GUILD_DIGITS);
    ptrdiff_t shift = (ptrdiff_t)out->end - line->length;
    for (uint32_t i = 0; i < line->guilds; i++) {
        /* Only what stands behind the sequence has moved. */
        ptrdiff_t at = line->guilds_at[i] + (line->guilds_at[i] >= tail_at ? shift : 0);
        memcpy(out->data + at, id, GUILD_DIGITS);
    }
}

uint64_t guild_id(int shard, int shards, int guild) {
    uint64_t n = (uint64_t)shards;
    uint64_t first = (FIRST_GUILD_MILLIS + n - 1) / n * n;
    return (first + (uint64_t)shard + n * (uint64_t)guild) << 22 | 1;
}
