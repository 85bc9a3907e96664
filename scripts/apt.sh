# Debian and Ubuntu: sourced by install.sh.

packages_to_run() {
	echo ca-certificates clang libbpf-dev libbpf1 make
	command -v bpftool >/dev/null || echo bpftool
	# Node may come from elsewhere than the distribution, and then without a package named npm.
	command -v npm >/dev/null || echo nodejs npm
}

packages_to_test() {
	echo busybox-static chromium clang-format cpio fish openssl perl podman prometheus prometheus-alertmanager \
		prometheus-node-exporter prometheus-process-exporter runc stress-ng zsh
	# Docker's own package of it can't stand beside the distribution's.
	command -v containerd >/dev/null || echo containerd
	[ "$(uname -m)" != x86_64 ] || echo qemu-system-x86
}

missing_of() {
	installed=" $(dpkg-query --show --showformat '${db:Status-Status}=${Package} ' "$@" 2>/dev/null || true)"
	for package in "$@"; do
		case $installed in
		*" installed=$package "*) ;;
		*) echo "$package" ;;
		esac
	done
}

install_packages() {
	as_root apt-get update --quiet=2 >/dev/null
	hold_services
	trap 'release_services' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends \
		$(named_here "$@") >/dev/null # dpkg tells three lines about each of 500 packages; faults go to stderr
	disable_services "$@"
	release_services
	trap - EXIT INT TERM
}

# Ubuntu 24.04 had no package bpftool before its kernel updates of 2025, only a virtual one.
named_here() {
	for package in "$@"; do
		if [ "$package" = bpftool ] && ! apt-cache policy bpftool | grep -q 'Candidate: [0-9]'; then
			package='linux-tools-common linux-tools-generic'
		fi
		echo "$package"
	done
}

# A test bed must not leave four servers listening: no service starts now, nor at the next boot.
policy=/usr/sbin/policy-rc.d
hold_services() {
	[ ! -e $policy.before-culprit ] || release_services # a run before this one was killed
	[ ! -e $policy ] || as_root mv $policy $policy.before-culprit
	printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
	as_root chmod 755 $policy
}

release_services() {
	as_root rm -f $policy
	[ ! -e $policy.before-culprit ] || as_root mv $policy.before-culprit $policy
}

disable_services() {
	command -v systemctl >/dev/null || return 0
	for package in "$@"; do
		dpkg-query --listfiles "$package" 2>/dev/null
	done | sed -nE 's#.*/systemd/system/([^/@]*\.(service|socket|timer))$#\1#p' | while read -r unit; do
		as_root systemctl disable --quiet "$unit" </dev/null >&2 || true
	done
}

# Ubuntu's /usr/sbin/bpftool may be a script that wants the tools of exactly this kernel; any version links objects.
provide_bpftool() {
	bpftool version >/dev/null 2>&1 && return
	for real in /usr/lib/linux-tools/*/bpftool /usr/lib/linux-tools-*/bpftool; do
		"$real" version >/dev/null 2>&1 || continue
		as_root ln -sf "$real" /usr/local/sbin/bpftool
		return
	done
	fail "bpftool does not run: $(bpftool version 2>&1 | head -n 1)"
}
