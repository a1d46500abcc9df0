#!/bin/sh
# Installs the peers written in JavaScript, and the Node that runs them (node_modules/.bin/node), as package-lock.json says:
# from the npm registry alone. zlib-sync is compiled, which takes make, g++ and python3; Node's headers are in its package.
# Does nothing when all is there already. Fails when the peers can't run; a missing zlib-sync is only told.
set -eu
cd "$(dirname "$(readlink -f "$0")")"

say() { printf 'peers: %s\n' "$1" >&2; }

failed() {
    tail -n 20 target/install.log >&2
    say "$1; all of it is in $PWD/target/install.log"
}

for tool in node npm; do
    command -v "$tool" >/dev/null || { say "no '$tool' on the PATH: install npm, with any Node that it runs on"; exit 1; }
done

mark=node_modules/.complete
wanted="$(uname -sm) $(cksum <package-lock.json)"
[ -f "$mark" ] && [ "$(cat "$mark")" = "$wanted" ] && exit 0

mkdir -p target
npm ci --ignore-scripts >target/install.log 2>&1 || { failed "npm could not install them"; exit 1; }

node=$(readlink -f node_modules/.bin/node || true)
if [ ! -x "$node" ]; then
    say "there is no Node for $(uname -sm) in package.json, only for Linux on x86_64 and aarch64"
    exit 1
fi
PATH=$PWD/node_modules/.bin:$PATH
npm_config_nodedir=$(dirname "$(dirname "$node")")
export PATH npm_config_nodedir

npm rebuild --foreground-scripts >>target/install.log 2>&1 || true
if ! node -e 'require("zlib-sync")' 2>/dev/null; then
    failed "zlib-sync could not be compiled: @discordjs/ws will inflate with node:zlib instead"
    exit 0
fi
printf '%s\n' "$wanted" >"$mark"
