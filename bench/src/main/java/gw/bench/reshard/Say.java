package gw.bench.reshard;

/** Progress, on stderr: the table alone is on stdout. */
final class Say {
    private Say() {}

    static void line(Change change, String words) {
        System.err.println("bench/reshard.sh: " + change.name() + ": " + words);
    }
}
