package gw.supervisor.delivery.http;

import gw.model.Secret;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where and how to POST.
 *
 * @param url http or https
 * @param secret goes out as the {@code Authorization} header, as it is
 * @param timeout from the start of a request to the end of its answer
 * @param connectTimeout for TCP, and for TLS
 * @param batched whether each body is a list of events
 */
public record HttpSinkSettings(
        URI url,
        Optional<Secret> secret,
        Duration timeout,
        Duration connectTimeout,
        String userAgent,
        boolean batched) {}
