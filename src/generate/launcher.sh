#!/bin/sh
# Starts the bundle on Node 24 with a small heap, young 4 MB and old 64 MB, so that RSS stays flat under churn; and without
# threads for collecting garbage: waking them costs more than they help.
here=$(dirname "$(readlink -f "$0")")
# In a clone, then in an installed package, then whatever the host has.
for node in "$here/../node_modules/node/bin/node" "$here/../../node/bin/node" "$(command -v node)"; do
	[ -x "$node" ] && break
done
if ! "$node" -e 'process.exit(Number.parseInt(process.versions.node) < 24 ? 1 : 0)' 2>/dev/null; then
	echo "culprit: needs Node 24 or newer; found $("$node" --version 2>/dev/null || echo none). Install it, or run npm ci where culprit is." >&2
	exit 1
fi
# Not configuration, so what is started does not hear of it.
heap_mb=${CULPRIT_HEAP_MB:-64}
unset CULPRIT_HEAP_MB
exec "$node" --single-threaded --v8-pool-size=1 --max-semi-space-size=4 --max-old-space-size="$heap_mb" "$here/culprit.mjs" "$@"
