package gw.worker.socket;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Measures what TLS costs a worker with the JDK's provider and with BoringSSL; "plain" is the same
 * without TLS. Each figure comes from fresh processes, the kinds taking turns. docs/decisions has
 * the command and the result.
 */
final class TlsProviderMeasurement {
    private static final List<String> KINDS = List.of("plain", "JDK", "OPENSSL");
    private static final List<String> SCENARIOS = List.of("flow", "handshake", "1", "25", "500");

    /** As the supervisor starts workers of 25 shards, but for files. */
    private static final List<String> WORKER_FLAGS =
            List.of(
                    "-Xms16m",
                    "-Xmx108m",
                    "-Xss256k",
                    "-XX:MaxDirectMemorySize=96m",
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:ReservedCodeCacheSize=48m",
                    "-Dio.netty.allocator.numDirectArenas=1",
                    "-Dio.netty.allocator.numHeapArenas=1",
                    "-Dio.netty.allocator.maxOrder=8");

    private final Path directory;

    /** By figure, then by kind. */
    private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

    private TlsProviderMeasurement(Path directory) {
        this.directory = directory;
    }

    /** Argument: how many rounds (5 by default). The others are for the processes started here. */
    public static void main(String[] args)
            throws IOException, InterruptedException, GeneralSecurityException, ExecutionException {
        switch (args.length == 0 ? "" : args[0]) {
            case "server" -> MeasuredServer.run(args[1], args[2]);
            case "client" -> MeasuredClient.run(args[1], args[2], args[3], args[4]);
            default -> measure(args.length == 0 ? 5 : Integer.parseInt(args[0]));
        }
    }

    private static void measure(int rounds) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("gw-tls");
        try {
            var _ = TestCertificates.create(directory).issue("server", "dns:localhost");
            TlsProviderMeasurement measurement = new TlsProviderMeasurement(directory);
            for (int round = 0; round < rounds; round++) {
                measurement.round(round);
                System.err.println("round " + (round + 1) + " of " + rounds + " is done");
            }
            measurement.print(rounds);
        } finally {
            TestCertificates.delete(directory);
        }
    }

    private void round(int number) throws IOException, InterruptedException {
        for (String scenario : SCENARIOS) {
            for (int i = 0; i < KINDS.size(); i++) {
                once(KINDS.get((i + number) % KINDS.size()), scenario);
            }
        }
    }

    private void once(String kind, String scenario) throws IOException, InterruptedException {
        // Only the JDK's server can be told to give no tickets: each handshake is a full one.
        String serverKind =
                kind.equals("plain") ? kind : scenario.equals("handshake") ? "JDK" : "OPENSSL";
        Process server =
                java(
                        List.of("-Xmx512m", "-Djdk.tls.server.newSessionTicketCount=0"),
                        "server",
                        directory.toString(),
                        serverKind);
        try (BufferedReader serverSays = lines(server)) {
            String port = String.valueOf(serverSays.readLine()).replace("port ", "");
            Process client =
                    java(WORKER_FLAGS, "client", directory.toString(), kind, port, scenario);
            try (BufferedReader clientSays = lines(client)) {
                clientSays.lines().forEach(line -> note(kind, scenario, line));
            }
            if (client.waitFor() != 0) {
                throw new IOException(kind + " " + scenario + ": exit " + client.exitValue());
            }
        } finally {
            server.getOutputStream().close();
            server.destroy();
        }
    }

    private static Process java(List<String> flags, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        Collections.addAll(
                command,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                TlsProviderMeasurement.class.getName());
        Collections.addAll(command, arguments);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private void note(String kind, String scenario, String line) {
        int split = line.lastIndexOf(" = ");
        String name = line.substring(0, split);
        if (name.startsWith("start/") && !scenario.equals("1")) {
            return;
        }
        figures.computeIfAbsent(name, _ -> new TreeMap<>())
                .computeIfAbsent(kind, _ -> new ArrayList<>())
                .add(Double.parseDouble(line.substring(split + 3)));
    }

    private void print(int rounds) {
        System.out.println(
                Runtime.version()
                        + ", "
                        + Runtime.getRuntime().availableProcessors()
                        + " cores, "
                        + rounds
                        + " rounds: median (lowest to highest)");
        System.out.println("\n| figure | " + String.join(" | ", KINDS) + " |");
        System.out.println("|---|" + "--:|".repeat(KINDS.size()));
        figures.forEach((name, byKind) -> {
            StringBuilder row = new StringBuilder("| " + name + " |");
            for (String kind : KINDS) {
                List<Double> values = new ArrayList<>(byKind.getOrDefault(kind, List.of()));
                Collections.sort(values);
                row.append(
                        values.isEmpty()
                                ? " |"
                                : String.format(
                                        Locale.ROOT,
                                        " %.1f (%.1f to %.1f) |",
                                        values.get(values.size() / 2),
                                        values.getFirst(),
                                        values.getLast()));
            }
            System.out.println(row);
        });
    }
}
