#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# test-in-tree.sh [PROGRAM...]: make finject a part of Debian's source of each
# version in KERNELS= (6.1) by packaging/in-tree, and test the series:
# checkpatch, the build of each commit as a module and built in, the
# documentation, and these kselftests, as the kernel's own tree installs and
# runs them, in a guest. PARTS= chooses some, in this order:
#   series checkpatch documentation module kselftests nipa kunit built-in boot
# shellcheck disable=SC2317 # a test is called by its name
set -u
. "$(dirname "$0")/suite.sh"
# The python3 of the packages comes before any other.
PATH=/usr/bin:$PATH

programs=${*:-close faults hold path rules reset gso}
# Types of checkpatch that are not reported, and the files for which they are
# not. An entry of MAINTAINERS has whole directories: no patch after the first
# changes it. A list of entries is neither an expression nor a statement, no
# trace header is aligned as checkpatch wants, and a macro at file scope cannot
# be a loop. The comments of net/ had a style of their own until Linux 6.10.
lists='net/finject/((vocabulary|names|counter|trace|lang/spec|lang/keyword)\.h|
	(names|counter|trace|lang/keyword|lang/value)\.c):'
lists=$(echo "$lists" | tr -d ' \n\t')
helpers='tools/testing/selftests/net/finject/(bed|lib)/[a-z]*\.[ch]:'
macros="COMPLEX_MACRO|MACRO_ARG_[A-Z]*|TRAILING_SEMICOLON|BRACKET_SPACE|SPACING"
macros="$macros|MULTISTATEMENT_MACRO_USE_DO_WHILE"
excused="($lists|$helpers).*:($macros): |FILE_PATH_CHANGES"
excused="$excused|NETWORKING_BLOCK_COMMENT_STYLE"
excused="$excused|/trace\.h:.*:(PARENTHESIS_ALIGNMENT|OPEN_ENDED_LINE)"
excused="$excused|/rules\.rst:.*:REPEATED_WORD: .*'drop'" # a rule that is refused

# in_tree ARGUMENT...: git in the tree
in_tree()
{
	git -C "$linux" -c advice.detachedHead=false "$@"
}

# kernel ARGUMENT...: make in the tree; any word on the standard error is a
# failure
kernel()
{
	LOCALVERSION='' make -s -C "$linux" O="$build" -j"$(nproc)" "$@" \
		>"$work/made" 2>&1 && ! grep -q 'warning:\|WARNING' "$work/made" && return
	tail -n 30 "$work/made"
	return 1
}

# set_to m|y: configure finject so
set_to()
{
	cp "$dir/config" "$build/.config"
	"$linux/scripts/config" --file "$build/.config" \
		--set-val FINJECT "$1" --enable FINJECT_KUNIT_TEST
	kernel olddefconfig && grep -q "^CONFIG_FINJECT=$1\$" "$build/.config"
}

# The series is there, on a branch, each commit signed off; a second one is
# refused and changes nothing.
series()
{
	in_tree branch -q -D finject 2>/dev/null
	in_tree config user.name finject
	in_tree config user.email finject@localhost
	"$TOP/packaging/in-tree" LINUX="$linux" || return
	[ "$(in_tree log --format=%b base..finject | grep -c ^Signed-off-by:)" = \
	  "$(in_tree rev-list --count base..finject)" ] || return
	! "$TOP/packaging/in-tree" LINUX="$linux" BRANCH=again 2>"$work/said" &&
		grep "has net/finject already" "$work/said" &&
		[ -z "$(in_tree status --porcelain)" ]
}

# checkpatch: over each patch
style()
{
	rm -rf "$work/patches"
	in_tree format-patch -q --cover-letter --cover-from-description=auto \
		-o "$work/patches" base..finject || return
	grep -q '^Subject: .* net: finject: faults in the close of TCP' \
		"$work/patches"/0000-* || return
	# shellcheck disable=SC2016 # sh -c expands it
	find "$work/patches" -name '*.patch' ! -name '0000-*' | sort |
	(cd "$linux" && xargs -P "$(nproc)" -I % perl scripts/checkpatch.pl \
		--strict --terse --showfile --no-summary --show-types % ) \
		>"$work/reports" 2>&1
	grep -q 'net/finject/vocabulary.h:.*COMPLEX_MACRO' "$work/reports" || {
		echo "checkpatch did not look"
		cat "$work/reports"
		return 1
	}
	! grep -vE "$excused" "$work/reports"
}

# builds m|y: each commit builds, links, and has no warning.
builds()
{
	for commit in $(in_tree rev-list --reverse base..finject); do
		in_tree checkout -q "$commit" || return
		if [ "$(in_tree rev-list --count "base..$commit")" = 1 ]; then
			set_to "$1" || return
		fi
		case $1 in
		m) kernel net/finject/finject.ko ;;
		y) kernel net/finject/ ;;
		esac || {
			in_tree log -1 --oneline
			return 1
		}
	done
	set_to "$1" || return # with what the KUnit patch has added
	case $1 in
	m) kernel bzImage modules ;;
	y) kernel bzImage ;;
	esac && cp "$build/arch/x86/boot/bzImage" "$dir/bzImage.$1"
}

# The kernel's Sphinx says nothing of these pages.
documentation()
{
	in_tree checkout -q finject || return
	command -v sphinx-build >/dev/null || {
		echo "1..0 # SKIP there is no sphinx-build"
		return 4
	}
	(cd "$linux" && sphinx-build -q -b html -C -D root_doc=index \
		-D highlight_language=none \
		Documentation/networking/finject "$work/html") >"$work/said" 2>&1
	! grep . "$work/said" && [ -e "$work/html/rules.html" ]
}

# guest m|y WORD...: run a command in a guest with that kernel
guest()
{
	ko=-
	[ "$1" = y ] || ko=$build/net/finject/finject.ko
	kind=$1
	shift
	KDIR=$build "$HERE/guest.sh" -k "$dir/bzImage.$kind" -K "$ko" \
		-t "${LIMIT:-1800}" -o "$logs/in-tree-$version-$kind" "$@"
}

# installed: install the selftests as the kernel's are, once.
installed()
{
	[ ! -e "$work/kselftest-$version" ] || return 0
	kernel kselftest-install TARGETS=net/finject \
		INSTALL_PATH="$work/kselftest-$version" || return
	rm -f "$work/kselftest"
	ln -s "kselftest-$version" "$work/kselftest"
}

# They run, as the kernel's do.
kselftests()
{
	in_tree checkout -q finject && installed || return
	tests=''
	for program in $programs; do
		tests="$tests -t net/finject:$program"
	done
	PROGRAMS=timeout guest m -f "$work/kselftest" \
		"cd kselftest && ./run_kselftest.sh $tests" >"$work/said" 2>&1
	status=$?
	grep -E '^(not )?ok ' "$work/said" | sed 's/^/# /'
	# 6.1's ends with 0 whatever happened
	if [ $status = 0 ] && ! grep -q '^not ok ' "$work/said" &&
	   [ "$(grep -c '^ok [0-9]* selftests: net/finject: [a-z]*$' \
		"$work/said")" = "$(echo "$programs" | wc -w)" ]; then
		return
	fi
	echo "the guest's exit status: $status"
	tail -n 40 "$work/said"
	return 1
}

# The command that ci.rst has for a kernel that was built elsewhere, on this one
nipa()
{
	command=$(sed -n '/^Kselftests, as NIPA/,/^Each program/s/^    //p' \
		"$TOP/Documentation/ci.rst")
	[ "$command" ] || { echo "ci.rst has no command"; return 1; }
	(cd "$TOP" && LINUX=$build sh -c "$command") >"$work/said" 2>&1
	status=$?
	sed 's/^/# /' "$work/said"
	return $status
}

# Built in: there before any module, it drops a FIN, which comes again.
boot()
{
	in_tree checkout -q finject && installed || return
	guest y -M -f "$work/kselftest/net/finject/close" \
		-f "$work/kselftest/net/finject/faults" \
		'! grep -q "^finject " /proc/modules && ./close && ./faults' \
		>"$work/said" 2>&1 && grep '^# Totals' "$work/said" && return
	tail -n 40 "$work/said"
	return 1
}

# The KUnit suites, which run when the module is loaded.
kunit()
{
	guest m -M -a 'kunit.enable=1 kunit.autorun=1' \
		'modprobe finject; dmesg' >"$work/said" 2>&1 || return
	suites=$(sed -n 's/^\t\.name = "\(finject_[a-z_]*\)",$/\1/p' \
		"$TOP"/module/tests/*_test.c)
	awk -v EXPECT="$suites" -f "$HERE/ktap.awk" "$work/said" >"$work/tap"
	grep '^not ok' "$work/tap" | sed 's/^/# /'
	echo "# $(grep -c '^ok ' "$work/tap") passed"
	grep -q '^ok ' "$work/tap" && ! grep -q '^not ok ' "$work/tap"
}

# part NAME COMMAND...: run it if it is one of the PARTS
part()
{
	name=$version-$1
	case " ${PARTS:-$1} " in
	*" $1 "*)
		shift
		on_host "$name" "$@"
		;;
	esac
}

for version in ${KERNELS:-6.1}; do
	dir=$("$HERE/kernel-tree.sh" "$version") || exit
	linux=$dir/linux build=$dir/build
	say "the series on linux $version"
	part series series
	part checkpatch style
	part documentation documentation
	part module builds m
	part kselftests kselftests
	part nipa nipa
	part kunit kunit
	part built-in builds y
	part boot boot
	in_tree checkout -q base
done
total
