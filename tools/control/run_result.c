// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "folder.h"
#include "log_file.h"
#include "run_result.h"
#include "run_state.h"

static const char too_fast[] =
	"came faster than they were read, and are lost; max_events= makes more room";

static char *log_name(const struct run *run)
{
	char *name;

	if (run->opt->log)
		return folder_path(run->opt->log, RECORDER_TEXT);
	if (asprintf(&name, "/proc/self/fd/%d",
		     fileno(run->recorder.text)) < 0)
		abort();
	return name;
}

/**
 * run_judge() - judge the closes that were recorded
 * @run: the run; its recorder has stopped
 *
 * Return: DONE, or a status after a sentence.
 */
int run_judge(struct run *run)
{
	char *name = log_name(run);
	int status = log_file(&run->log, name);

	free(name);
	if (status)
		return status;
	closes_split(&run->closes, &run->log);
	run->verdicts.closes = run->closes.count;
	for (size_t i = 0; i < run->closes.count; i++) {
		struct docket docket = docket_hear(&run->closes, i, &run->log);

		run->verdicts.of[docket_result(&docket)]++;
	}
	return DONE;
}

static void say_unfired(const struct rule_count *rule)
{
	fprintf(stderr, "finject: rule %llu: ", rule->id);
	rule_count_why(rule, stderr);
	fprintf(stderr, "\n  %s\n", rule->text);
}

static bool lacks_rule(const struct run *run)
{
	for (size_t i = 0; i < run->rules.count; i++)
		if (run->opt->must_fire && !run->rules.rule[i].fired)
			return true;
	return false;
}

/**
 * run_lacks_close() - check whether the closes are as expected
 * @run: the run
 *
 * Return: true when one departs, when there is none, or with --strict when one
 * is undecided.
 */
bool run_lacks_close(const struct run *run)
{
	const struct verdicts *verdicts = &run->verdicts;

	return run->opt->expect &&
	       (!verdicts->closes || verdicts->of[JUDGE_DEPARTS] ||
		(run->opt->strict && verdicts->of[JUDGE_UNDECIDED]));
}

static void say_closes(const struct run *run)
{
	const struct verdicts *verdicts = &run->verdicts;

	if (!verdicts->closes) {
		fail("--expect ok: there was no close");
		return;
	}
	fail("--expect ok: of %zu close%s %zu depart%s, %zu undecided",
	     verdicts->closes, verdicts->closes == 1 ? "" : "s",
	     verdicts->of[JUDGE_DEPARTS],
	     verdicts->of[JUDGE_DEPARTS] == 1 ? "s" : "",
	     verdicts->of[JUDGE_UNDECIDED]);
	for (size_t i = 0; i < run->closes.count; i++) {
		struct docket docket = docket_hear(&run->closes, i, &run->log);
		enum judge_result result = docket_result(&docket);

		if (result == JUDGE_OK ||
		    (result == JUDGE_UNDECIDED && !run->opt->strict))
			continue;
		fprintf(stderr, "%s  %s  %s\n", judge_results[result],
			docket.close->name[0], docket.close->name[1]);
		docket_why(&docket, stderr);
	}
}

static void say_all(const struct run *run)
{
	if (run->command.timed_out)
		fail("the command took longer than %s, and was ended%s",
		     run->opt->timeout,
		     run->command.killed ? " with SIGKILL" : "");
	if (run->recorder.lost)
		fail("%llu events %s", run->recorder.lost, too_fast);
	for (size_t i = 0; i < run->rules.count; i++)
		if (run->opt->must_fire && !run->rules.rule[i].fired)
			say_unfired(&run->rules.rule[i]);
	if (run_lacks_close(run))
		say_closes(run);
}

/**
 * run_conclude() - find the exit status, and say what is wrong
 * @run: the run; @status is set
 *
 * What went wrong with the command is more than what else did.
 */
void run_conclude(struct run *run)
{
	int status = run->command.status;

	say_all(run);
	if (run->command.timed_out)
		status = TIMED_OUT;
	else if (!status && run->command.interrupted)
		status = SIGNALLED + run->command.interrupted;
	if (!status && lacks_rule(run))
		status = NOT_FIRED;
	if (!status && run_lacks_close(run))
		status = NOT_EXPECTED;
	run->status = status;
}
