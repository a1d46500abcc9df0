#include "commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

#define MAX_RATE 1000000
#define MAX_SECONDS 600
#define RECEIVE_WITHIN_NS (10 * NS_PER_SECOND)
/* Sockets that take no more hold a phase up; this much longer than planned, then it is cut off. */
#define SEND_WITHIN_NS (60 * NS_PER_SECOND)
#define BURST_WITHIN_NS (120 * NS_PER_SECOND)
#define DRAIN_WITHIN_NS (60 * NS_PER_SECOND)
#define LOOK_EVERY_US 5000

static int64_t thread_cpu(pthread_t thread) {
    clockid_t clock;
    return pthread_getcpuclockid(thread, &clock) == 0 ? clock_ns(clock) : 0;
}

static void error(const char *what) {
    printf("{\"error\":\"%s\"}\n", what);
}

/* A phase's bytes must leave room for what is measured beside it. */
static bool fits(const struct corpus *corpus, double events) {
    double bytes = events * ((double)corpus->average + 64);
    return events <= PHASE_MAX_EVENTS && bytes < 0.5 * (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

struct phase_run {
    struct ledger *ledger;
    int64_t discord_cpu, bot_cpu;
    unsigned lost;
};

static bool all_received(const struct ledger *ledger) {
    return atomic_load(&ledger->received_count) >= atomic_load(&ledger->sent);
}

/* Until all is sent, and then until all is received; each for no longer than it may take. */
static void wait_for(struct blast *blast, struct sender_call *call, int64_t send_within) {
    struct ledger *ledger = call->script->ledger;
    int64_t until = now_ns() + send_within;
    while (!atomic_load(&blast->discord.sending.done)) {
        usleep(LOOK_EVERY_US);
        if (now_ns() > until) {
            doorbell_ring(&blast->discord.bell, sender_abort, call);
            until = INT64_MAX;
        }
    }
    until = now_ns() + RECEIVE_WITHIN_NS;
    while (!blast->down && !all_received(ledger) && now_ns() < until) usleep(LOOK_EVERY_US);
}

static void print_result(struct blast *blast, const struct phase_run *run, const struct receipts *receipts, bool sustain) {
    const struct sending *sending = &blast->discord.sending;
    const struct histogram *latency = &receipts->latency;
    uint64_t sent = atomic_load(&run->ledger->sent), received = atomic_load(&run->ledger->received_count);
    printf("{\"sent\":%" PRIu64 ",\"received\":%" PRIu64 ",\"duplicates\":%" PRIu64 ",\"missing\":%" PRIu64
           ",\"disconnects\":%u,\"seconds\":%.6f",
           sent, received, receipts->duplicates, sent - received, run->lost,
           receipts->last_ns == 0 ? 0.0 : (double)(receipts->last_ns - sending->first_ns) / 1e9);
    printf(",\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f", (double)histogram_quantile(latency, 0.5) / 1e3,
           (double)histogram_quantile(latency, 0.9) / 1e3, (double)histogram_quantile(latency, 0.99) / 1e3,
           (double)histogram_quantile(latency, 0.999) / 1e3, (double)latency->max / 1e3);
    printf(",\"requests\":%" PRIu64 ",\"discordCpu\":%.6f,\"botCpu\":%.6f,\"unknown\":%" PRIu64, receipts->requests,
           (double)run->discord_cpu / 1e9, (double)run->bot_cpu / 1e9, receipts->unknown);
    printf(",\"sendLateP99\":%.1f,\"sendLateMax\":%.1f", (double)histogram_quantile(&sending->late, 0.99) / 1e3,
           (double)sending->late.max / 1e3);
    if (sustain) printf(",\"lagMax\":%u,\"lagEnd\":%u", sending->lag_max, sending->lag_end);
    printf("}\n");
}

static void phase(struct blast *blast, const struct arrivals *arrivals, bool sustain) {
    if (!fits(blast->corpus, arrivals->burst ? arrivals->count : arrivals->rate * arrivals->seconds)) {
        error("a phase has at most 5000000 events, and takes at most half of the memory");
        return;
    }
    const struct discord_settings *settings = &blast->discord.settings;
    struct script *script = script_plan(arrivals, blast->corpus, settings->shards, settings->guilds);
    struct sender_call sender = {.discord = &blast->discord, .script = script};
    doorbell_ring(&blast->discord.bell, sender_prepare, &sender);
    if (!sender.ok) {
        ledger_free(script->ledger);
        script_free(script);
        error("not all shards are ready");
        return;
    }
    script_encode(script);
    struct bot_call bot = {.bot = &blast->bot, .ledger = script->ledger};
    doorbell_ring(&blast->bot.bell, bot_begin, &bot);
    blast->given_up += bot.given_up;
    struct phase_run run = {.ledger = script->ledger,
                            .discord_cpu = -thread_cpu(blast->discord.thread),
                            .bot_cpu = -thread_cpu(blast->bot.thread),
                            .lost = -atomic_load(&blast->discord.lost)};
    doorbell_ring(&blast->discord.bell, sender_start, &sender);
    wait_for(blast, &sender,
             arrivals->burst ? BURST_WITHIN_NS : (int64_t)(arrivals->seconds * NS_PER_SECOND) + SEND_WITHIN_NS);
    run.discord_cpu += thread_cpu(blast->discord.thread);
    run.bot_cpu += thread_cpu(blast->bot.thread);
    run.lost += atomic_load(&blast->discord.lost);
    script_free(script);
    static struct receipts receipts;
    bot.receipts = &receipts;
    doorbell_ring(&blast->bot.bell, bot_report, &bot);
    blast->sent += atomic_load(&run.ledger->sent);
    blast->drained_from = atomic_load(&blast->bot.received);
    print_result(blast, &run, &receipts, sustain);
}

static void paced(struct blast *blast, const char *arguments, bool sustain) {
    struct arrivals arrivals = {0};
    char more;
    if (sscanf(arguments, "%lf %lf %c", &arrivals.rate, &arrivals.seconds, &more) != 2 || !(arrivals.rate > 0) ||
        arrivals.rate > MAX_RATE || !(arrivals.seconds > 0) || arrivals.seconds > MAX_SECONDS) {
        error("run and sustain: RATE (to 1000000) SECONDS (to 600)");
        return;
    }
    phase(blast, &arrivals, sustain);
}

static void burst(struct blast *blast, const char *arguments) {
    struct arrivals arrivals = {.burst = true};
    char more;
    if (sscanf(arguments, "%" SCNu32 " %c", &arrivals.count, &more) != 1 || arrivals.count == 0 ||
        arrivals.count > PHASE_MAX_EVENTS) {
        error("burst: COUNT (1 to 5000000)");
        return;
    }
    phase(blast, &arrivals, false);
}

static void wait_ready(struct blast *blast, const char *arguments) {
    int shards;
    double seconds;
    char more;
    if (sscanf(arguments, "%d %lf %c", &shards, &seconds, &more) != 2 || !(seconds >= 0) || seconds > MAX_SECONDS) {
        error("wait: SHARDS SECONDS (to 600)");
        return;
    }
    int64_t until = now_ns() + (int64_t)(seconds * NS_PER_SECOND);
    while (atomic_load(&blast->discord.ready) < shards && now_ns() < until) usleep(LOOK_EVERY_US);
    printf("{\"ready\":%d}\n", atomic_load(&blast->discord.ready));
}

static void drain(struct blast *blast) {
    int64_t start = now_ns(), until = start + DRAIN_WITHIN_NS;
    uint64_t wanted = blast->sent - blast->given_up;
    while (atomic_load(&blast->bot.received) < wanted && now_ns() < until) usleep(LOOK_EVERY_US);
    uint64_t received = atomic_load(&blast->bot.received);
    int64_t last = atomic_load(&blast->bot.last_ns);
    printf("{\"received\":%" PRIu64 ",\"seconds\":%.6f,\"missing\":%" PRIu64 "}\n", received - blast->drained_from,
           last > start ? (double)(last - start) / 1e9 : 0.0, wanted > received ? wanted - received : 0);
    blast->drained_from = received;
}

static void up_or_down(struct blast *blast, bool down) {
    struct bot_call call = {.bot = &blast->bot};
    doorbell_ring(&blast->bot.bell, down ? bot_down : bot_up, &call);
    if (!call.ok) {
        error("the port is in use by another program now");
        return;
    }
    blast->down = down;
    blast->drained_from = atomic_load(&blast->bot.received);
    printf("{\"ok\":true}\n");
}

/* What stands behind a command's name, or NULL when it is another one. */
static const char *after(const char *line, const char *name) {
    size_t length = strlen(name);
    if (strncmp(line, name, length) != 0 || (line[length] != '\0' && line[length] != ' ')) return NULL;
    return line + length;
}

bool command(struct blast *blast, const char *line) {
    const char *arguments;
    if ((arguments = after(line, "run")) != NULL) {
        paced(blast, arguments, false);
    } else if ((arguments = after(line, "sustain")) != NULL) {
        paced(blast, arguments, true);
    } else if ((arguments = after(line, "burst")) != NULL) {
        burst(blast, arguments);
    } else if ((arguments = after(line, "wait")) != NULL) {
        wait_ready(blast, arguments);
    } else if (after(line, "drain") != NULL) {
        drain(blast);
    } else if (after(line, "down") != NULL) {
        up_or_down(blast, true);
    } else if (after(line, "up") != NULL) {
        up_or_down(blast, false);
    } else if (after(line, "quit") != NULL) {
        return false;
    } else {
        error("commands: run, burst, sustain, down, up, drain, wait, quit");
    }
    return true;
}
