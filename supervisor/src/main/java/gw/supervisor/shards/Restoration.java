package gw.supervisor.shards;

import gw.model.Session;
import gw.supervisor.log.KeptSession;
import gw.supervisor.plan.ShardPlan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of the sessions that the log has kept can go on under a plan: those of the same shard, count
 * and intents. Immutable.
 *
 * @param sessions to be resumed, by shard
 * @param losses ids of sessions that are over, by shard: the bot is to be told before the next
 *     READY
 * @param givenUp how many of the losses Discord had not ended
 * @param notices what there is to say about it, line by line
 */
public record Restoration(
        Map<Integer, Session> sessions,
        Map<Integer, String> losses,
        int givenUp,
        List<String> notices) {
    /** Nothing was kept. */
    public static final Restoration NONE = new Restoration(Map.of(), Map.of(), 0, List.of());

    public Restoration {
        sessions = Map.copyOf(sessions);
        losses = Map.copyOf(losses);
        notices = List.copyOf(notices);
    }

    /**
     * Decides for each session; of several of one shard the last counts.
     *
     * @param intents those of the IDENTIFYs to come
     */
    public static Restoration of(List<KeptSession> kept, ShardPlan plan, long intents) {
        int count = plan.shards().count();
        Map<Integer, Session> sessions = new TreeMap<>();
        Map<Integer, String> losses = new TreeMap<>();
        Map<Integer, KeptSession> last = new TreeMap<>();
        int otherCount = 0;
        for (KeptSession each : kept) {
            if (!plan.shards().contains(each.shardId())
                    || each.sessionId().isEmpty()
                    || each.sequence() < 0) {
                continue;
            }
            if (each.shardCount() == count && each.ended()) {
                losses.put(each.shardId(), each.sessionId());
            } else if (each.shardCount() == count) {
                last.put(each.shardId(), each);
            } else if (!each.ended()) {
                otherCount++;
                losses.put(each.shardId(), each.sessionId());
            }
        }
        int givenUp = 0;
        for (KeptSession each : last.values()) {
            if (each.intents() != intents) {
                losses.put(each.shardId(), each.sessionId());
                givenUp++;
            } else {
                if (each.sequence() > 0) {
                    // With its first events the end of the one before was announced.
                    losses.remove(each.shardId());
                }
                sessions.put(
                        each.shardId(),
                        new Session(each.sessionId(), each.resumeUrl(), each.sequence()));
            }
        }
        List<String> notices = new ArrayList<>();
        if (givenUp > 0) {
            notices.add("intents changed: " + notResumed(givenUp));
        }
        if (otherCount > 0) {
            notices.add("the shard count is " + count + " now: " + notResumed(otherCount));
        }
        return new Restoration(sessions, losses, givenUp, notices);
    }

    private static String notResumed(int count) {
        return count + (count == 1 ? " session is" : " sessions are") + " not resumed";
    }
}
