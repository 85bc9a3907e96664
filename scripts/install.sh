#!/bin/sh
# Installs what this clone needs, and nothing when nothing is missing:
#   install.sh run         to build and start the exporter
#   install.sh run test    to test it as well
# Tried on Debian 12 (scripts/bare.sh); the names for Ubuntu 24.04 and Fedora are given in good faith.
set -eu
cd "$(dirname "$0")/.."
export PATH="$PATH:/usr/sbin:/sbin" # a user's PATH lacks Debian's bpftool

say() { echo "install: $*" >&2; }
fail() { say "$*"; exit 1; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

for purpose in "$@"; do
	case $purpose in
	run) run=yes ;;
	test) run=yes test=yes ;;
	*) fail "unknown purpose '$purpose': expected 'run' or 'test'" ;;
	esac
done
[ "${run-}" ] || fail "expected a purpose: 'run', or 'test' to test as well"

if command -v apt-get >/dev/null; then
	. scripts/apt.sh
elif command -v dnf >/dev/null; then
	. scripts/dnf.sh
else
	fail "neither apt-get nor dnf is here; install libbpf 1, clang, libbpf's headers, bpftool, make, node and npm by hand"
fi

wanted=$(packages_to_run)
[ "${test-}" ] && wanted="$wanted $(packages_to_test)"
missing=$(missing_of $wanted)
if [ "$missing" ]; then
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || fail "needs root to install: $missing"
		say "asking sudo for root"
	fi
	say "installing" $missing
	install_packages $missing
fi
provide_bpftool

# The stamp names the lockfile that node_modules was made from.
if ! sha256sum --check --status node_modules/.culprit-lock 2>/dev/null; then
	say "installing node packages"
	# The distribution's Node is older than ours: it only fetches ours, so its warnings about that are noise.
	npm ci --no-audit --no-fund --loglevel=error >&2
	sha256sum package-lock.json >node_modules/.culprit-lock
fi
node_modules/.bin/node -e '' || fail "node_modules/.bin/node does not run; remove node_modules and try again"
