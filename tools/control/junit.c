// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run as JUnit XML, in the elements that all readers of it know. A case fails
 * only where the exit status of the tool says so too: what was not asked for is
 * skipped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "file.h"
#include "junit.h"
#include "refuse.h"
#include "run_result.h"
#include "run_state.h"
#include "svg.h"

enum result { PASSED, SKIPPED, FAILED };

/**
 * struct suite - the cases as they are printed
 * @out: where to
 * @cases: their number
 * @of: number of cases of each result
 */
struct suite {
	FILE *out;
	unsigned int cases;
	unsigned int of[FAILED + 1];
};

static void attribute(const char *name, const char *value, FILE *out)
{
	fprintf(out, " %s=\"", name);
	/* a newline would be read as a blank, other controls not at all */
	svg_text(value, out);
	fputc('"', out);
}

static void case_add(struct suite *suite, const char *kind, const char *name,
		     enum result result, const char *why)
{
	FILE *out = suite->out;

	suite->cases++;
	suite->of[result]++;
	fputs("  <testcase", out);
	attribute("classname", kind, out);
	attribute("name", name, out);
	if (result == PASSED) {
		fputs("/>\n", out);
		return;
	}
	fprintf(out, ">\n    <%s", result == FAILED ? "failure" : "skipped");
	attribute("message", why, out);
	fputs("/>\n  </testcase>\n", out);
}

static void word_print(const char *word, FILE *out)
{
	/* what is not ASCII might not be UTF-8 either, and end every reader */
	for (; *word; word++)
		fputc((unsigned char)*word < 0x80 ? *word : '?', out);
}

static char *words_joined(char **words)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (size_t i = 0; words[i]; i++) {
		if (i)
			fputc(' ', out);
		word_print(words[i], out);
	}
	fclose(out);
	return text;
}

static void add_command(struct suite *suite, const struct run *run)
{
	const struct command *command = &run->command;
	char *name = words_joined(command->words);
	char why[80];
	enum result result = FAILED;

	if (command->timed_out)
		snprintf(why, sizeof(why), "took longer than %s",
			 run->opt->timeout);
	else if (command->status > SIGNALLED)
		snprintf(why, sizeof(why), "ended by signal %d",
			 command->status - SIGNALLED);
	else
		snprintf(why, sizeof(why), "exit status %d", command->status);
	if (!command->timed_out && !command->status)
		result = PASSED;
	case_add(suite, "finject.command", name, result, why);
	free(name);
}

static void add_rule(struct suite *suite, const struct run *run,
		     const struct rule_count *rule)
{
	enum result result = run->opt->must_fire ? FAILED : SKIPPED;
	char *why = NULL;
	size_t size;
	FILE *out = open_memstream(&why, &size);

	if (!out)
		abort();
	rule_count_why(rule, out);
	fclose(out);
	if (rule->fired)
		result = PASSED;
	case_add(suite, "finject.rule", rule->text, result, why);
	free(why);
}

static enum result close_result(const struct run *run,
				enum judge_result result)
{
	if (result == JUDGE_OK)
		return PASSED;
	if (!run->opt->expect)
		return SKIPPED;
	return result == JUDGE_DEPARTS || run->opt->strict ? FAILED : SKIPPED;
}

static void add_close(struct suite *suite, const struct run *run, size_t i)
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
	case_add(suite, "finject.close", name, close_result(run, result), why);
	free(name);
	free(why);
}

static void add_all(struct suite *suite, const struct run *run)
{
	add_command(suite, run);
	for (size_t i = 0; i < run->rules.count; i++)
		add_rule(suite, run, &run->rules.rule[i]);
	for (size_t i = 0; i < run->closes.count; i++)
		add_close(suite, run, i);
	if (!run->closes.count && run->opt->expect)
		case_add(suite, "finject.close", "at least one", FAILED,
			 "there was no close");
}

static void print(const struct run *run, const struct suite *suite,
		  const char *cases, FILE *out)
{
	const struct command *command = &run->command;
	u64 took = run->settled_at - command->started;
	char began[32];
	struct tm tm;

	gmtime_r(&run->began, &tm);
	strftime(began, sizeof(began), "%Y-%m-%dT%H:%M:%S", &tm);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	fprintf(out, "<testsuite name=\"finject run\" tests=\"%u\"",
		suite->cases);
	fprintf(out, " failures=\"%u\" errors=\"0\" skipped=\"%u\"",
		suite->of[FAILED], suite->of[SKIPPED]);
	fprintf(out, " time=\"%llu.%03llu\" timestamp=\"%s\">\n%s", took / SEC,
		took % SEC / MSEC, began, cases);
	fputs("</testsuite>\n</testsuites>\n", out);
}

/**
 * junit_save() - write the results of a run as JUnit XML
 * @run: the run, which is over
 * @name: the file
 *
 * What the command printed is not in it.
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int junit_save(const struct run *run, const char *name)
{
	char *cases = NULL, *text = NULL;
	struct suite suite = { 0 };
	size_t size;
	int status;
	FILE *out;

	suite.out = open_memstream(&cases, &size);
	out = open_memstream(&text, &size);
	if (!suite.out || !out)
		abort();
	add_all(&suite, run);
	fclose(suite.out);
	print(run, &suite, cases, out);
	fclose(out);
	status = file_save(name, text);
	free(cases);
	free(text);
	return status;
}
