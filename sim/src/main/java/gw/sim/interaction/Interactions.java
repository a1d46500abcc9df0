package gw.sim.interaction;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The interactions of the last 15 minutes, by token, and what was done with each. Owned by the
 * event loop.
 */
public final class Interactions {
    /** Within this a callback must come. */
    public static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** For so long a token is good. */
    public static final long LIFE_NANOS = TimeUnit.MINUTES.toNanos(15);

    private static final int MAX_KEPT = 100_000;

    /** What became of a callback. */
    public enum Callback {
        TAKEN,
        UNKNOWN,
        TOO_LATE,
        TWICE,
        WRONG_TYPE
    }

    /** What became of a follow-up. */
    public enum FollowUp {
        TAKEN,
        UNKNOWN,
        EXPIRED
    }

    private final Map<String, Interaction> byToken = new LinkedHashMap<>();
    private final Map<String, Long> acknowledged = new TreeMap<>();
    private long sent;
    private long tooLate;
    private long twice;
    private long followUps;
    private long followUpsRefused;
    private long limited;

    /** An INTERACTION_CREATE went to a session; one that is known already is not new. */
    public void dispatched(byte[] data, long nowNanos) {
        InteractionReader read = new InteractionReader();
        if (!read.read(data)) {
            return;
        }
        forgetOld(nowNanos);
        Interaction one = new Interaction(read.id, read.applicationId, read.type, nowNanos);
        if (byToken.putIfAbsent(read.token, one) == null) {
            sent++;
        }
    }

    private void forgetOld(long nowNanos) {
        Iterator<Interaction> oldest = byToken.values().iterator();
        // A minute more: an expired token is told from an unknown one.
        long life = LIFE_NANOS + TimeUnit.MINUTES.toNanos(1);
        while (oldest.hasNext()) {
            Interaction one = oldest.next();
            if (nowNanos - one.sentNanos < life && byToken.size() < MAX_KEPT) {
                return;
            }
            oldest.remove();
        }
    }

    /** The limit of this interaction's callback route; null: there is no such interaction. */
    public @Nullable RouteLimit callbackLimit(String token) {
        Interaction one = byToken.get(token);
        return one == null ? null : one.callbacks;
    }

    /** The limit of this interaction's webhook; null: there is no such interaction. */
    public @Nullable RouteLimit webhookLimit(String token) {
        Interaction one = byToken.get(token);
        return one == null ? null : one.webhook;
    }

    /** A call got a 429. */
    public void limited() {
        limited++;
    }

    /** A bot answers an interaction with a callback of this type, well formed but for the type. */
    public Callback callback(String id, String token, int type, long nowNanos) {
        Interaction one = byToken.get(token);
        if (one == null || !one.id.equals(id)) {
            return Callback.UNKNOWN;
        }
        if (one.acknowledgedAs != 0) {
            twice++;
            return Callback.TWICE;
        }
        if (nowNanos - one.sentNanos > ANSWER_NANOS) {
            tooLate++;
            return Callback.TOO_LATE;
        }
        if (!fits(one.type, type)) {
            return Callback.WRONG_TYPE;
        }
        one.acknowledgedAs = type;
        acknowledged.merge(Integer.toString(type), 1L, Long::sum);
        return Callback.TAKEN;
    }

    private static boolean fits(int interactionType, int callbackType) {
        return switch (interactionType) {
            case 1 -> callbackType == 1;
            case 2 -> callbackType == 4 || callbackType == 5 || isWindow(callbackType);
            case 3 -> (callbackType >= 4 && callbackType <= 7) || isWindow(callbackType);
            case 4 -> callbackType == 8;
            case 5 -> (callbackType >= 4 && callbackType <= 7) || callbackType == 12;
            default -> false;
        };
    }

    /** MODAL, PREMIUM_REQUIRED, LAUNCH_ACTIVITY. */
    private static boolean isWindow(int callbackType) {
        return callbackType == 9 || callbackType == 10 || callbackType == 12;
    }

    /** A bot sends or edits a message by an interaction's token. */
    public FollowUp followUp(String applicationId, String token, long nowNanos) {
        Interaction one = byToken.get(token);
        // An autocomplete has no message that could be followed.
        if (one == null
                || !one.applicationId.equals(applicationId)
                || one.acknowledgedAs == 0
                || one.acknowledgedAs == 8) {
            followUpsRefused++;
            return FollowUp.UNKNOWN;
        }
        if (nowNanos - one.sentNanos > LIFE_NANOS) {
            followUpsRefused++;
            return FollowUp.EXPIRED;
        }
        followUps++;
        return FollowUp.TAKEN;
    }

    /** How it stands. */
    public InteractionStats stats() {
        return new InteractionStats(
                sent,
                Map.copyOf(acknowledged),
                tooLate,
                twice,
                followUps,
                followUpsRefused,
                limited);
    }
}
