#!/bin/sh
# Runs a command (default: ./check) in a clone of HEAD on a bare Debian 12, as a newcomer would:
#   scripts/bare.sh [COMMAND [ARGUMENT…]]
# Needs root and debootstrap. The bare system is kept in .cache/bare/base; what a run adds to it is thrown away.
set -eu
cd "$(dirname "$0")/.."

say() { echo "bare: $*" >&2; }
fail() { say "$*"; exit 1; }

[ "$(id -u)" = 0 ] || fail "needs root, to mount and to chroot"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"

# Everything below happens in a mount namespace of its own, so that no mount outlives this script.
if [ "${CULPRIT_BARE-}" != "$PPID" ]; then
	exec unshare --mount --propagation private sh -c 'CULPRIT_BARE=$$ "$@"; exit $?' sh "$0" "$@"
fi

[ $# -gt 0 ] || set -- ./check
cache=$PWD/.cache/bare
mkdir -p "$cache"

if [ ! -d "$cache/base" ]; then
	mirror=${CULPRIT_BARE_MIRROR-$(apt-get indextargets --format '$(REPO_URI)' \
		'Codename: bookworm' 'Label: Debian' 'Component: main' 'Created-By: Packages' 2>/dev/null | head -n 1)}
	[ "$mirror" ] || fail "no Debian 12 mirror in apt's sources; name one in CULPRIT_BARE_MIRROR"
	say "building a bare Debian 12"
	rm -rf "$cache/base.partial"
	debootstrap --variant=minbase bookworm "$cache/base.partial" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
		fail "debootstrap failed, see $cache/debootstrap.log"
	mv "$cache/base.partial" "$cache/base"
fi

work=$(mktemp -d "$cache/run.XXXXXX")
root=$work/root
mkdir "$root" "$work/upper" "$work/scratch"

# A daemon that the command left behind would keep the mounts busy: end whatever still lives in this root.
finish() {
	for process in /proc/[0-9]*; do
		[ "$(readlink "$process/root" 2>/dev/null)" != "$root" ] || kill -9 "${process#/proc/}" 2>/dev/null || true
	done
	umount --recursive --lazy "$root" 2>/dev/null || true
	rm -rf --one-file-system "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mount -t overlay -o "lowerdir=$cache/base,upperdir=$work/upper,workdir=$work/scratch" bare "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"

# The way to the packages is the host's: mirrors, proxies, certificates. Other vendors' packages stay outside.
copy() {
	for file in "$@"; do
		[ ! -f "$file" ] || install -D --mode="$(stat --format=%a "$file")" "$file" "$root$file"
	done
}
copy /etc/resolv.conf /etc/hosts /usr/local/share/ca-certificates/*.crt
copy $(grep -ls '^ *Acquire' /etc/apt/apt.conf /etc/apt/apt.conf.d/* || true)
if [ -e /etc/apt/sources.list.d/debian.sources ]; then
	rm -f "$root/etc/apt/sources.list"
	copy /etc/apt/sources.list.d/debian.sources
elif grep -qs bookworm /etc/apt/sources.list; then
	copy /etc/apt/sources.list
fi
for file in "$(npm config get globalconfig 2>/dev/null || true)" "$HOME/.npmrc"; do
	[ ! -f "$file" ] || cat "$file" >>"$root/root/.npmrc"
done

git clone --quiet --no-hardlinks . "$root/srv/culprit"

set -- sh -c 'cd /srv/culprit && exec "$@"' sh "$@"
for name in $(env | sed -nE 's/^(CULPRIT_[A-Z]+_[A-Z]+|CULPRIT_BENCH)=.*/\1/p') CI TERM http_proxy https_proxy no_proxy NODE_EXTRA_CA_CERTS; do
	eval "value=\${$name-}"
	[ -z "$value" ] || set -- "$name=$value" "$@"
done
chroot "$root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
