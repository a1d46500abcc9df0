package gw.supervisor.delivery.http;

import java.net.URI;

/** The bot's URL, taken apart. */
record Target(boolean secure, String host, int port, String hostHeader, String path) {
    /**
     * Reads it.
     *
     * @throws IllegalArgumentException when nothing can be POSTed there
     */
    static Target of(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme();
        boolean secure = scheme.equalsIgnoreCase("https");
        if (!secure && !scheme.equalsIgnoreCase("http")) {
            throw new IllegalArgumentException(
                    "url: its scheme is "
                            + (scheme.isEmpty() ? "missing" : scheme)
                            + " (expected: http or https)");
        }
        if (url.getHost() == null) {
            throw new IllegalArgumentException("url: it has no host");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "url: it holds a user or a password; use the secret, which goes into the"
                            + " Authorization header");
        }
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        String path =
                url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String host = url.getHost();
        return new Target(
                secure,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                port,
                url.getPort() >= 0 ? host + ":" + port : host,
                path + query);
    }

    /** Without the query, which may hold a secret. */
    String display() {
        int query = path.indexOf('?');
        return (secure ? "https://" : "http://")
                + hostHeader
                + (query < 0 ? path : path.substring(0, query) + "?...");
    }
}
