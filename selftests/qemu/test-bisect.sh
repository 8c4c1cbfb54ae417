#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-bisect.sh: make a history of a kernel in which one commit breaks the
# close, and another does not compile, and let git bisect find it by bisect.sh.
# The output is TAP.
# shellcheck disable=SC2317 # a test is called by its name
set -u
. "$(dirname "$0")/suite.sh"

scenario=last-ack-lost-once
dir=$("$HERE/kernel-tree.sh" 6.1) || exit
linux=$dir/linux
export BUILD="${BUILD:-$dir/build}" CONFIG="$dir/config"

in_tree()
{
	git -C "$linux" -c advice.detachedHead=false -c user.name=finject \
		-c user.email=finject@localhost -c commit.gpgSign=false "$@"
}

# change FILE SED SUBJECT: edit a file, and commit that
change()
{
	sed -i "$2" "$linux/$1"
	in_tree commit -q -a -m "$3"
}

# Six commits, of which three change a comment. The third, where git looks first,
# does not compile, the fourth mends it, the fifth is the fault: TIME_WAIT answers
# no FIN.
history()
{
	ipv4=net/ipv4
	in_tree checkout -q -B history base &&
	change $ipv4/tcp_timer.c '1s|$|\n/* Timers. */|' "tcp: a word on timers" &&
	change $ipv4/tcp_output.c '1s|$|\n/* Output. */|' "tcp: a word on output" &&
	change $ipv4/tcp.c '1s|$|\nint tcp_does_not_compile = ;|' \
		"tcp: add a counter" &&
	change $ipv4/tcp.c '/^int tcp_does_not_compile/d' "tcp: remove the counter" &&
	change $ipv4/tcp_minisocks.c \
		's/^\tif (!th->rst) {$/\tif (!th->rst \&\& !th->fin) {/' \
		"tcp: save an ACK in TIME_WAIT" &&
	change $ipv4/tcp_input.c '1s|$|\n/* Input. */|' "tcp: a word on input" &&
	[ "$(in_tree rev-list --count base..history)" = 6 ]
}

# git bisect run names the commit, whatever it had to leave out.
found()
{
	in_tree bisect start history base >"$work/said" 2>&1 &&
	in_tree bisect run "$HERE/bisect.sh" "$scenario" >>"$work/said" 2>&1
	status=$?
	in_tree bisect log >"$work/log"
	in_tree bisect reset >/dev/null 2>&1
	awk '{ print "# " $0 }' "$work/said" # git's last line has no end
	[ $status = 0 ] &&
	grep -q "^# first bad commit: .* tcp: save an ACK in TIME_WAIT\$" \
		"$work/log" &&
	grep -q "^# skip: .* tcp: add a counter\$" "$work/log"
}

# A mistake in the call ends the bisection, instead of judging a commit.
mistakes()
{
	! LINUX=/ "$HERE/bisect.sh" $scenario 2>"$work/said"
	grep "'/' is no git tree of a kernel" "$work/said" || return
	LINUX=$linux "$HERE/bisect.sh" no-such-scenario 2>"$work/said"
	[ $? = 129 ] && grep "there is no scenario 'no-such-scenario'" "$work/said"
}

on_host history history
on_host mistakes mistakes
on_host bisect found
in_tree checkout -q base
total
