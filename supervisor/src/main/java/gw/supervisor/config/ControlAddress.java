package gw.supervisor.config;

import java.nio.file.Path;

/** Where the control API listens. */
public sealed interface ControlAddress {
    /** A Unix socket, open to the user who owns it. */
    record Unix(Path path) implements ControlAddress {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** A TCP address, in plain text: meant for the loopback. */
    record Tcp(String host, int port) implements ControlAddress {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
