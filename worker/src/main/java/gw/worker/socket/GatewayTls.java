package gw.worker.socket;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.OpenSsl;
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

/** How {@code wss://} is spoken: TLS 1.3 or 1.2, certificate and host name verified. */
final class GatewayTls {
    private GatewayTls() {}

    /** Trusts the authorities that the JDK trusts. */
    static SslContext trustedByTheJdk() {
        return client(provider(), null);
    }

    /**
     * BoringSSL where its native library loads, the JDK elsewhere: docs/decisions/tls-provider.md.
     */
    static SslProvider provider() {
        System.Logger log = System.getLogger(GatewayTls.class.getName());
        if (OpenSsl.isAvailable()) {
            log.log(System.Logger.Level.DEBUG, "TLS by " + OpenSsl.versionString());
            return SslProvider.OPENSSL;
        }
        log.log(
                System.Logger.Level.DEBUG,
                "TLS by the JDK, the native library doesn't load: "
                        + OpenSsl.unavailabilityCause());
        return SslProvider.JDK;
    }

    /**
     * A client's context.
     *
     * @param trust who vouches for a server; null: the authorities that the JDK trusts
     */
    static SslContext client(SslProvider provider, @Nullable TrustManagerFactory trust) {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(provider)
                    .trustManager(trust)
                    .endpointIdentificationAlgorithm("HTTPS")
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /** Why a handshake failed, in words for people. */
    static SocketClose refusal(Throwable failure, String host, Duration timeout) {
        return new SocketClose(
                SocketClose.Cause.CONNECT_FAILED, 0, "TLS: " + words(failure, host, timeout));
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
        String said = FrameHandler.words(bottom);
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
