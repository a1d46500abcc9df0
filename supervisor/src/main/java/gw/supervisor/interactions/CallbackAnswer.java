package gw.supervisor.interactions;

import java.time.Duration;

/** What Discord said to a callback, as far as it matters for what comes next. */
public sealed interface CallbackAnswer {
    /** 2xx: the interaction is acknowledged. */
    record Taken() implements CallbackAnswer {}

    /** 40060: somebody acknowledged it before. */
    record Acknowledged() implements CallbackAnswer {}

    /** 10062: its 3 s are over. */
    record Unknown() implements CallbackAnswer {}

    /**
     * 429.
     *
     * @param global whether nothing at all may be sent before
     */
    record SlowDown(Duration retryAfter, boolean global) implements CallbackAnswer {}

    /** 401 or 403: something between gw and Discord wants no calls; more of them end in a ban. */
    record Blocked(int status) implements CallbackAnswer {}

    /** Any other answer that will not change. */
    record Refused(int status, int code) implements CallbackAnswer {}

    /**
     * 5xx, or no answer: whether it was taken is not known.
     *
     * @param reason in words, for people; holds no URL
     */
    record Broken(String reason) implements CallbackAnswer {}
}
