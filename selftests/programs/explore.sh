#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# explore.sh NAME...: finject explore on each of these programs of cases.sh, in
# the guest; what comes of it goes to /out.
export LC_ALL=C
for name; do
	echo "=== $name"
	sh cases.sh prepare "$name"
	jobs=4
	[ "$name" != postgresql ] || jobs=1
	finject explore --isolate --jobs $jobs --same-output --timeout 30s \
		--resume "/out/$name.json" --page "/out/$name.html" -- \
		sh cases.sh "$name" >"/out/$name.txt" 2>&1
	cat "/out/$name.txt"
done
