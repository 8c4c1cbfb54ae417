#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# guest-test.sh [NAME...]: test the guest itself, as "make run" and "make shell"
# use it: what goes in and comes out, how it ends, and the prompt. The output is
# TAP.
# shellcheck disable=SC2317 # a test is called by its name
set -u
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../tap.sh"

work=$(mktemp -d)
mkdir -p "$work/in/deep"
echo first >"$work/in/deep/word"
echo second >"$work/word"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
trap '' PIPE # when the terminal is gone it is a failure
unset MODE VTIMEOUT TIMEOUT ROOT OUT FILES

# run NAME STATUS COMMAND: "make run", which must exit so; output to $work/said.
run()
{
	name=$1 want=$2
	OUT=$work/$name GUEST_CMD=$3 "$HERE/run.sh" >"$work/said" 2>&1
	status=$?
	[ "$status" = "$want" ] || {
		echo "exit status $status instead of $want"
		return 1
	}
}

# holds FILE TEXT: a file has a line of this text.
holds()
{
	grep -q -- "$2" "$1" || {
		echo "no line '$2' in ${1#"$work/"}"
		return 1
	}
}

# Files and directories go in and others come out, in a guest of which nothing
# else is asked.
files()
{
	FILES="$work/in $work/word" \
		run files 7 'cat in/deep/word word >/out/words; exit 7' &&
	[ "$(cat "$work/files/words")" = "$(printf 'first\nsecond')" ]
}

# The command is in a root of its own, with the guest's tool, module and files;
# what it writes there is lost, what it leaves in /out comes back, and its exit
# status is the guest's.
root()
{
	tree=$work/tree
	mkdir -p "$tree/bin" "$tree/etc"
	cp "$(command -v busybox)" "$tree/bin"
	ln -s busybox "$tree/bin/sh"
	echo ours >"$tree/etc/mark"
	FILES="$work/in $work/word" ROOT=$tree \
		run root 7 'busybox cat in/deep/word word /etc/mark >/out/words
			finject add seg=fin1 dport=9 drop &&
			mkdir /out/d && finject list >/out/d/rules &&
			ln -s d/rules /out/link &&
			busybox unshare -Un true && ss -tan >/out/ss &&
			echo later >/etc/mark && { finject events & } && exit 7' &&
	[ "$(cat "$work/root/words")" = "$(printf 'first\nsecond\nours')" ] &&
	[ "$(readlink "$work/root/link")" = d/rules ] &&
	holds "$work/root/d/rules" "seg=fin1 .*drop" &&
	holds "$work/root/ss" "^State" &&
	holds "$tree/etc/mark" "^ours$"
}

# client FILE: a program that closes a connection, for the job of ci.rst.
client()
{
	cat >"$1" <<-'END'
		(sleep 1 | busybox nc -l -p 8080) & sleep 0.2
		busybox nc 127.0.0.1 8080 </dev/null; wait
	END
}

# The job of ci.rst, as it stands there: all is kept, and a fault that does not
# happen fails it.
ci()
{
	job=$work/job
	mkdir "$job"
	tar -C "$TOP" -c --exclude=selftests/build --exclude='.git*' . |
		tar -C "$job" -x
	awk '/^[.][.] outer: shell$/ { on = 1; next }
	     on && /^[^ :]/ { exit }
	     /^::$/ { next }
	     on { sub(/^    /, ""); print }' \
		"$TOP/Documentation/ci.rst" >"$work/job.sh"
	client "$job/client.sh"
	(cd "$job" && sh -e "$work/job.sh") >"$work/said" 2>&1 || {
		echo "the job fails"
		return 1
	}
	holds "$job/artifacts/junit.xml" 'failures="0"' &&
	holds "$job/artifacts/check.txt" "0 departs" &&
	holds "$job/artifacts/events.json" '"verdict":"drop"' &&
	holds "$job/artifacts/report.html" "</html>" &&
	sed 's/ack2 nth=1/ack2 nth=9/' "$work/job.sh" >"$work/other.sh" &&
	(cd "$job" && ! sh -e "$work/other.sh") >"$work/said" 2>&1 &&
	holds "$work/said" "Error 122" &&
	holds "$job/artifacts/junit.xml" 'failures="1"'
}

# What hangs for long in virtual time costs little of real time, and is named.
virtual()
{
	VTIMEOUT=100000 TIMEOUT=250 \
		run virtual 124 'echo kept >/out/kept; sleep 1000000' &&
	holds "$work/said" "still busy after 100000 s of the guest's time" &&
	holds "$work/said" "pid [0-9]*: sleep 1000000" &&
	holds "$work/said" "thread [0-9]*: S (sleeping), waits in .*nanosleep" &&
	holds "$work/said" "\[<0>\] .*nanosleep" &&
	holds "$work/virtual/kept" "^kept$"
}

# What is busy for long in real time is named, too.
real()
{
	TIMEOUT=30 run real 124 'echo kept >/out/kept; while :; do :; done' &&
	holds "$work/said" "still busy after its real time" &&
	holds "$work/said" "pid [0-9]*: sh /test/guest.cmd" &&
	holds "$work/said" "thread [0-9]*: R (running)" &&
	holds "$work/real/kept" "^kept$"
}

# What was written before the kernel died is there.
panic()
{
	run panic 125 'echo kept >/out/kept; echo c >/proc/sysrq-trigger' &&
	holds "$work/said" "Kernel panic" &&
	holds "$work/panic/kept" "^kept$"
}

# seen TEXT: the terminal shows this text within two minutes.
seen()
{
	for _ in $(seq 240); do
		! tr '\r' '\n' <"$work/screen" | grep -q -- "$1" || return 0
		sleep 0.5
	done
	echo "'$1' is not on the screen"
	return 1
}

# type LINE: type a line on the terminal
type_line()
{
	printf '%s\r' "$1" >&7
}

# dialogue: type, and see what the guest says.
dialogue()
{
	seen 'guest:/test# ' &&
	type_line 'finject add seg=fin1 dport=9 drop && finject list' &&
	seen '^add id=1 seg=fin1 .*drop' &&
	type_line 'stty size | tr " " x' &&
	seen '^33x99' &&
	for _ in $(seq 20); do # a signal each time
		stty -F "$(cat "$work/tty")" rows 40 cols 90 rows 20 cols 70
	done &&
	sleep 2 && # the guest is told by another way
	type_line 'stty size | tr " " x' &&
	seen '^20x70' &&
	type_line 'echo "begin"ning; sleep 1000' &&
	seen '^beginning' &&
	printf '\003' >&7 && # Ctrl-C
	type_line 'expr 6 "*" 7' &&
	seen '^42' &&
	type_line 'man finject | head -n 3; type tmux tcpdump' &&
	seen '^FINJECT(8)' &&
	seen 'tcpdump is /bin/tcpdump' &&
	printf 'finject sta\t\r' >&7 && # completed by Tab
	seen '^pass' &&
	type_line 'exit 3'
}

# The prompt is on a terminal of the given size, and follows it; Ctrl-C is the
# guest's; "exit" ends it and nothing fails.
shell()
{
	mkfifo "$work/keys"
	: >"$work/screen"
	script -qefc "stty rows 33 cols 99; tty >$work/tty
		TERM=xterm $HERE/run.sh shell" \
		"$work/screen" <"$work/keys" >/dev/null 2>&1 &
	terminal=$!
	exec 7>"$work/keys"
	dialogue
	status=$?
	# as the guest says on its first line
	[ "$status" = 0 ] ||
		kill "$(sed -n 's/.* hang: kill \([0-9]*\).*/\1/p' "$work/screen")"
	wait "$terminal" || {
		echo "the shell ended with $?"
		status=1
	}
	exec 7>&-
	tr -d '\r' <"$work/screen" >"$work/said"
	return "$status"
}

# without_disks: the kernel is the user's own, or a small one, without drivers.
without_disks()
{
	case " $SUPPORTED " in
	*" ${KERNEL:-6.1} "*) return 1 ;;
	esac
	grep -q "is not mounted: OUT= and ROOT= need" "$work/said"
}

[ $# -gt 0 ] || set -- files root ci virtual real panic shell
said=$work/failure
echo "TAP version 13"
echo "1..$#"
for test; do
	if "$test" >"$work/why"; then
		result 0 "$test"
	elif without_disks; then
		skip "$test" "this kernel has no NVDIMM"
	else
		cat "$work/why" "$work/said" >"$said"
		result 1 "$test"
	fi
done
[ "$failed" = 0 ]
