package gw.worker.shard;

import java.time.Duration;

/**
 * What the machine must know.
 *
 * @param mainUrl the gateway's, for new sessions and when the resume URL fails
 * @param connectTimeout bound on DNS, TCP, TLS and upgrade together
 * @param helloTimeout bound on HELLO
 * @param sessionTimeout bound on READY, and on silence between RESUME and RESUMED
 */
public record ShardSettings(
        String mainUrl, Duration connectTimeout, Duration helloTimeout, Duration sessionTimeout) {}
