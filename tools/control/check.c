// SPDX-License-Identifier: GPL-2.0-only
#include "capture.h"
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

/* Some 1 MB of closes of a capture is judged at a time. */
enum { PART = 2048 };

/**
 * struct paper - the verdicts, as they are printed part by part
 * @opt: options
 * @term: what may be printed
 * @json: the verdicts with @opt->json
 * @verdicts: the numbers of closes
 */
struct paper {
	const struct options *opt;
	struct term term;
	struct dockets_json json;
	struct verdicts verdicts;
};

/* Closes of a capture come whole, so each is in one part. */
static void print_part(struct paper *paper, struct log *log)
{
	struct closes closes;

	log_sort(log);
	closes_split(&closes, log);
	if (paper->opt->json)
		dockets_json_add(&paper->json, &closes, log, &paper->verdicts);
	else
		dockets_text_add(&closes, log, &paper->term, stdout,
				 &paper->verdicts);
	closes_free(&closes);
	log_free(log);
}

static int print_capture(const struct options *opt, const char *name,
			 struct capture *capture, struct log *log,
			 struct verdicts *verdicts)
{
	struct paper paper = {
		.opt = opt,
		.term = term_of(stdout, opt->ascii),
	};
	int status, printed = DONE;
	bool more;

	if (opt->json)
		dockets_json_begin(&paper.json);
	do {
		more = capture_read(capture, log, PART);
		print_part(&paper, log);
		log_source_file(&log->sources, name);
	} while (more);
	status = capture_close(capture);
	if (opt->json)
		printed = dockets_json_end(&paper.json, &paper.verdicts, stdout);
	else if (!status)
		dockets_text_end(&paper.verdicts, stdout);
	*verdicts = paper.verdicts;
	return status ? status : printed;
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

static int print_logs(const struct options *opt, int argc, char **argv,
		      struct verdicts *verdicts)
{
	struct log log = { 0 };
	struct closes closes;
	int status = log_files(&log, argc, argv);

	if (status)
		return status;
	closes_split(&closes, &log);
	status = print(opt, &closes, &log, verdicts);
	closes_free(&closes);
	log_free(&log);
	return status;
}

/**
 * verb_check() - hold each close of a log against RFC 9293
 * @opt: options; @opt->strict: each close must be ok, and one must be there
 * @argc: number of words
 * @argv: names of the logs and captures, see log_files()
 *
 * Closes of a lone capture are judged, and let go, as it is read.
 *
 * Return: exit status; REFUSED also when a close departs from the RFC.
 */
int verb_check(const struct options *opt, int argc, char **argv)
{
	const char *name = argc ? argv[0] : "-";
	struct verdicts verdicts = { 0 };
	struct log log = { 0 };
	struct capture *capture = NULL;
	int status;

	log_source_file(&log.sources, name);
	if (argc < 2)
		capture = capture_open(name, &log);
	if (capture)
		status = print_capture(opt, name, capture, &log, &verdicts);
	else
		status = print_logs(opt, argc, argv, &verdicts);

	log_free(&log);
	if (status)
		return status;
	return is_refused(opt, &verdicts) ? REFUSED : status;
}
