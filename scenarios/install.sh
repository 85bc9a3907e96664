#!/bin/sh
# Installs what only some look-alikes need, and what is too much for everyone who tests: a JDK and nginx. Debian and Ubuntu.
set -eu
cd "$(dirname "$0")/.."

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}
. scripts/apt.sh
missing=$(missing_of default-jdk-headless dpkg-dev nginx-light)
[ ! "$missing" ] || install_packages $missing
