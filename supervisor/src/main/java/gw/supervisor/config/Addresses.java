package gw.supervisor.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Readers of URLs and of the control API's address. */
final class Addresses {
    /** Longest path of a Unix socket, in bytes. */
    private static final int LONGEST_SOCKET_PATH = 107;

    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):([0-9]{1,5})");
    private static final Pattern VERSION = Pattern.compile(".*/v[0-9]+");

    private Addresses() {}

    /** Where events go: http or https, with a host and without a user. */
    static URI target(Given given) throws BadValueException {
        return url(given, "http://127.0.0.1:8080/events");
    }

    /** Discord's REST API, or a proxy in front of it. */
    static URI api(Given given) throws BadValueException {
        String example = "https://discord.com/api";
        URI url = url(given, example);
        String text = url.toString().replaceFirst("/+$", "");
        if (url.getRawQuery() != null) {
            throw given.bad("a URL without a query, such as " + example);
        }
        if (VERSION.matcher(text).matches()) {
            throw given.bad("a URL without the version, such as " + example);
        }
        if (isDiscord(url) && !"https".equalsIgnoreCase(url.getScheme())) {
            throw given.bad("https for Discord: the token must not travel in the clear");
        }
        return URI.create(text);
    }

    /** Whether Discord itself answers there, whose limits are not ours to choose. */
    static boolean isDiscord(URI url) {
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        return Pattern.matches("(.*\\.)?discord(app)?\\.com\\.?", host);
    }

    /**
     * {@code host:port}, or a path that starts with {@code /}, {@code ./}, {@code ~/} or {@code
     * unix:}.
     */
    static ControlAddress control(Given given) throws BadValueException {
        String text = given.text();
        boolean scheme = text.startsWith("unix:");
        String rest = scheme ? text.substring("unix:".length()) : text;
        String expected =
                "host:port, such as 127.0.0.1:7625, or the path of a Unix socket, such as"
                        + " /run/gw/control.sock";
        if (scheme || rest.startsWith("/") || rest.startsWith("./") || rest.startsWith("~/")) {
            Path path = given.path(rest);
            int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
            if (length > LONGEST_SOCKET_PATH) {
                throw given.bad(
                        "a path of at most "
                                + LONGEST_SOCKET_PATH
                                + " bytes, this one has "
                                + length);
            }
            return new ControlAddress.Unix(path);
        }
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            throw given.bad(expected);
        }
        int port = Integer.parseInt(matcher.group(2));
        if (port > 65_535) {
            throw given.bad("a port from 0 to 65535");
        }
        return new ControlAddress.Tcp(matcher.group(1).replaceAll("[\\[\\]]", ""), port);
    }

    /** The same of something that listens already: a port of its own choice can't be meant. */
    static ControlAddress elsewhere(Given given) throws BadValueException {
        ControlAddress address = control(given);
        if (address instanceof ControlAddress.Tcp tcp && tcp.port() == 0) {
            throw given.bad("a port from 1 to 65535");
        }
        return address;
    }

    /**
     * What the user should know when others than this machine's users can reach the control API.
     */
    static Optional<String> exposure(ControlAddress address) {
        return switch (address) {
            case ControlAddress.Unix _ -> Optional.empty();
            case ControlAddress.Tcp tcp ->
                    isLoopback(tcp.host())
                            ? Optional.empty()
                            : Optional.of(
                                    "the control API has no password and listens on "
                                            + tcp
                                            + ": whoever reaches it can restart your shards");
        };
    }

    private static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static URI url(Given given, String example) throws BadValueException {
        String expected = "a URL with http or https and a host, such as " + example;
        URI url;
        try {
            url = new URI(given.text());
        } catch (URISyntaxException e) {
            throw given.bad(expected);
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (url.getRawUserInfo() != null
                || String.valueOf(url.getRawAuthority()).indexOf('@') >= 0) {
            throw given.bad(
                    "a URL without a user and password",
                    "What the bot shall see in the Authorization header goes into GW_SECRET.");
        }
        if ((!scheme.equals("http") && !scheme.equals("https"))
                || url.getHost() == null
                || url.getPort() > 65_535
                || url.getPort() == 0) {
            throw given.bad(expected);
        }
        if (url.getRawFragment() != null) {
            throw given.bad("a URL without a fragment, such as " + example);
        }
        return url;
    }
}
