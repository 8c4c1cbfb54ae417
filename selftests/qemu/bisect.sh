#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bisect.sh SCENARIO...: the test of a "git bisect run" in a kernel tree. Build
# the kernel that is checked out, boot it, and run these scenarios in it: names
# of "finject scenario list", or files, with a slash in their name.
#   git bisect start BAD GOOD
#   git bisect run FINJECT/selftests/qemu/bisect.sh last-ack-lost-once
# Of the environment:
#   LINUX=DIR     the tree; by default that of the working directory
#   BUILD=DIR     where it is built; by default in the cache, by the tree's path
#   CONFIG=FILE   the configuration; by default a small kernel's
# Exit: 0 each scenario is as expected; 1 one is not, or the kernel complains,
# dies or hangs; 125 it cannot be told: the kernel or the module does not build,
# the guest does not come up, or all scenarios are skipped; 128 and more, which
# ends the bisection: a mistake in the call.
set -eu
. "$(dirname "$0")/lib.sh"

# end STATUS WORD...: say why, and exit
end()
{
	status=$1
	shift
	say "bisect: $*"
	exit "$status"
}

[ $# -gt 0 ] || end 129 "usage: bisect.sh SCENARIO..."
linux=$(git -C "${LINUX:-.}" rev-parse --show-toplevel 2>/dev/null || :)
[ -e "${linux:-/nowhere}/scripts/kconfig/merge_config.sh" ] ||
	end 129 "'${LINUX:-.}' is no git tree of a kernel (LINUX=)"
[ -z "${CONFIG-}" ] || [ -r "$CONFIG" ] ||
	end 129 "there is no configuration $CONFIG (CONFIG=)"
build=${BUILD:-$CACHE/bisect/$(echo "$linux" | cksum | cut -d' ' -f1)}
mkdir -p "$build"
log=$build/bisect.log

make -s -C "$TOP/tools" >"$log" 2>&1 || {
	tail -n 20 "$log" >&2
	end 129 "the tool does not build"
}
files='' names=''
for scenario; do
	"$TOP/tools/finject" scenario show "$scenario" >/dev/null ||
		end 129 "there is no scenario '$scenario'"
	case $scenario in
	*/*)
		files="$files -f $scenario"
		scenario=./$(basename "$scenario")
		;;
	esac
	names="$names $scenario"
done

# in_tree ARGUMENT...: make in the tree. The release stays the same from commit
# to commit, or all would be built anew.
in_tree()
{
	LOCALVERSION='' make -s -C "$linux" O="$build" -j"$(nproc)" "$@" \
		>>"$log" 2>&1
}

# configure: once from CONFIG or the fragments; then the same for each commit,
# with what its own Kconfig makes of it
configure()
{
	if [ "${CONFIG-}" ] && ! cmp -s "$CONFIG" "$build/.begun"; then
		cp "$CONFIG" "$build/.config"
		cp "$CONFIG" "$build/.begun"
	elif ! [ -e "$build/.config" ]; then
		(cd "$linux" && scripts/kconfig/merge_config.sh -n -O "$build" \
			"$TOP/selftests/config" "$HERE/guest.config" \
			"$HERE/small.config") >>"$log" 2>&1 || return
	fi
	"$linux/scripts/config" --file "$build/.config" --disable LOCALVERSION_AUTO
	in_tree olddefconfig
}

# guest COMMAND: run a command in a guest with this kernel
guest()
{
	# shellcheck disable=SC2086 # a list
	KDIR=$build "$HERE/guest.sh" -k "$build/arch/x86/boot/bzImage" -m warp \
		-t "${TIMEOUT:-600}" -f "$TOP/tools/finject" $files "$1"
}

say "bisect: $(git -C "$linux" log -1 --oneline)"
{ configure && in_tree bzImage modules; } || {
	tail -n 20 "$log" >&2
	end 125 "the kernel does not build"
}
# Whether the kernel boots and takes the module is another question.
guest true >"$log" 2>&1 || {
	tail -n 20 "$log" >&2
	end 125 "no guest with finject comes up"
}
status=0
guest "finject scenario run$names" >"$log" 2>&1 || status=$?
grep -E '^(not )?ok ' "$log" || :
[ "$status" = 0 ] || {
	tail -n 60 "$log" >&2
	end 1 "bad (exit status $status)"
}
grep -E '^ok ' "$log" | grep -qv '# SKIP' || end 125 "all scenarios were skipped"
say "bisect: good"
