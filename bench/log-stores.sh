#!/bin/sh
# Measures gw's log against other stores and prints tables: bench/log-stores.sh [DIR] [ROUNDS]. Takes about ROUNDS x 20 minutes and 12 GB.
# Build before: mvn -Pbench package -DskipTests. Other work on the machine disturbs; the least of some rounds is nearest to the truth.
set -eu

root=$(dirname "$(dirname "$(readlink -f "$0")")")
work=${1:-${TMPDIR:-/tmp}/gw-log-stores}
rounds=${2:-1}
java_home=$("$root/bin/find-jdk")
stores=${STORES:-own rocksdb rocksdb_lz4 chronicle mvstore}
queued=${QUEUED:-10000000}
bursts=${BURSTS:-1500000}

# A supervisor's flags; what Chronicle asks for stands in the second part.
flags="-Xms24m -Xmx512m -Xss512k -XX:MaxDirectMemorySize=128m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
chronicle="--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED --add-exports=java.base/sun.nio.ch=ALL-UNNAMED
    --add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED --add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED
    --add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED
    --add-opens=java.base/java.lang.reflect=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED
    --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
    --add-opens=java.base/java.nio=ALL-UNNAMED -Dchronicle.analytics.disable=true"

# One run: the store's name and the options. What it says on the side goes to a file.
run() {
    store=$1
    shift
    # shellcheck disable=SC2086 # flags are words
    "$java_home/bin/java" $flags $chronicle -cp "$root/bench/target/classes:$root/bench/target/gw-bench/lib/*" \
        gw.bench.log.LogStoreBench --store "$store" --dir "$work/$store" "$@" 2>>"$work/messages" | grep '^|' ||
        echo "| $store | failed: $* |"
}

fresh() {
    rm -rf "${work:?}/$1"
    run "$@"
    rm -rf "${work:?}/$1"
}

mkdir -p "$work"
cat <<EOF
| store | mode | payload B | fsync | CPU µs/event, process | CPU µs/event, thread | events/s | µs until safe, batch | wchar B/event | write_bytes B/event | disk held MB | heap MB | RSS MB | anonymous MB |
|---|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
EOF
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    for payload in ${PAYLOADS:-1200 300}; do
        for fsync in ${FSYNC:-interval always}; do
            for store in none $stores; do
                case $store-$fsync-$payload in none-always-*|*-always-300) continue ;; esac
                case $fsync in always) warm=60000 ;; *) warm=1000000 ;; esac
                fresh "$store" --mode link --payload "$payload" --fsync "$fsync" --warm-up "$warm" --events 25000
            done
        done
        [ "$bursts" -eq 0 ] || for store in none $stores; do
            fresh "$store" --mode burst --payload "$payload" --fsync interval --warm-up 500000 --events "$bursts"
        done
    done
done
[ "$queued" -gt 0 ] || exit 0
cat <<EOF

| store | mode | payload B | fsync | queued | CPU µs/event | events/s | wchar B/event | write_bytes B/event | disk B/event | heap MB | RSS MB | anonymous MB |
|---|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
EOF
: >"$work/drained"
for store in $stores; do
    rm -rf "${work:?}/$store"
    run "$store" --mode fill --payload 300 --fsync interval --events "$queued"
    run "$store" --mode drain --payload 300 --fsync interval >>"$work/drained"
    rm -rf "${work:?}/$store"
done
cat <<EOF

| store | mode | payload B | fsync | queued | open ms | heap MB | RSS MB | anonymous MB | events/s | CPU µs/event | heap after MB | RSS peak MB | anonymous after MB |
|---|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
EOF
cat "$work/drained"
