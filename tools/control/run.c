// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules live as long as one open file of the module. It is never handed
 * on, so they end with this process, whatever ends it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalogue.h"
#include "ctl.h"
#include "file.h"
#include "finject.h"
#include "run.h"
#include "run_junit.h"
#include "run_keep.h"
#include "run_result.h"
#include "run_settle.h"
#include "run_state.h"
#include "span.h"
#include "text.h"

static int usage(const char *what)
{
	fail("%s", what);
	return USAGE;
}

static int options_check(struct run *run)
{
	const struct options *opt = run->opt;

	run->records = opt->log || opt->must_fire || opt->expect || opt->junit;
	if (opt->timeout && !span_parse(opt->timeout, &run->command.limit))
		return usage("--timeout wants a number and its unit, ms s min h: 30s, 1.5min");
	if (opt->expect && strcmp(opt->expect, "ok"))
		return usage("--expect knows only `ok'");
	if (opt->strict && !opt->expect)
		return usage("--strict goes with --expect ok");
	if (opt->peer_count && !run->records)
		return usage("--peer goes with --log, --artifacts, --must-fire, --expect, --junit");
	return DONE;
}

/* Return: the rules; "" for none, NULL after a sentence. */
static char *rules_of(const struct run *run, int argc, char **argv)
{
	const char *name = run->opt->rules;
	char *rules;

	if (!name && !argc) {
		if (run->records && !run->opt->must_fire)
			return strdup("");
		fail("there is no rule to run the command under");
		return NULL;
	}
	if (name && argc) {
		fail("rules come from a file or as words, not both");
		return NULL;
	}
	if (name)
		rules = file_text(name);
	else if (argv[0][0] == '@')
		rules = catalogue_rules(argv[0] + 1, argc - 1, argv + 1);
	else
		rules = text_rules(argc, argv);
	if (rules && name && text_check(rules, name, run->opt->force)) {
		free(rules);
		return NULL;
	}
	return rules;
}

static int lease(struct run *run, const char *rules, const char *before)
{
	bool force = run->opt->force;
	unsigned int ours;
	char *commands = text_leased(rules, before, &ours), *after = NULL;

	if (!text_refuse_everything(commands, force) &&
	    !text_refuse_taken(commands, before, force))
		run->lease = ctl_lease("rules", commands, ours,
				       run->opt->rules);
	if (run->lease >= 0)
		after = ctl_read("rules");
	if (after)
		rule_counts_find(&run->rules, after, before, commands);
	free(commands);
	free(after);
	return after ? DONE : NOT_RUN;
}

static int rules_begin(struct run *run, const char *rules)
{
	char *before;
	int status = NOT_RUN;

	if (!*rules)
		return DONE;
	before = ctl_read("rules");
	if (before)
		status = lease(run, rules, before);
	free(before);
	return status;
}

/**
 * run_begin() - set the rules, begin to record, start the command
 * @run: the run; @opt, @records and @command are set, @lease is -1
 * @rules: the rules, one a line, or ""
 *
 * Return: DONE, or a status after a sentence.
 */
int run_begin(struct run *run, const char *rules)
{
	if (run->records && (run_keep_begin(run) ||
			     recorder_open(&run->recorder, run->opt)))
		return NOT_RUN;
	if (ctl_open(run->opt->netns) || rules_begin(run, rules))
		return NOT_RUN;
	if (run_keep_rules(run))
		return NOT_RUN;
	run->began = time(NULL);
	return command_start(&run->command);
}

static void finish(struct run *run)
{
	run_settle(run);
	if (run_judge(run))
		run->kept = false;
	run_conclude(run);
	if (run_keep_results(run) ||
	    ((run->opt->junit || run->opt->artifacts) && run_junit_save(run)))
		run->kept = false;
	if (!run->status && !run->kept)
		run->status = NOT_KEPT;
	if (run_keep_summary(run) && !run->status)
		run->status = NOT_KEPT;
}

static int run_command(struct run *run, const char *rules)
{
	int status = run_begin(run, rules);

	if (status)
		return status;
	while (run->command.running) {
		recorder_wait(&run->recorder, run->command.signals,
			      command_patience(&run->command));
		command_attend(&run->command);
	}
	if (run->records)
		finish(run);
	else
		run_conclude(run);
	return run->status;
}

/**
 * run_close() - end the rules, and free all that a run has
 * @run: the run
 */
void run_close(struct run *run)
{
	if (run->lease >= 0)
		close(run->lease);
	command_close(&run->command);
	recorder_close(&run->recorder);
	rule_counts_free(&run->rules);
	closes_free(&run->closes);
	log_free(&run->log);
}

/**
 * verb_run() - run a command under rules that end with it
 * @opt: options; the command is @opt->command
 * @argc: number of words
 * @argv: rules, see text_rules(); or @NAME of a scenario and words for each
 *	of its rules
 *
 * Return: the command's exit status, 128 and the signal's number when one
 * ended it; 127 and 126 when it was not found or could not be executed; 125
 * when it was not run, after an error message. See status.h for the others.
 */
int verb_run(const struct options *opt, int argc, char **argv)
{
	struct options with = *opt;
	struct run run = {
		.opt = &with,
		.command = { .words = opt->command, .signals = -1 },
		.lease = -1,
		.kept = true,
	};
	char *rules;
	int status;

	if (opt->artifacts && opt->log)
		return usage("--artifacts has what --log has: give one of them");
	if (opt->artifacts)
		with.log = opt->artifacts;
	status = options_check(&run);
	if (status)
		return status;
	rules = rules_of(&run, argc, argv);
	status = rules ? run_command(&run, rules) : NOT_RUN;
	free(rules);
	run_close(&run);
	return status;
}
