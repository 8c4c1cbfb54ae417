#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# cocci.sh: the kernel's own Coccinelle scripts over the module, in report
# mode. None needs a configured tree: they read the sources as they stand, with
# the options that most of them ask for. Fails when any reports anything.
set -eu
. "$(dirname "$0")/../qemu/lib.sh"

# check_bq27xxx_data (a table of one battery driver) and badzero are written
# in OCaml and would want its compiler.
left_out='check_bq27xxx_data\.cocci|badzero\.cocci'

scripts=$("$HERE/../qemu/source.sh")/scripts/coccinelle
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$HERE/../.."

# one SCRIPT: its reports, under a name of its own
cat >"$work/one" <<'END'
out=$2/$(echo "$1" | tr / _)
spatch -D report --very-quiet --no-includes --include-headers \
	--cocci-file "$1" --dir module --ignore module/tests \
	>"$out.report" 2>"$out.error" || {
	echo "$1 does not run:"
	cat "$out.error"
} >>"$out.report"
END
find "$scripts" -name '*.cocci' | grep -vE "/($left_out)\$" >"$work/scripts"
[ -s "$work/scripts" ] || die "no Coccinelle scripts below $scripts"
xargs -P"$(nproc)" -I{} sh "$work/one" {} "$work" <"$work/scripts"
cat "$work"/*.report >"$work/all"
! grep . "$work/all"
