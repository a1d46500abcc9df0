package gw.supervisor.delivery.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates made for one test run by the JDK's keytool, and an authority for them. */
final class TestCertificates {
    private static final String STORE = "keys.p12";
    private static final String PASSWORD = "changeit";
    private static final String AUTHORITY = "authority";

    private final Path store;

    private TestCertificates(Path directory) {
        store = directory.resolve(STORE);
    }

    /**
     * An authority without certificates yet.
     *
     * @param directory exists; the keys are kept there
     */
    static TestCertificates create(Path directory) throws IOException, InterruptedException {
        TestCertificates made = new TestCertificates(directory);
        made.keytool(AUTHORITY, "CN=Test Authority", "-ext", "bc:c");
        return made;
    }

    /** A certificate of the authority's, valid from yesterday on. */
    TestCertificates issue(String alias, String names) throws IOException, InterruptedException {
        keytool(alias, "CN=" + alias, "-signer", AUTHORITY, "-ext", "san=" + names);
        return this;
    }

    /** A certificate of the authority's whose time was over yesterday. */
    TestCertificates issueExpired(String alias, String names)
            throws IOException, InterruptedException {
        keytool(
                alias,
                "CN=" + alias,
                "-signer",
                AUTHORITY,
                "-ext",
                "san=" + names,
                "-startdate",
                "-10d",
                "-validity",
                "9");
        return this;
    }

    /** A certificate that vouches for itself. */
    TestCertificates selfSign(String alias, String names) throws IOException, InterruptedException {
        keytool(alias, "CN=" + alias, "-ext", "san=" + names);
        return this;
    }

    /** Trusts the authority and nobody else. */
    TrustManagerFactory trust() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(AUTHORITY, load().getCertificate(AUTHORITY));
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory;
    }

    /** What a server needs to show one certificate and no other. */
    KeyManagerFactory keys(String alias) throws IOException, GeneralSecurityException {
        KeyStore all = load();
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(
                alias,
                all.getKey(alias, PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                all.getCertificateChain(alias));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(one, PASSWORD.toCharArray());
        return factory;
    }

    /** A server's context that shows one certificate. */
    SSLContext server(String alias) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(alias).getKeyManagers(), null, null);
        return context;
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD.toCharArray());
        }
        return loaded;
    }

    private void keytool(String alias, String name, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        Collections.addAll(
                command,
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                alias,
                "-dname",
                name);
        Collections.addAll(command, more);
        if (!command.contains("-startdate")) {
            Collections.addAll(command, "-startdate", "-1d", "-validity", "30");
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool: " + said);
        }
    }
}
