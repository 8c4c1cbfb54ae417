#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# setup.sh [KERNEL...]: install missing Debian packages, through sudo unless run
# by root, and fetch those kernels into the cache. Print each step; print and do
# nothing if nothing is missing. PACKAGES= and COMMANDS= name others than those
# that tests and checks need.
set -eu
. "$(dirname "$0")/lib.sh"

packages="bc bison bpftrace busybox-static clang-19 conntrack cpio dash
	debian-archive-keyring dpkg-dev ethtool flex gcc iproute2 ipvsadm kmod
	libc6-dev libelf-dev libjson-c-dev linux-perf make nftables
	perl pkg-config qemu-system-x86 shellcheck sparse trace-cmd xz-utils
	zstd"
# The packages that make check and make fuzz need.
packages="$packages clang clang-tidy coccinelle cppcheck gcc-12-multilib
	libclang-rt-14-dev llvm mandoc"
packages=${PACKAGES-$packages}
commands="qemu-system-x86_64 bridge busybox conntrack cpio dash ethtool gcc ip
	ipvsadm make modprobe nft perl pkg-config ss tc xz zstd"
commands=${COMMANDS-$commands}

# missing_packages: list the packages that dpkg does not call installed.
missing_packages()
{
	# shellcheck disable=SC2016,SC2086
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages \
		2>/dev/null |
	awk -v all="$packages" '
		$1 == "installed" { have[$2] = 1 }
		END { n = split(all, want)
		      for (i = 1; i <= n; i++)
			      if (!(want[i] in have)) print want[i] }'
}

install_packages()
{
	as_root=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null ||
			die "needs these packages, and there is no sudo:" \
			    "as root run: apt-get install $*"
		as_root=sudo
	fi
	say "installing with ${as_root:+sudo }apt-get: $*"
	get="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y"
	get="$get -o DPkg::Lock::Timeout=300"
	$get install --no-install-recommends "$@" >/dev/null 2>&1 || {
		say "refreshing the package lists first"
		$get update >&2
		$get install --no-install-recommends "$@" >&2
	}
}

kernels=$*
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
	# shellcheck disable=SC2046
	set -- $(missing_packages)
	[ $# -eq 0 ] || install_packages "$@"
else
	PATH=$PATH:/usr/sbin:/sbin
	for command in $commands; do
		command -v "$command" >/dev/null || missing="${missing-} $command"
	done
	[ -z "${missing-}" ] ||
		die "not found:$missing. This set-up installs packages on" \
		    "Debian only; install these by your distribution's" \
		    "means (busybox static; headers of json-c" \
		    "and libelf), then try again"
fi
for kernel in $kernels; do
	"$HERE/kernel.sh" "$kernel"
done
