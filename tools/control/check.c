// SPDX-License-Identifier: GPL-2.0-only
#include "docket.h"
#include "finject.h"
#include "log_file.h"

static int print(const struct options *opt, const struct closes *closes,
		 const struct log *log, struct verdicts *verdicts)
{
	struct term term = term_of(stdout, opt->ascii);

	if (opt->json)
		return dockets_json(closes, log, stdout, verdicts);
	*verdicts = dockets_text(closes, log, &term, stdout);
	return DONE;
}

static bool is_refused(const struct options *opt,
		       const struct verdicts *verdicts)
{
	if (!opt->strict)
		return verdicts->of[JUDGE_DEPARTS];
	if (!verdicts->closes)
		fail("there is no close in the log, and --strict wants one");
	return verdicts->of[JUDGE_OK] < verdicts->closes || !verdicts->closes;
}

/**
 * verb_check() - hold each close of a log against RFC 9293
 * @opt: options; @opt->strict: each close must be ok, and one must be there
 * @argc: number of words
 * @argv: names of the logs, see log_files()
 *
 * Return: exit status; REFUSED also when a close departs from the RFC.
 */
int verb_check(const struct options *opt, int argc, char **argv)
{
	struct verdicts verdicts;
	struct log log = { 0 };
	struct closes closes;
	int status = log_files(&log, argc, argv);

	if (status)
		return status;
	closes_split(&closes, &log);
	status = print(opt, &closes, &log, &verdicts);
	closes_free(&closes);
	log_free(&log);
	return is_refused(opt, &verdicts) ? REFUSED : status;
}
