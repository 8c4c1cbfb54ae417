# SPDX-License-Identifier: GPL-2.0-only
#
# Read the TABLE that tally.awk has written (kernel, mode, program, passed,
# failed, skipped) and print it: a row for each program, a column for each of
# KERNELS.

NF != 6 { next } # what ran on the host
!($3 in row) { row[$3] = ++programs; program[programs] = $3 }
{ cell[$3, $1] = $4 "/" $5 "/" $6 }

END {
	kernels = split(KERNELS, kernel)
	printf "\n%-24s", "passed/failed/skipped"
	for (k = 1; k <= kernels; k++) {
		sub(/.*\//, "", kernel[k])
		printf " %10s", kernel[k]
	}
	for (p = 1; p <= programs; p++) {
		printf "\n%-24s", program[p]
		for (k = 1; k <= kernels; k++)
			printf " %10s", cell[program[p], kernel[k]]
	}
	printf "\n\n"
}
