# SPDX-License-Identifier: GPL-2.0-only
#
# Read a kernel's log and print KUnit's results of the suites in EXPECT as flat
# TAP: one test for each case, or for each parameter of a case. A suite that is
# missing, or ends before its plan, is a failed test.

function result(good, name)
{
	count++
	print (good ? "ok " : "not ok ") count " " name
}

function end_suite(good)
{
	if (cases != plan)
		result(0, suite " ran " cases + 0 " of " plan + 0 " cases")
	else if (!good && !bad)
		result(0, suite)
	ended[suite] = 1
	suite = ""
}

{ sub(/^(<[0-9]+>)?\[ *[0-9.]+\] /, "") }

/^    # Subtest: / {
	suite = $3
	cases = plan = params = bad = 0
	next
}
suite == "" { next }
/^    1\.\.[0-9]/ { plan = substr($1, 4); next }
/^        # Subtest: / { next }
/^        (not )?ok / {
	good = $1 == "ok"
	name = $0
	sub(/^ *(not )?ok [0-9]+ (- )?/, "", name)
	param[params++] = (good ? "+" : "-") name
	bad += !good
	next
}
/^    (not )?ok / {
	good = $1 == "ok"
	name = $0
	sub(/^ *(not )?ok [0-9]+ (- )?/, "", name)
	for (i = 0; i < params; i++)
		result(substr(param[i], 1, 1) == "+",
		       suite "." name "." substr(param[i], 2))
	if (!params) {
		result(good, suite "." name)
		bad += !good
	}
	params = 0
	cases++
	next
}
/^(not )?ok / && $NF == suite { end_suite($1 == "ok"); next }
/^ *#/ { sub(/^ */, ""); if ($0 !~ /pass:[0-9]+ fail:/) print; next }
/^ *KTAP/ { next }
/^ / { print "#" $0 }

END {
	n = split(EXPECT, suites)
	for (i = 1; i <= n; i++)
		if (!ended[suites[i]])
			result(0, suites[i] " did not come to its end")
	print "1.." count + 0
}
