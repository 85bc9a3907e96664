# Fedora: sourced by install.sh. Not tried by us: tell us what is wrong.

packages_to_run() {
	echo bpftool clang libbpf libbpf-devel make nodejs nodejs-npm
}

# Fedora has no process-exporter; what compares with it is skipped.
packages_to_test() {
	echo busybox chromium clang-tools-extra cpio golang-github-prometheus golang-github-prometheus-alertmanager \
		node-exporter openssl perl-interpreter perl-Time-HiRes podman runc stress-ng zsh fish
	# Docker's own package of it can't stand beside the distribution's.
	command -v containerd >/dev/null || echo containerd
	[ "$(uname -m)" != x86_64 ] || echo qemu-system-x86-core
}

missing_of() {
	for package in "$@"; do
		rpm --query --whatprovides "$package" >/dev/null 2>&1 || echo "$package"
	done
}

# One by one: a name that this Fedora does not know costs a test, not the installation.
install_packages() {
	for package in "$@"; do
		as_root dnf install --assumeyes --setopt=install_weak_deps=False "$package" >&2 ||
			say "dnf has no $package here; what needs it will fail or be skipped"
	done
}

provide_bpftool() {
	bpftool version >/dev/null 2>&1 || fail "bpftool does not run; dnf install bpftool"
}
