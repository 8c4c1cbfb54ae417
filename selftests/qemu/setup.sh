#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# setup.sh [-n] [TARGET...]: install the Debian packages that these targets of the
# Makefile need and that are missing, through sudo unless run by root; without a
# TARGET those of all but test-arch. Print each step; print and do nothing if
# nothing is missing. Elsewhere than on Debian say which commands are missing. With
# -n only print the packages, a line each.
set -eu
. "$(dirname "$0")/lib.sh"

# Build the module and the tool, boot a guest.
guest="busybox-static cpio dash debian-archive-keyring gcc iproute2 kmod
	libc6-dev libelf1 libjson-c-dev libpcap0.8-dev make nftables pkg-config
	qemu-system-x86 xz-utils zstd"
guest_commands="qemu-system-x86_64 bridge busybox cpio dash gcc ip make modprobe
	nft pkg-config ss tc xz zstd"
# What a person at the prompt looks for.
person="bash less mandoc ncurses-bin strace tcpdump tmux"

# add PACKAGES [COMMANDS]: want these; COMMANDS are looked for elsewhere.
packages='' commands=''
add()
{
	packages="$packages $1" commands="$commands ${2-$1}"
}

# add_target TARGET: want what a target needs.
add_target()
{
	case $1 in
	demo | tour | test-matrix) add "$guest" "$guest_commands" ;;
	run | explore)
		add_target demo
		add e2fsprogs "mke2fs debugfs"
		;;
	shell)
		add_target run
		add "$person" "bash infocmp less mandoc strace tcpdump tmux"
		;;
	bench | performance)
		add_target time-wait
		add "conntrack iptables tcpdump" \
			"conntrack iptables-legacy tcpdump"
		;;
	time-wait)
		add_target demo
		add python3
		;;
	build-kernels)
		add_target demo
		add clang-19
		;;
	test | test-storm | test-judge)
		add_target shell
		add_target time-wait
		add "bsdutils conntrack ethtool ipvsadm" \
			"script conntrack ethtool ipvsadm"
		add "bpftrace linux-perf trace-cmd" "bpftrace perf trace-cmd"
		;;
	test-stacks)
		add_target run
		add "liblwip-dev passt slirp4netns tcpdump" \
			"pasta slirp4netns tcpdump"
		;;
	test-ci-recipes)
		add_target run
		add "git python3 python3-yaml yamllint" "git python3 yamllint"
		;;
	test-fleet)
		add_target run
		add "ansible-core git openssh-client python3 yamllint" \
			"ansible-playbook git ssh python3 yamllint"
		;;
	test-arch)
		add_target demo
		add "gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf
			gcc-i686-linux-gnu gcc-s390x-linux-gnu
			libc6-dev-arm64-cross libc6-dev-armhf-cross
			libc6-dev-i386-cross libc6-dev-s390x-cross
			qemu-system-arm qemu-system-misc qemu-user-static sparse" \
			"aarch64-linux-gnu-gcc arm-linux-gnueabihf-gcc
			i686-linux-gnu-gcc s390x-linux-gnu-gcc
			qemu-system-aarch64 qemu-system-s390x
			qemu-aarch64-static qemu-s390x-static sparse"
		;;
	test-programs | test-prometheus)
		add_target run
		add python3
		;;
	test-kernels)
		add_target test
		add_target build-kernels
		;;
	test-debug)
		add_target test
		add "bc bison flex libelf-dev perl" "bc bison flex perl"
		;;
	test-in-tree | test-bisect | test-signed)
		add_target demo
		add "bc bison flex git libelf-dev libssl-dev openssl perl
			python3-git python3-ply python3-sphinx rsync" \
			"bc bison flex git openssl perl rsync sphinx-build"
		;;
	check)
		add_target fuzz
		add "clang-tidy coccinelle cppcheck perl shellcheck sparse" \
			"clang-tidy spatch cppcheck perl shellcheck sparse"
		add "fish gcc-12-multilib help2man mandoc tshark zsh" \
			"fish help2man mandoc tshark zsh"
		add_target htmldocs
		;;
	fuzz)
		add_target demo
		add "clang libclang-rt-14-dev llvm" clang
		;;
	check-page)
		add "chromium chromium-driver python3-selenium" \
			"chromium chromedriver"
		;;
	htmldocs) add python3-sphinx sphinx-build ;;
	packages)
		add "build-essential debhelper dh-dkms help2man
			libjson-c-dev libpcap0.8-dev lintian pkg-config
			python3-sphinx" "dpkg-buildpackage help2man lintian"
		;;
	test-packages)
		add_target packages
		add mmdebstrap
		;;
	*) die "setup.sh knows no target '$1'" ;;
	esac
}

# all_targets: print the targets of the Makefile that need packages, but for
# test-arch: its compilers are as large as all the rest.
all_targets()
{
	# shellcheck disable=SC2016 # it is make that expands them
	awk '/^[a-z].*:/ { targets = $0; sub(/:.*/, "", targets) }
	     $1 == "$(INSTALL_FOR)" && NF == 2 {
		     print ($2 == "$@" ? targets : $2)
	     }' "$TOP/Makefile" | grep -vx test-arch
}

only_print=''
if [ "${1-}" = -n ]; then
	only_print=1
	shift
fi
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(all_targets)
for target; do
	add_target "$target"
done
if [ "$only_print" ]; then
	# shellcheck disable=SC2086
	printf '%s\n' $packages | sort -u
	exit
fi

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
		    "means (busybox static; headers of json-c, libpcap" \
		    "and libelf), then try again"
fi
