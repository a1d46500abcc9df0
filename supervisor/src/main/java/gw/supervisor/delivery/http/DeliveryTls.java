package gw.supervisor.delivery.http;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.ssl.SslProvider;

import org.jspecify.annotations.Nullable;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;

import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/** How {@code https://} is spoken to the bot: certificate and host name verified. */
final class DeliveryTls {
    private DeliveryTls() {}

    /**
     * A client's context.
     *
     * @param trust who vouches for the bot; null: the authorities that the JDK trusts
     */
    static SslContext client(@Nullable TrustManagerFactory trust) {
        try {
            // Said aloud, or Netty would take the worker's native library, which is beside.
            return SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .trustManager(trust)
                    .endpointIdentificationAlgorithm("HTTPS")
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /** Why a handshake failed, in words for people. */
    static String refusal(Throwable failure, String host, Duration timeout) {
        return "TLS: " + words(failure, host, timeout);
    }

    private static String words(Throwable failure, String host, Duration timeout) {
        if (failure instanceof SslHandshakeTimeoutException) {
            return "no handshake within " + timeout.toMillis() + " ms";
        }
        if (failure instanceof NotSslRecordException) {
            return host + " answers something else than TLS";
        }
        // The reason lies at the bottom: what wraps it names only the JDK's classes.
        Throwable bottom = failure;
        for (Throwable next = failure.getCause(); next != null; next = next.getCause()) {
            bottom = next;
        }
        String said = HttpSink.words(bottom);
        return switch (bottom) {
            case CertificateExpiredException _ -> "certificate of " + host + " expired: " + said;
            case CertificateNotYetValidException _ ->
                    "certificate of " + host + " isn't valid yet: " + said;
            case CertPathBuilderException _ ->
                    "certificate of " + host + " comes from no trusted authority: " + said;
            case CertificateException _ -> "certificate of " + host + " is refused: " + said;
            default -> said;
        };
    }
}
