#!/bin/sh
# Reshards under load, and what they cost: see 'bench/reshard.sh --help'.
set -eu

root=$(dirname "$(dirname "$(readlink -f "$0")")")

usage() {
    cat <<'EOF'
Usage: bench/reshard.sh [--quick] [--only FROM-TO]...

Reshards a real gw 8 to 12, 12 to 8, 16 to 16 and 4 to 64 shards under 2,000 events/s, between a fake Discord whose sessions hear
of things 0 to 3 s late and a bot that counts. Prints progress to stderr and a table in Markdown to stdout: events lost, doubled
and out of order, identifies, time, memory of all processes of gw, and latency from the sim's session to the bot by when events
arrived. It takes about 9 minutes. Other work on the machine disturbs times and latencies, nothing else. The exit code is 1 when
anything was lost, doubled or out of order, when a rule of Discord was broken, or an identify spent in vain; then it is told
after the table which events, of which sessions, and when.

  --quick   identify window 250 ms, skew 600 ms, overlap 2 s: under 2 minutes, to try the bench itself
  --only    this one alone, such as 8-12; more than once: these

Build before: mvn -Pbench package -DskipTests, then bin/gw --version for the caches of fast starts. TMPDIR says where gw's state is.
EOF
}

for word in "$@"; do
    case $word in --help | -h) usage; exit 0 ;; esac
done

if [ ! -d "$root/bench/target/gw-bench/lib" ]; then
    echo "bench/reshard.sh: the benches are not built: mvn -Pbench package -DskipTests" >&2
    exit 69
fi
java_home=$("$root/bin/find-jdk")
work=$(mktemp -d "${TMPDIR:-/tmp}/gw-reshard-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# A small young generation: what is remembered of each event is soon old, and the pauses stay short.
"$java_home/bin/java" -XX:+UseSerialGC -Xmx3g -Xmn32m -Dslf4j.internal.verbosity=ERROR --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$root/bench/target/classes:$root/bench/target/gw-bench/lib/*" \
    gw.bench.reshard.ReshardBench "$root/bin/gw" "$work" "$@"
