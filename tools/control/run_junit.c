// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run as JUnit XML. A case fails only where the exit status of the tool says so
 * too: what was not asked for is skipped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "junit.h"
#include "run_junit.h"
#include "run_result.h"
#include "run_state.h"
#include "words_text.h"

static void add_command(struct junit *suite, const struct run *run)
{
	const struct command *command = &run->command;
	char *name = command_text(command->words);
	char why[80];
	enum junit_result result = JUNIT_FAILED;

	if (command->timed_out)
		snprintf(why, sizeof(why), "took longer than %s",
			 run->opt->timeout);
	else if (command->status > SIGNALLED)
		snprintf(why, sizeof(why), "ended by signal %d",
			 command->status - SIGNALLED);
	else
		snprintf(why, sizeof(why), "exit status %d", command->status);
	if (!command->timed_out && !command->status)
		result = JUNIT_PASSED;
	junit_case(suite, "finject.command", name, result, why);
	free(name);
}

static void add_rule(struct junit *suite, const struct run *run,
		     const struct rule_count *rule)
{
	enum junit_result result = run->opt->must_fire ? JUNIT_FAILED : JUNIT_SKIPPED;
	char *why = NULL;
	size_t size;
	FILE *out = open_memstream(&why, &size);

	if (!out)
		abort();
	rule_count_why(rule, out);
	fclose(out);
	if (rule->fired)
		result = JUNIT_PASSED;
	junit_case(suite, "finject.rule", rule->text, result, why);
	free(why);
}

static enum junit_result close_result(const struct run *run,
				      enum judge_result result)
{
	if (result == JUDGE_OK)
		return JUNIT_PASSED;
	if (!run->opt->expect)
		return JUNIT_SKIPPED;
	return result == JUDGE_DEPARTS || run->opt->strict ? JUNIT_FAILED : JUNIT_SKIPPED;
}

static void add_close(struct junit *suite, const struct run *run, size_t i)
{
	struct docket docket = docket_hear(&run->closes, i, &run->log);
	enum judge_result result = docket_result(&docket);
	char *why = NULL, *name;
	size_t size;
	FILE *out = open_memstream(&why, &size);

	if (!out || asprintf(&name, "%zu. %s %s", i + 1, docket.close->name[0],
			     docket.close->name[1]) < 0)
		abort();
	fprintf(out, "%s\n", judge_results[result]);
	docket_why(&docket, out);
	fclose(out);
	junit_case(suite, "finject.close", name, close_result(run, result), why);
	free(name);
	free(why);
}

static void add_all(struct junit *suite, const struct run *run)
{
	add_command(suite, run);
	for (size_t i = 0; i < run->rules.count; i++)
		add_rule(suite, run, &run->rules.rule[i]);
	for (size_t i = 0; i < run->closes.count; i++)
		add_close(suite, run, i);
	if (!run->closes.count && run->opt->expect)
		junit_case(suite, "finject.close", "at least one", JUNIT_FAILED,
			   "there was no close");
}

/**
 * run_junit_save() - write the results of a run as JUnit XML, and as TAP
 * @run: the run, which is over
 *
 * What the command printed is not in it.
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int run_junit_save(const struct run *run)
{
	struct junit suite = {
		.name = "finject run",
		.began = run->began,
		.took = run->settled_at - run->command.started,
	};

	junit_begin(&suite);
	add_all(&suite, run);
	return junit_end(&suite, run->opt->junit, run->opt->artifacts);
}
