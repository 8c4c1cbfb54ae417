// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo_cases.h"
#include "finject.h"
#include "ladder_text.h"
#include "record.h"
#include "text.h"

/* Prints the rules as the kernel keeps them. */
static void print_rules(struct trial *trial)
{
	for (int end = END_A; end <= END_B; end++) {
		char *rules = trial_read(trial, end, "rules");
		char *rest = rules, *line;

		while ((line = record_line(&rest)))
			if (!strncmp(line, "add ", 4))
				printf("  at %c: %s\n", 'A' + end, line + 4);
		free(rules);
	}
}

static u64 fired(struct trial *trial)
{
	u64 count = 0;

	for (int end = END_A; end <= END_B; end++) {
		char *stats = trial_read(trial, end, "stats");
		char *rest = stats, *line;
		struct record record;

		while ((line = record_line(&rest)))
			if (record_parse(&record, line) &&
			    !strcmp(record.word, "rule"))
				count += record_number(&record, "fired");
		free(stats);
	}
	return count;
}

static void tell(struct result *result)
{
	printf("  the rule fired %llu time%s\n", result->fired,
	       result->fired == 1 ? "" : "s");
	for (int end = END_A; end <= END_B; end++)
		printf("  %c: RetransSegs %ld, TCPSpuriousRtxHostQueues %ld\n",
		       'A' + end, result->count[end].retransmitted,
		       result->count[end].spurious);
	if (result->trial->gave_up)
		puts(result->trial->eofs ?
		     "  not all of it was gone after five minutes" :
		     "  B never learned that A closed");
}

static int show(const struct demo_case *demo, struct trial *trial,
		const struct term *term)
{
	struct result result = {
		.trial = trial,
		.term = *term,
		.count = trial->counted,
		.fired = fired(trial),
	};

	printf("%s\n", demo->title);
	print_rules(trial);
	putchar('\n');
	if (!ladder_build(&result.ladder, &trial->log))
		return fail("nothing was observed");
	ladder_text(&result.ladder, term, stdout);
	putchar('\n');
	if (demo->judge)
		demo->judge(&result);
	else
		tell(&result);
	putchar('\n');
	fflush(stdout);
	ladder_free(&result.ladder);
	return result.failed ? REFUSED : DONE;
}

static int log_save(const struct log *log, FILE *out)
{
	if (!out)
		return DONE;
	log_print(log, out);
	return fflush(out) ? fail("writing the log: %m") : DONE;
}

static int run(const struct demo_case *demo, const struct term *term,
	       FILE *log)
{
	struct trial trial;
	int status = trial_open(&trial);

	if (!status && demo->rule)
		status = trial_rule(&trial, demo->end, demo->rule);
	if (!status)
		status = trial_run(&trial);
	if (!status)
		status = log_save(&trial.log, log);
	if (!status)
		status = show(demo, &trial, term);
	trial_close(&trial);
	return status;
}

static int run_all(const struct term *term, FILE *log)
{
	size_t count = DEMO_CASES, wrong = 0;

	for (size_t i = 0; i < count; i++) {
		printf("%zu. ", i + 1);
		wrong += run(&demo_cases[i], term, log) != DONE;
	}
	if (wrong)
		return fail("%zu of %zu closes did not show what they should",
			    wrong, count);
	printf("%zu closes, each as it should be\n", count);
	return DONE;
}

static int run_own(const struct options *opt, char *rule,
		   const struct term *term, FILE *log)
{
	struct demo_case own = {
		.title = "a close under this rule",
		.end = opt->end == 'B' ? END_B : END_A,
		.rule = rule,
	};
	int status = run(&own, term, log);

	free(rule);
	return status;
}

/**
 * verb_demo() - close real connections and draw what was observed
 * @opt: options
 * @argc: number of words
 * @argv: the words of a rule; none: the built-in cases
 *
 * Return: exit status; REFUSED also when a built-in case did not show what it
 * should.
 */
int verb_demo(const struct options *opt, int argc, char **argv)
{
	struct term term = term_of(stdout, opt->ascii);
	FILE *log = opt->log ? fopen(opt->log, "we") : NULL;
	int status;

	if (opt->log && !log)
		return fail("%s: %m", opt->log);
	status = argc ? run_own(opt, text_join(argc, argv), &term, log) :
		run_all(&term, log);
	if (log)
		fclose(log);
	return status;
}
