// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "closes.h"
#include "finject.h"
#include "ladder.h"
#include "log_file.h"
#include "record.h"
#include "report_page.h"
#include "rule_file.h"
#include "rule_texts.h"
#include "svg.h"

static int draw_one(const struct options *opt, const struct closes *closes,
		    const struct log *log, const struct rule_texts *rules)
{
	struct svg_about about = { .rules = rules, .alone = true };
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
	about.title = title;
	about.forwarded = closes->close[number - 1].routers;
	svg_ladder(&ladder, &about, stdout);
	ladder_free(&ladder);
	return DONE;
}

static int print(const struct options *opt, struct log *log,
		 const struct rule_texts *rules)
{
	struct closes closes;
	int status = DONE;

	closes_split(&closes, log);
	if (opt->svg)
		status = draw_one(opt, &closes, log, rules);
	else
		report_page(&closes, log, rules, stdout);
	closes_free(&closes);
	return status;
}

/**
 * verb_report() - make a page of the closes of a log
 * @opt: options; @opt->svg: only the drawing of that close; @opt->texts: files
 *	of its rules
 * @argc: number of words
 * @argv: names of the logs, see log_files()
 *
 * Return: exit status.
 */
int verb_report(const struct options *opt, int argc, char **argv)
{
	struct rule_texts rules = { 0 };
	struct log log = { 0 };
	int status = log_files(&log, argc, argv);

	for (unsigned int i = 0; !status && i < opt->text_count; i++)
		status = rule_file(&rules, opt->texts[i]);
	if (!status)
		status = print(opt, &log, &rules);
	rule_texts_free(&rules);
	log_free(&log);
	return status;
}
