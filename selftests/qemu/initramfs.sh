#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# initramfs.sh ROOT RELEASE MODULES KO FILE...: fill the directory ROOT with the
# guest's files and pack them into ROOT.cpio; what is there already stays. The
# same files give the same bytes, which a warp guest needs to repeat exactly.
#   MODULES  the kernel's module directory, or "-" if all is built in
#   KO       finject.ko, or "-"
#   FILE     files and directories that go to /test in the guest
# PROGRAMS= names more programs of this machine that go to /bin.
# MODULES_TOO= names more modules of the kernel. SIGN= is a command that signs
# finject.ko, as "TREE/scripts/sign-file sha256 KEY CERTIFICATE". FINJECT_ARCH= is
# the architecture of all; programs of another than amd64 are Debian's.
set -eu
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/arch.sh"
PATH=$PATH:/usr/sbin:/sbin

# dash is the guest's sh because busybox sh runs its own ip, not /bin/ip.
programs="ip bridge ss tc nft ${PROGRAMS-}"
# Those that tests need, and a first look does not.
extra="conntrack ethtool ipvsadm script"
# links and tunnels
wanted="veth dummy bridge br_netfilter ifb vrf tun macvlan ipvlan 8021q bonding
	team team_mode_roundrobin team_mode_activebackup
	ipip ip_gre sit ip6_gre ip6_tunnel vxlan wireguard"
# xfrm, with the ciphers that it requests by name; these names change
wanted="$wanted xfrm_user xfrm_interface esp4 esp6 authenc echainiv seqiv
	cryptomgr cbc ctr gcm ghash_generic hmac aes aes_generic sha1 sha1_generic
	sha256 sha256_generic drbg sha512_generic"
# netfilter and IPVS
wanted="$wanted nf_conntrack nf_conntrack_netlink nf_conntrack_bridge nf_nat
	nf_tables nft_chain_nat nft_ct nft_nat nft_masq nft_redir nft_reject
	nft_reject_inet nft_reject_ipv4 nft_reject_ipv6 nft_limit nft_log
	nft_queue nft_compat nft_counter nft_fib_inet nft_tproxy nft_socket
	nft_fwd_netdev nft_dup_netdev nft_dup_ipv4 nft_dup_ipv6 nft_xfrm
	nft_meta_bridge nft_reject_bridge nft_flow_offload nf_flow_table
	nf_flow_table_inet nf_flow_table_ipv4 nf_flow_table_ipv6
	nf_reject_ipv4 nf_reject_ipv6 nfnetlink_queue nfnetlink_hook
	ip_vs ip_vs_rr ip_vs_wrr"
# the rest
wanted="$wanted inet_diag tcp_diag sch_netem sch_fq sch_fq_codel sch_htb sch_prio
	sch_tbf sch_ingress sch_clsact cls_u32 cls_matchall act_mirred act_gact
	tcp_bbr kunit ${MODULES_TOO-}"
# disks in persistent memory
wanted="$wanted nfit nd_pmem ext4"
# where the host listens, on other machines than PCs
wanted="$wanted virtio_pci virtio_ccw virtio_console"

know_arch "$FINJECT_ARCH"
# The programs of another architecture, its strip, and what lists libraries.
userland='' strip=strip list_libraries=ldd
if is_foreign; then
	userland=$("$HERE/libraries.sh" "$FINJECT_ARCH" guest)
	strip=$triplet-strip
	list_libraries="$emulator -L $userland $userland$loader
		--inhibit-cache --list"
fi

# libraries_of PROGRAM: list the shared libraries that a program needs, as the
# guest has them.
libraries_of()
{
	# a foreign loader dies of a program that is static
	! is_foreign || readelf -l "$1" 2>/dev/null | grep -q INTERP || return 0
	# shellcheck disable=SC2086 # words
	$list_libraries "$1" 2>/dev/null |
	sed -n 's/.* => \(\/[^ ]*\).*/\1/p; s/^[ \t]*\(\/[^ ]*\) (.*/\1/p' |
	sed "s|^$userland||"
}

# with_libs PROGRAM DEST: copy a program and the shared libraries it needs.
with_libs()
{
	mkdir -p "$(dirname "$root$2")"
	cp -L "$1" "$root$2"
	libraries_of "$1" |
	while read -r lib; do
		[ -e "$root$lib" ] && continue
		mkdir -p "$root$(dirname "$lib")"
		cp -L "$userland$lib" "$root$lib"
	done
}

# find_program NAME: print the place of a program.
find_program()
{
	if ! is_foreign; then
		command -v "$1"
		return
	fi
	for place in bin sbin usr/bin usr/sbin; do
		! [ -e "$userland/$place/$1" ] || {
			echo "$userland/$place/$1"
			return
		}
	done
	return 1
}

# kernel_modules: list the wanted ones that exist, with their dependencies.
kernel_modules()
{
	dest=$root/lib/modules/$release
	mkdir -p "$dest"
	if [ "$modules" != - ]; then
		cp "$modules"/modules.builtin* "$modules/modules.order" "$dest"
		base=${modules%/lib/modules/*}
		# shellcheck disable=SC2086
		modprobe -d "$base" -S "$release" -a --show-depends $wanted \
			2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u |
		while read -r file; do
			case $file in
			*.xz) xz -dc "$file" >"$dest/$(basename "$file" .xz)" ;;
			*.zst) zstd -qdc "$file" \
				>"$dest/$(basename "$file" .zst)" ;;
			*.gz) gzip -dc "$file" \
				>"$dest/$(basename "$file" .gz)" ;;
			*) cp "$file" "$dest" ;;
			esac
		done
	fi
	[ "$ko" = - ] || $strip --strip-debug -o "$dest/finject.ko" "$ko"
	${SIGN:+$SIGN "$dest/finject.ko"}
	depmod -b "$root" "$release"
}

root=$1 release=$2 modules=$3 ko=$4
shift 4
mkdir -p "$root/bin" "$root/test" "$root/etc" "$root/proc" "$root/sys" \
	"$root/dev" "$root/run" "$root/tmp" "$root/var"
ln -s bin "$root/sbin"
ln -s ../run "$root/var/run"
mkdir -p "$root/usr" "$root/mnt" "$root/out" "$root/own"
ln -s ../bin "$root/usr/bin"
ln -s ../bin "$root/usr/sbin"

echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
printf '%s\n' '127.0.0.1 localhost guest' '::1 localhost' >"$root/etc/hosts"
cp "$HERE/init" "$root/init"
cp "$HERE/list.sh" "$root/bin/run-list"
cp "$HERE/hung.sh" "$root/bin/run-hung"
with_libs "$(find_program dash)" /bin/sh
for program in $programs; do
	path=$(find_program "$program") ||
		die "the guest needs '$program': run 'make setup'"
	with_libs "$path" "/bin/$program"
done
for program in $extra; do
	! path=$(find_program "$program") || with_libs "$path" "/bin/$program"
done
cp "$(find_program busybox)" "$root/bin/busybox"
busybox --list | while read -r applet; do
	[ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
done
kernel_modules

for file; do
	if [ -d "$file" ]; then
		cp -RL "$file" "$root/test/"
	else
		with_libs "$file" "/test/$(basename "$file")"
	fi
done

cd "$root"
chmod -R u=rwX,go=rX .
find . -exec touch -h -d @0 {} +
find . | LC_ALL=C sort |
cpio --quiet -o -H newc -R 0:0 --reproducible >"$root.cpio"
