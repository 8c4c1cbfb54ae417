# SPDX-License-Identifier: GPL-2.0-only
#
# Read the output of run-list (TAP between "### begin" and "### end" lines),
# print a line for each program, and the output of a failed one. Totals are
# written to the file TOTALS. EXPECT names the programs that must be present.
# The counts of each are written to the file TABLE, for table.awk.

function problem(text)
{
	failed++
	problems = problems "        " text "\n"
}

function finish(    i, from)
{
	if (status == "") problem("it did not come to its end")
	else if (status == 4 && !seen && !failed) { skipped++; plan = seen = 1 }
	else if (status == 143 || status == 137) problem("its time limit was over")
	else if (status != 0 && !failed) problem("it exited with " status)
	if (!seen) problem("it gave no test result")
	else if (seen != plan) problem("it ran " seen " of " plan " tests")
	if (splat) problem("the kernel complained, see below")

	printf "%s %-24s %3d passed", failed ? "FAIL" : "ok  ", label name, passed
	if (failed) printf ", %d failed", failed
	if (skipped) printf ", %d skipped", skipped
	printf "\n%s", problems
	print label, name, passed, failed, skipped >>TABLE
	from = n > 200 ? n - 200 : 0
	for (i = from; i < n; i++)
		if (failed || line[i] ~ /# SKIP/)
			print "        | " line[i]
	total["passed"] += passed
	total["failed"] += failed
	total["skipped"] += skipped
	heard[name] = 1
	name = ""
	fflush()
}

/^### begin / {
	if (name != "") finish()
	name = $3
	n = passed = failed = skipped = seen = plan = splat = 0
	status = problems = ""
	next
}
/^### status / { status = $3; next }
/^### splat/ { splat = 1; next }
/^### end / { finish(); next }
name == "" { next }
{ line[n++] = $0 }
/^1\.\.[0-9]+/ { plan += substr($1, 4) }
/^ok / { seen++; if (/# SKIP/) skipped++; else passed++ }
/^not ok / { seen++; failed++ }

END {
	if (name != "") finish()
	count = split(EXPECT, names)
	for (k = 1; k <= count; k++)
		if (!heard[names[k]]) {
			printf "FAIL %-24s never ran\n", label names[k]
			print label, names[k], 0, 1, 0 >>TABLE
			total["failed"]++
		}
	print total["passed"] + 0, total["failed"] + 0, \
		total["skipped"] + 0 >>TOTALS
}
