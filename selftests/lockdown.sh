#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Under kernel lockdown (kernel_lockdown(7)) debugfs refuses to open writable
# files, even for reading; read-only files can be opened. The tool says why.
# Lockdown lasts until the next boot, so this runs only with LOCKDOWN=1, and
# last.

. "$(dirname "$0")/tap.sh"

FILES=/sys/kernel/debug/finject
LEVEL=/sys/kernel/security/lockdown
said=/tmp/lockdown.out

# shellcheck disable=SC2317
opens()
{
	: <"$FILES/$1"
}

# shellcheck disable=SC2317 # expect calls these
# refused FILE: return whether open for reading and writing fails with EPERM
refused()
{
	! (: <"$FILES/$1") && ! (: >"$FILES/$1") &&
		head -n 1 "$FILES/$1" 2>&1 | grep -q 'Operation not permitted'
}

# tool_says TEXT COMMAND...: return whether the command fails with that text
# shellcheck disable=SC2317
tool_says()
{
	text=$1
	shift
	! told=$("$@" 2>&1) && echo "$told" && echo "$told" | grep -q "$text"
}

[ -e $FILES/rules ] || skip_all "finject is not loaded, or debugfs not mounted"
[ "${LOCKDOWN-}" = 1 ] ||
	skip_all "locks the kernel down until the next boot; LOCKDOWN=1 does it"
[ -e $LEVEL ] || mount -t securityfs securityfs /sys/kernel/security
[ -e $LEVEL ] || skip_all "no lockdown (CONFIG_SECURITY_LOCKDOWN_LSM)"
command -v finject >/dev/null || skip_all "no finject in PATH"

echo "TAP version 13"
echo "add id=1 seg=fin1 port=9 drop" >$FILES/rules
expect open_before opens rules
# An open file stays open: debugfs checks only at open.
exec 3<>$FILES/rules
echo integrity >$LEVEL || skip_all "the kernel cannot be locked down"

for file in rules held stats flush; do
	expect "refused_$file" refused $file
done
for file in flows why events error_log namespaces; do
	expect "readable_$file" opens $file
done
expect tool_says_why tool_says lock finject list
expect doctor_says_why tool_says 'lockdown .*locked down .integrity' \
	finject doctor
# The holder of a file opened before may still flush: no rule stays behind.
expect still_open sh -c 'echo flush >&3'
exec 3>&-
plan
