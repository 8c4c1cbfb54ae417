#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# module.sh KERNEL [MAKE-ARG...]: build finject.ko for a kernel of kernel.sh,
# or for the build tree in KDIR if that is set, in a directory of the cache
# that holds links to the sources, so that the tree stays clean and a rebuild is
# short; FRESH=1 builds it all again. Print the directory of finject.ko.
# COMPILER=gcc|clang is the compiler. MAKE-ARG: W=1, C=2, ...
set -eu
. "$(dirname "$0")/lib.sh"

[ $# -ge 1 ] || die "usage: module.sh KERNEL [MAKE-ARG...]"
kernel=$1
shift
if [ "${KDIR-}" ]; then
	make="make -C $KDIR"
	release=own
else
	make=$("$HERE/kernel.sh" "$kernel" make)
	release=$("$HERE/kernel.sh" "$kernel" release)
fi

key=$(echo "$TOP $make $*" | cksum | cut -d' ' -f1)
build=$CACHE/build/$release-$key
mkdir -p "$build"
exec 9>"$build/.lock"
flock 9

cd "$TOP"
[ -z "${FRESH-}" ] || find "$build" -mindepth 1 ! -name .lock -delete
find Kbuild module -path module/tests/build -prune -o \
	\( -name 'Kbuild' -o -name '*.[ch]' \) -print |
while read -r file; do
	[ -e "$build/$file" ] && continue
	mkdir -p "$build/$(dirname "$file")"
	ln -s "$TOP/$file" "$build/$file"
done
find "$build" -xtype l -delete

# shellcheck disable=SC2086
if ! $make M="$build" "$@" -s -j"$(nproc)" modules >"$build/log" 2>&1; then
	sed "s|$build/||g" "$build/log" >&2
	die "finject.ko does not build for linux $release"
fi
sed "/unavailability of vmlinux/d; s|$build/||g" "$build/log" >&2
echo "$build"
