#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel-tree.sh VERSION: make a git repository of Debian's source of that
# version, whose tag "base" is the source, and a built small kernel of it
# (guest.config, small.config), both in the cache; for tests that change a
# kernel. Print the directory, which has linux/, build/, and the configuration,
# config. Check out "base".
set -eu
. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || die "usage: kernel-tree.sh VERSION"
version=$1
dir=$CACHE/trees/$version
linux=$dir/linux build=$dir/build
touched="MAINTAINERS Documentation/ABI Documentation/networking net include/net
	tools/testing/selftests"
# What checkpatch reads out of the repository.
read=LICENSES

# in_git ARGUMENT...: git in the tree, whoever and wherever the user is.
in_git()
{
	git -C "$linux" -c user.name=finject -c user.email=finject@localhost \
		-c commit.gpgSign=false -c core.hooksPath=/dev/null "$@"
}

# What a series or a fault touches is in the repository, and what is read there;
# the rest is beside it.
begin()
{
	source=$("$HERE/source.sh" tree "$version")
	rm -rf "$dir"
	mkdir -p "$build"
	say "making a repository of linux $version"
	cp -al "$source" "$dir/new"
	git -C "$dir/new" init -q -b main
	echo '*' >"$dir/new/.git/info/exclude"
	mv "$dir/new" "$linux"
	# shellcheck disable=SC2086 # a list
	in_git add -f $touched $read
	in_git commit -q -m "linux $version of Debian"
	in_git tag base
	# A file that is as it was is not written again, nor compiled.
	in_git config core.trustctime false
}

# configure: apply exactly the fragments, or print the difference.
configure()
{
	# shellcheck disable=SC2086
	(cd "$linux" && scripts/kconfig/merge_config.sh -n -O "$build" \
		$fragments) >"$build/merge.log" 2>&1 || {
		cat "$build/merge.log" >&2
		die "linux $version cannot be configured"
	}
	! grep -A 2 '^Value requested' "$build/merge.log" >&2 ||
		die "linux $version does not take this configuration"
}

lock "tree-$version"
in_git rev-parse -q --verify base >/dev/null 2>&1 || begin
in_git update-index -q --refresh || :
in_git checkout -q -f base
# shellcheck disable=SC2086 # a list
in_git clean -q -d -f -x -- $touched
in_git add -f $read
in_git diff --cached --quiet || {
	# it was made before that was in it
	in_git commit -q --amend --no-edit
	in_git tag -f base >/dev/null
}

fragments="$TOP/selftests/config $HERE/guest.config $HERE/small.config"
# shellcheck disable=SC2086
key=$({ cat $fragments; gcc --version; } | cksum)
if [ "$(cat "$dir/configured" 2>/dev/null)" != "$key" ]; then
	say "building linux $version 'small' (ten minutes, once)"
	configure
	cp "$build/.config" "$dir/config"
fi
cmp -s "$dir/config" "$build/.config" || cp "$dir/config" "$build/.config"
# What a test has built in is not in the next one's kernel. An empty LOCALVERSION:
# no "+" for what is not tagged.
LOCALVERSION='' make -s -C "$linux" O="$build" -j"$(nproc)" bzImage modules \
	>"$dir/log" 2>&1 || {
	tail -n 30 "$dir/log" >&2
	die "linux $version does not build"
}
echo "$key" >"$dir/configured"
echo "$dir"
