package gw.sim.gateway;

/**
 * The session start limit as it stands.
 *
 * @param remaining starts left
 * @param resetAfterMillis until there are all again
 */
public record SessionStarts(int remaining, long resetAfterMillis) {}
