/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One close in the table of the page, with its drawing below.
 */
#ifndef FINJECT_REPORT_ROW_H
#define FINJECT_REPORT_ROW_H

#include <stdio.h>

#include "ladder.h"
#include "report_faults.h"
#include "tally.h"

/**
 * struct report_row - one close
 * @index: its place in the log
 * @ladder: it as a picture
 * @tally: it in numbers
 */
struct report_row {
	size_t index;
	struct ladder ladder;
	struct tally tally;
};

void report_row(const struct report_row *row, const struct closes *closes,
		const struct log *log, const struct report_faults *faults,
		FILE *out);

#endif /* FINJECT_REPORT_ROW_H */
