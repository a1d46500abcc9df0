package gw.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A token or password that must never be printed (P8). It shows itself as {@code ***}; {@link
 * #reveal()} is called only where the value goes on the wire. Immutable.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /**
     * Wraps a secret.
     *
     * @throws IllegalArgumentException when it is empty or holds a line break or another control
     *     character, which no HTTP header can carry
     */
    public static Secret of(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("it is empty");
        }
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                throw new IllegalArgumentException("it holds a control character at position " + i);
            }
        }
        return new Secret(value);
    }

    /** The value itself, for the wire alone. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8),
                        secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
