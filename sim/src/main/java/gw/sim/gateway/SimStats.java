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
 * @param sessionsByCount that live, by shard count: more than one while a bot is resharded
 * @param identifiesByCount accepted, ever, by shard count
 * @param underWay events that happened and of which a session has not been told yet; they are not
 *     among those sent. It is 0 without a skew
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
        Map<Integer, Integer> sessionsByCount,
        Map<Integer, Long> identifiesByCount,
        long underWay,
        InteractionStats interactions,
        Map<String, Long> violations) {}
