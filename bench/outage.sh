#!/bin/sh
# A bot that is away for ten minutes at 2,000 events/s, and comes back: bench/outage.sh [MINUTES] [RATE]. Needs 2 GB of disk for ten minutes.
# Build before: mvn -Pbench package -DskipTests.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
java_home=$("$root/bin/find-jdk")
work=$(mktemp -d "${TMPDIR:-/tmp}/gw-outage-XXXXXX")
trap 'rm -rf "$work"' EXIT
"$java_home/bin/java" -XX:+UseSerialGC -Xmx3g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$root/bench/target/classes:$root/bench/target/gw-bench/lib/*" \
    gw.bench.outage.OutageBench "$root/bin/gw" "$work/state" "${1:-10}" "${2:-2000}"
