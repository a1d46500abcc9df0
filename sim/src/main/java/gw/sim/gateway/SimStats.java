package gw.sim.gateway;

import gw.sim.interaction.InteractionStats;

import java.util.Map;

/**
 * What happened so far.
 *
 * @param connections open now
 * @param opened ever
 * @param identifies accepted, ever
 * @param resumes accepted, ever
 * @param sessions that live
 * @param sessionsEnded by the sim itself: each forces one identify
 * @param sent dispatches, ever
 * @param startsRemaining of the session start limit
 * @param interactions and their answers
 * @param violations by kind
 */
public record SimStats(
        int connections,
        long opened,
        long identifies,
        long resumes,
        int sessions,
        long sessionsEnded,
        long sent,
        int startsRemaining,
        InteractionStats interactions,
        Map<String, Long> violations) {}
