package gw.supervisor.authority;

import gw.model.Secret;

import io.grpc.Metadata;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Shows to somebody who knows the bot's token that one knows it, too; the token never travels. */
final class TokenProof {
    static final Metadata.Key<String> HEADER =
            Metadata.Key.of("gw-identify-auth", Metadata.ASCII_STRING_MARSHALLER);

    private static final String ALGORITHM = "HmacSHA256";

    private final Secret token;

    TokenProof(Secret token) {
        this.token = token;
    }

    /**
     * The caller's.
     *
     * @param nonce 32 hex digits that were never used before
     */
    String header(long millis, String nonce) {
        return "v1:" + millis + ":" + nonce + ":" + HexFormat.of().formatHex(call(millis, nonce));
    }

    /** Whether this MAC, in hex digits, is the one of such a call. */
    boolean isOfCall(String mac, String millis, String nonce) {
        return MessageDigest.isEqual(mac(callText(millis, nonce)), HexFormat.of().parseHex(mac));
    }

    /** The authority's answer to the call with this nonce. */
    byte[] welcome(String nonce) {
        return mac("gw identify authority welcome|" + nonce);
    }

    boolean isWelcome(byte[] proof, String nonce) {
        return MessageDigest.isEqual(welcome(nonce), proof);
    }

    private byte[] call(long millis, String nonce) {
        return mac(callText(Long.toString(millis), nonce));
    }

    private static String callText(String millis, String nonce) {
        return "gw identify authority|" + millis + "|" + nonce;
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(token.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
