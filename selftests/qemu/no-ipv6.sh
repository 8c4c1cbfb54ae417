#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# no-ipv6.sh TREE: copy TREE, the build tree of Debian's 6.1, as if it had been
# configured without IPv6: without the options and symbols that depend on it.
# Print the directory of the copy.
#
# A module may use there the exports of vmlinux, except
# - those of objects that are not linked then: in net/ipv6, by its Makefile and
#   the tree's own configuration; elsewhere, where a Makefile tests for IPv6;
# - those under an "#if" of something of IPv6.
set -eu
. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || die "usage: no-ipv6.sh TREE"
tree=$1-no-ipv6-$(cksum <"$0" | cut -d" " -f1)
source=$("$HERE/source.sh")
# The options that depend on it, by name, and those by other names.
options='[A-Z0-9_]*(IPV6|IP6|INET6)[A-Z0-9_]*|XFRM_INTERFACE|NF_TABLES_INET'
options="($options|NFT_(BRIDGE_REJECT|FIB_INET|FIB_NETDEV|REJECT_INET))"

# linked DIR: list the objects that the source's Makefile in DIR links then.
linked()
{
	make -s -f - objects <<-END
		include $tmp/include/config/auto.conf
		include $source/$1/Makefile
		objects: ; @echo \$(filter %.o,\$(obj-y))
	END
}

# gone: list the symbols that are not exported then; fail at an export that
# cannot be parsed.
gone()
{
	stay=$(linked net/ipv6) || return
	cd "$source"
	# shellcheck disable=SC2016
	find net -name Makefile -exec awk -v asks="CONFIG_$options" '
		$0 ~ asks {
			dir = FILENAME
			sub(/Makefile$/, "", dir)
			for (i = 1; i <= NF; i++)
				if (sub(/\.o$/, ".c", $i)) print dir $i
		}' {} + >"$tmp/asked"
	# shellcheck disable=SC2016
	find net -name '*.[ch]' -exec awk -v asks="CONFIG_$options" \
		-v stay="$stay" -v ASKED="$tmp/asked" '
	BEGIN {
		while ((getline file <ASKED) > 0) leaves[file] = 1
		n = split(stay, object)
		for (i = 1; i <= n; i++) {
			sub(/\.o$/, ".c", object[i])
			stays["net/ipv6/" object[i]] = 1
		}
	}
	FNR == 1 {
		depth = under = 0
		left = FILENAME in leaves ||
			(FILENAME ~ /^net\/ipv6\// && !(FILENAME in stays))
	}
	/^[ \t]*#[ \t]*if/ {
		asked = $0 ~ asks
		while (/\\$/ && getline > 0)
			asked = asked || $0 ~ asks
		under += on[++depth] = asked
	}
	/^[ \t]*#[ \t]*endif/ { under -= on[depth--] }
	/EXPORT_[A-Z0-9_]*\(/ && (left || under) {
		if (sub(/^EXPORT_[A-Z0-9_]*\(/, "") && sub(/[,)].*/, ""))
			print
		else {
			print FILENAME ":" FNR ": what does it export?" \
				>"/dev/stderr"
			exit 1
		}
	}' {} +
}

mkdir -p "$CACHE/kernels"
lock no-ipv6
if ! [ -e "$tree" ]; then
	tmp=$tree.tmp
	rm -rf "$tmp"
	cp -a "$1" "$tmp"
	sed -i -E "/^(#define )?CONFIG_$options(_MODULE)?[ =]/d" \
		"$tmp/include/config/auto.conf" \
		"$tmp/include/generated/autoconf.h"
	(gone) >"$tmp/gone" || die "what is gone without IPv6 is not known"
	awk -F '\t' 'NR == FNR { gone[$1] = 1; next }
		     $3 == "vmlinux" && !($2 in gone)' \
		"$tmp/gone" "$1/Module.symvers" >"$tmp/Module.symvers"
	# Two of the symbols must be gone, and two beside them stay.
	awk -F '\t' '
		$2 ~ /^(ip6_route_output_flags|inet6_lookup_listener)$/ { gone++ }
		$2 ~ /^(ipv6_skip_exthdr|ip_route_output_flow)$/ { stays++ }
		END { exit gone || stays != 2 }' "$tmp/Module.symvers" ||
		die "what is gone without IPv6 is not what it should be"
	mv "$tmp" "$tree"
fi
echo "$tree"
