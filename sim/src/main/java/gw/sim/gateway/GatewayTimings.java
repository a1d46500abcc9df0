package gw.sim.gateway;

import java.time.Duration;

/**
 * What Discord doesn't tell its clients.
 *
 * @param identifyWithin a connection that is silent for longer after HELLO is closed
 * @param heartbeatSlack beyond 1.25 intervals
 * @param sessionLifetime how long a session lives without a connection
 * @param closeWithin how long a client may take to answer a close frame
 */
public record GatewayTimings(
        Duration identifyWithin,
        Duration heartbeatSlack,
        Duration sessionLifetime,
        Duration closeWithin) {
    /** As Discord's are believed to be. */
    public static final GatewayTimings DISCORD =
            new GatewayTimings(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(3),
                    Duration.ofSeconds(2));
}
