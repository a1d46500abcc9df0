package gw.sim.check;

import gw.sim.bot.SenderFault;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of everything that the sim sent. What several sessions had of one happening are
 * copies: one is owed. Sent are those received, duplicated, missing, announced as lost, ended with
 * their session, and spare.
 *
 * @param sent dispatches given to sessions, every copy counted
 * @param received of those, each happening counted once
 * @param redelivered further receptions of the same id
 * @param duplicated see {@link Flaw#DUPLICATED}
 * @param spare not received and not owed: copies of what came, or is counted elsewhere here, and
 *     what is a session's own when that began beside others
 * @param missing see {@link Flaw#MISSING}
 * @param announcedLost not received, and the bot was told so
 * @param endedWithSession not received, not announced, and not owed: the sim ended the session and
 *     these were its last
 * @param outOfOrder see {@link Flaw#OUT_OF_ORDER}
 * @param corrupted see {@link Flaw#CORRUPTED}
 * @param unknown see {@link Flaw#UNKNOWN}
 * @param falseGaps see {@link Flaw#FALSE_GAP}
 * @param unchecked received after the ledger was full: nothing is known of them
 * @param botFull whether the bot could not keep all: what is missing may have come
 * @param senderFaults broken requests, by kind
 * @param latency from session to bot, of first receptions; empty when nothing came
 * @param warmLatency the same of events that were sent after the first 15 s, when the JVMs are warm
 *     and the guilds have come
 * @param first the first ten of each flaw, in words
 */
public record Balance(
        long sent,
        long received,
        long redelivered,
        long duplicated,
        long spare,
        long missing,
        long announcedLost,
        long endedWithSession,
        long outOfOrder,
        long corrupted,
        long unknown,
        long falseGaps,
        long unchecked,
        boolean botFull,
        Map<SenderFault, Long> senderFaults,
        Optional<Latency> latency,
        Optional<Latency> warmLatency,
        Map<Flaw, List<String>> first) {
    /**
     * Whether all that was owed came as it was, in order, or was truly announced as lost.
     * Redeliveries are allowed.
     */
    public boolean balanced() {
        return missing == 0
                && duplicated == 0
                && outOfOrder == 0
                && corrupted == 0
                && unknown == 0
                && falseGaps == 0
                && senderFaults.isEmpty()
                && !botFull;
    }

    /** The counts and the first offenders, in lines. */
    public String explain() {
        StringBuilder out = new StringBuilder();
        out.append(balanced() ? "balanced" : "NOT balanced")
                .append(": sent ")
                .append(sent)
                .append(", received ")
                .append(received)
                .append(", redelivered ")
                .append(redelivered)
                .append(", duplicated ")
                .append(duplicated)
                .append(", spare ")
                .append(spare)
                .append(", missing ")
                .append(missing)
                .append(", announced as lost ")
                .append(announcedLost)
                .append(", ended with their session ")
                .append(endedWithSession)
                .append(", out of order ")
                .append(outOfOrder)
                .append(", corrupted ")
                .append(corrupted)
                .append(", unknown ")
                .append(unknown)
                .append(", false gaps ")
                .append(falseGaps);
        latency.ifPresent(found -> out.append("\nlatency: ").append(found.words()));
        warmLatency.ifPresent(
                found -> out.append("\nlatency after the first 15 s: ").append(found.words()));
        senderFaults.forEach((fault, count) ->
                out.append("\nbroken requests, ").append(fault.name()).append(": ").append(count));
        if (unchecked > 0) {
            out.append("\nnot checked: ")
                    .append(unchecked)
                    .append(" events came after the sim's ledger was full");
        }
        if (botFull) {
            out.append("\nthe bot could not keep all that came: this proves nothing");
        }
        first.forEach((flaw, offenders) -> {
            out.append('\n').append(flaw.words()).append(':');
            offenders.forEach(offender -> out.append("\n  ").append(offender));
        });
        return out.toString();
    }
}
