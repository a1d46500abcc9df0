package gw.worker.socket;

import gw.model.TransportCompression;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where to connect. The query is set anew on every URL, the resume URL too.
 *
 * @param uri with version, encoding and compression in its query
 * @param secure whether TLS is spoken
 */
record GatewayUrl(URI uri, String host, int port, boolean secure) {
    /**
     * Reads what Discord gave.
     *
     * @throws IllegalArgumentException when it is no {@code ws://} or {@code wss://} URL with a
     *     host
     */
    static GatewayUrl of(String url, int apiVersion, TransportCompression compression) {
        URI given;
        try {
            given = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("gateway URL can't be read: " + e.getReason(), e);
        }
        boolean secure = "wss".equalsIgnoreCase(given.getScheme());
        if (given.getHost() == null || !(secure || "ws".equalsIgnoreCase(given.getScheme()))) {
            throw new IllegalArgumentException(
                    "gateway URL: " + url + " (expected: wss://host or ws://host)");
        }
        int port = given.getPort() >= 0 ? given.getPort() : secure ? 443 : 80;
        String path = given.getRawPath() == null ? "" : given.getRawPath();
        String query =
                "?v="
                        + apiVersion
                        + "&encoding=json"
                        + (compression.isTransport() ? "&compress=" + compression.wireName() : "");
        URI uri =
                URI.create(
                        (secure ? "wss" : "ws")
                                + "://"
                                + given.getHost()
                                + ":"
                                + port
                                + (path.isEmpty() ? "/" : path)
                                + query);
        return new GatewayUrl(uri, unbracketed(given.getHost()), port, secure);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
