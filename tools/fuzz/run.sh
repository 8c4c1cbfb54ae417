#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [-m] NAME: run build/NAME_fuzz over corpus/NAME and NAME.seed, then
# with new inputs until RUNS executions were made; print their number, the
# coverage and the time. A failure names its input.
# -m: reduce corpus/NAME to the few inputs with the coverage of all that were
# ever found.
set -eu
cd "$(dirname "$0")"

minimise=
if [ "$1" = -m ]; then
	minimise=y
	shift
fi
name=$1
dir=$O/$name
log=$dir/log

mkdir -p "$dir/corpus" "$dir/found"
rm -f "$dir"/corpus/*
cat "corpus/$name"* 2>/dev/null | ./corpus.pl unpack "$dir/corpus"
case $name in
log | judge)
	cp ../tests/check/*.log ../tests/ladder/*.log ../tests/corpus/*.log \
		"$dir/corpus"
	;;
esac

export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1

if [ "$minimise" ]; then
	rm -rf "$dir/least"
	mkdir "$dir/least"
	"$O/${name}_fuzz" -merge=1 -max_len="$MAX" "$dir/least" \
		"$dir/found" "$dir/corpus" >"$log" 2>&1 || {
		tail -n 30 "$log"
		exit 1
	}
	./corpus.pl pack "$dir/least" >"corpus/$name"
	wc -lc "corpus/$name"
	exit
fi

dict=
[ ! -e "$O/$name.dict" ] || dict=$O/$name.dict
# A log is read, judged and drawn in three ways: a hundred times the work.
case $name in
log | judge) RUNS=$((RUNS / 100)) ;;
esac
begin=$(date +%s)
"$O/${name}_fuzz" -runs="$RUNS" -max_len="$MAX" \
	${dict:+"-dict=$dict"} -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
	-artifact_prefix="$dir/" "$dir/found" "$dir/corpus" >"$log" 2>&1 || {
	sed -n '/does not hold\|ERROR:\|runtime error/,$p' "$log" | head -n 60
	echo "fuzz $name: a finding; all it said is in tools/fuzz/$log" >&2
	exit 1
}
awk -v name="$name" -v took="$(($(date +%s) - begin))" '
	/^#.*cov:/ { for (i = 1; i < NF; i++) {
			if ($i == "cov:") cov = $(i + 1)
			if ($i == "ft:") ft = $(i + 1) } }
	/number_of_executed_units/ { runs = $2 }
	END { if (!runs) exit 1
	      printf "fuzz %s: %d executions, %d edges, %d features, %d s: " \
		     "nothing found\n", name, runs, cov, ft, took }' "$log"
