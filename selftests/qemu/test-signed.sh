#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-signed.sh: a kernel that loads only modules signed by its own key loads
# finject.ko when it is signed, and not when it is unsigned, signed by another
# key, or changed afterwards. The output is TAP.
# shellcheck disable=SC2317 # a test is called by its name
set -u
. "$(dirname "$0")/suite.sh"

dir=$("$HERE/kernel-tree.sh" 6.1) || exit
KDIR=$dir/build
export KDIR
key=$KDIR/certs/signing_key
mkdir "$work/ko"

# sign KEY CERTIFICATE FILE: sign a copy of the module
sign()
{
	cp "$work/plain.ko" "$3" && "$KDIR/scripts/sign-file" sha256 "$1" "$2" "$3"
}

# prepare: make the modules
prepare()
{
	built=$("$HERE/module.sh" own) || return
	strip --strip-debug -o "$work/plain.ko" "$built/finject.ko"
	cp "$work/plain.ko" "$work/ko/unsigned.ko"
	openssl req -new -x509 -newkey rsa:2048 -nodes -days 2 -sha256 \
		-subj /CN=another -outform DER -keyout "$work/other.pem" \
		-out "$work/other.x509" 2>/dev/null || return
	sign "$work/other.pem" "$work/other.x509" "$work/ko/other.ko" &&
	sign "$key.pem" "$key.x509" "$work/ko/signed.ko" &&
	sed 's/Faults in the teardown/faults in the teardown/' \
		"$work/ko/signed.ko" >"$work/ko/changed.ko" &&
	! cmp -s "$work/ko/signed.ko" "$work/ko/changed.ko" &&
	# what the kernel's own modules_install does for a key in its tree
	make -s -C "$KDIR" M="$built" INSTALL_MOD_PATH="$work/root" \
		modules_install >/dev/null &&
	cp "$(find "$work/root" -name finject.ko)" "$work/ko/installed.ko"
}

cat >"$work/guest" <<'END'
. ./tap.sh
said=/tmp/said
refused()
{
	dmesg -c >/dev/null
	if insmod "ko/$1.ko" 2>$said; then
		result 1 "$1 is refused"
		rmmod finject
		return
	fi
	dmesg >>$said
	grep "$2" $said | sed 's/^/# /'
	grep -q "$2" $said && [ ! -e /sys/kernel/debug/finject ]
	result $? "$1 is refused"
}
loads()
{
	insmod "ko/$1.ko" &&
		finject scenario run fin1-lost-once >$said &&
		grep -q '^ok 1 .*v4' $said
	result $? "$1 is loaded and drops a FIN"
	# 1 << 13: an unsigned module was loaded
	[ $(($(cat /proc/sys/kernel/tainted) & 8192)) = 0 ]
	result $? "the kernel does not call $1 unsigned"
	rmmod finject
}
[ "$(cat /sys/module/module/parameters/sig_enforce)" = Y ]
result $? "the kernel enforces signatures"
refused unsigned 'Loading of unsigned module is rejected'
refused other 'Loading of module with unavailable key is rejected'
refused changed 'Key was rejected'
loads signed
loads installed
modprobe finject && [ -e /sys/kernel/debug/finject/rules ]
result $? "the guest's own is loaded, with SIGN="
plan
END

# loaded: what the guest says, as TAP
loaded()
{
	SIGN="$KDIR/scripts/sign-file sha256 $key.pem $key.x509" \
		"$HERE/guest.sh" -k "$KDIR/arch/x86/boot/bzImage" -M \
		-a module.sig_enforce=1 -t 600 -f "$work/ko" -f "$work/guest" \
		-f "$TOP/selftests/tap.sh" \
		-f "$TOP/tools/finject" 'sh ./guest'
}

make -s -C "$TOP/tools" || exit
on_host modules prepare
on_host signatures loaded
total
