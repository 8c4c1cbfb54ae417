// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "closes.h"
#include "finject.h"
#include "ladder.h"
#include "log_file.h"
#include "record.h"
#include "report_page.h"
#include "svg.h"

static int draw_one(const struct options *opt, const struct closes *closes,
		    const struct log *log)
{
	struct ladder ladder;
	char title[200];
	u64 number;

	if (!number_parse(opt->svg, &number) || !number ||
	    number > closes->count)
		return fail("there is no close `%s': the log has %zu",
			    opt->svg, closes->count);
	if (!ladder_of_close(&ladder, &closes->close[number - 1], log))
		return fail("nothing of close %s can be drawn", opt->svg);
	snprintf(title, sizeof(title), "close of %s and %s", ladder.name[END_A],
		 ladder.name[END_B]);
	svg_ladder(&ladder, title, true, stdout);
	ladder_free(&ladder);
	return DONE;
}

/**
 * verb_report() - make a page of the closes of a log
 * @opt: options; @opt->svg: only the drawing of that close
 * @argc: number of words
 * @argv: the log's name, or none, or `-`, for standard input
 *
 * Return: exit status.
 */
int verb_report(const struct options *opt, int argc, char **argv)
{
	struct log log = { 0 };
	struct closes closes;
	int status = log_file(&log, argc ? argv[0] : "-");

	if (status)
		return status;
	closes_split(&closes, &log);
	if (opt->svg)
		status = draw_one(opt, &closes, &log);
	else
		report_page(&closes, &log, stdout);
	closes_free(&closes);
	log_free(&log);
	return status;
}
