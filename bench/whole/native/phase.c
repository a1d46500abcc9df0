#include "phase.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "compress.h"
#include "discord.h"
#include "fail.h"
#include "payloads.h"

#define ACK_EVERY_NS NS_PER_SECOND
/* A shard without events for so long gets an ack alone: heartbeats come each 41 s, and libraries wait as long for the ack. */
#define ACK_ALONE_NS (5 * NS_PER_SECOND)
#define BURST_ACK_EVERY 2000
#define MAX_ENCODERS 8

struct planner {
    struct script *script;
    uint32_t room;
    uint64_t random;
    int guilds;
    int64_t *acked; /* by shard: the due time, or in a burst the count, of the last ack */
};

/* splitmix64 */
static uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static uint32_t below(uint64_t *state, uint32_t limit) {
    return (uint32_t)(((next_random(state) >> 32) * limit) >> 32);
}

static void add_step(struct planner *planner, struct step step) {
    struct script *script = planner->script;
    if (script->steps_count == planner->room) {
        planner->room = planner->room * 2 + 1024;
        script->steps = must_realloc(script->steps, planner->room * sizeof *script->steps);
    }
    script->steps[script->steps_count++] = step;
    script->order_first[step.shard + 1]++;
    if (step.line != STEP_ACK) {
        script->ledger->events++;
        script->ledger->first[step.shard + 1]++;
    }
}

static struct step any_event(struct planner *planner, int64_t due, uint32_t shard) {
    uint16_t line = (uint16_t)below(&planner->random, planner->script->corpus->count);
    bool outside = line_outside(&planner->script->corpus->lines[line]);
    return (struct step){.due = due,
                         .shard = outside ? 0 : shard,
                         .line = line,
                         .guild = (uint16_t)below(&planner->random, (uint32_t)planner->guilds) & 0x7fff};
}

static void lone_acks(struct planner *planner, int64_t due) {
    for (int shard = 0; shard < planner->script->shards; shard++) {
        if (due - planner->acked[shard] >= ACK_ALONE_NS) {
            add_step(planner, (struct step){.due = due, .shard = (uint32_t)shard, .line = STEP_ACK});
            planner->acked[shard] = due;
        }
    }
}

static void plan_arrivals(struct planner *planner, double rate, double seconds) {
    int shards = planner->script->shards;
    int64_t end = (int64_t)(seconds * NS_PER_SECOND), sweep = NS_PER_SECOND / 4;
    /* The first acks are spread over some seconds: all at once would disturb what is measured. */
    for (int shard = 0; shard < shards; shard++) {
        planner->acked[shard] = -(int64_t)below(&planner->random, (uint32_t)(ACK_ALONE_NS / 1000)) * 1000;
    }
    double at = 0;
    while (planner->script->ledger->events < PHASE_MAX_EVENTS) {
        double uniform = ((double)(next_random(&planner->random) >> 11) + 0.5) * 0x1p-53;
        at -= log(uniform) / rate * NS_PER_SECOND;
        int64_t due = (int64_t)at;
        for (; sweep < (due < end ? due : end); sweep += NS_PER_SECOND / 4) lone_acks(planner, sweep);
        if (due >= end) return;
        struct step step = any_event(planner, due, below(&planner->random, (uint32_t)shards));
        if (due - planner->acked[step.shard] >= ACK_EVERY_NS) {
            step.ack_ahead = 1;
            planner->acked[step.shard] = due;
        }
        add_step(planner, step);
    }
}

static void plan_burst(struct planner *planner, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        struct step step = any_event(planner, 0, i % (uint32_t)planner->script->shards);
        step.ack_ahead = planner->acked[step.shard]++ % BURST_ACK_EVERY == 0;
        add_step(planner, step);
    }
}

static void sum_up(uint32_t *first, int shards) {
    for (int shard = 0; shard < shards; shard++) first[shard + 1] += first[shard];
}

/* Room for the books, and the lanes' shares of the flat arrays. */
static void lay_out(struct script *script) {
    struct ledger *ledger = script->ledger;
    sum_up(script->order_first, script->shards);
    sum_up(ledger->first, script->shards);
    ledger->sent_ns = must_alloc_zeroed(ledger->events, sizeof *ledger->sent_ns);
    ledger->received = must_alloc_zeroed(ledger->events, 1);
    script->order = must_alloc(script->steps_count * sizeof *script->order);
    script->ends = must_alloc(script->steps_count * sizeof *script->ends);
    script->lanes = must_alloc_zeroed((size_t)script->shards, sizeof *script->lanes);
    for (int shard = 0; shard < script->shards; shard++) {
        script->lanes[shard].ends = script->ends + script->order_first[shard];
        script->lanes[shard].sent_ns = ledger->sent_ns + ledger->first[shard];
    }
    for (uint32_t i = 0; i < script->steps_count; i++) {
        uint32_t shard = script->steps[i].shard;
        struct lane *lane = &script->lanes[shard];
        script->order[script->order_first[shard] + lane->pieces++] = i;
    }
}

struct script *script_plan(const struct arrivals *arrivals, const struct corpus *corpus, int shards, int guilds) {
    struct script *script = must_alloc_zeroed(1, sizeof *script);
    struct ledger *ledger = must_alloc_zeroed(1, sizeof *ledger);
    script->corpus = corpus;
    script->shards = ledger->shards = shards;
    script->burst = arrivals->burst;
    script->ledger = ledger;
    script->order_first = must_alloc_zeroed((size_t)shards + 1, sizeof *script->order_first);
    ledger->first = must_alloc_zeroed((size_t)shards + 1, sizeof *ledger->first);
    ledger->base = must_alloc_zeroed((size_t)shards, sizeof *ledger->base);
    struct planner planner = {.script = script,
                              .random = 42 + (uint64_t)(arrivals->rate * 1000) + arrivals->count,
                              .guilds = guilds,
                              .acked = must_alloc_zeroed((size_t)shards, sizeof *planner.acked)};
    if (arrivals->burst) {
        plan_burst(&planner, arrivals->count);
    } else {
        plan_arrivals(&planner, arrivals->rate, arrivals->seconds);
    }
    free(planner.acked);
    lay_out(script);
    return script;
}

static void encode_lane(struct script *script, int shard, struct buffer *event) {
    struct lane *lane = &script->lanes[shard];
    struct compressor *compressor = lane->connection->compressor;
    int64_t sequence = script->ledger->base[shard];
    const uint32_t *order = script->order + script->order_first[shard];
    for (uint32_t i = 0; i < lane->pieces; i++) {
        const struct step *step = &script->steps[order[i]];
        bool is_event = step->line != STEP_ACK;
        if (!is_event || step->ack_ahead) compressor_frame(compressor, (const uint8_t *)ACK, sizeof ACK - 1, &lane->bytes);
        if (is_event) {
            uint64_t guild = guild_id(shard, script->shards, step->guild);
            line_write(&script->corpus->lines[step->line], ++sequence, guild, event);
            compressor_frame(compressor, buffer_bytes(event), buffer_length(event), &lane->bytes);
        }
        lane->ends[i] = lane->bytes.end * 2 + is_event;
    }
}

static void *encode_lanes(void *argument) {
    struct script *script = argument;
    struct buffer event = {0};
    int shard;
    while ((shard = atomic_fetch_add(&script->next_lane, 1)) < script->shards) encode_lane(script, shard, &event);
    buffer_free(&event);
    return NULL;
}

void script_encode(struct script *script) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int helpers = (int)(processors < MAX_ENCODERS ? processors : MAX_ENCODERS) - 1;
    pthread_t threads[MAX_ENCODERS];
    for (int i = 0; i < helpers; i++) {
        errno = pthread_create(&threads[i], NULL, encode_lanes, script);
        if (errno != 0) die("no thread");
    }
    encode_lanes(script);
    for (int i = 0; i < helpers; i++) pthread_join(threads[i], NULL);
}

void script_free(struct script *script) {
    for (int shard = 0; shard < script->shards; shard++) buffer_free(&script->lanes[shard].bytes);
    free(script->lanes);
    free(script->ends);
    free(script->order);
    free(script->order_first);
    free(script->steps);
    free(script);
}

void ledger_free(struct ledger *ledger) {
    if (ledger == NULL) return;
    free(ledger->first);
    free(ledger->base);
    free(ledger->sent_ns);
    free(ledger->received);
    free(ledger);
}
