// SPDX-License-Identifier: GPL-2.0-only
/*
 * `finject scenario`: list, show and run adverse closes by name.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <json-c/json.h>

#include "artifacts.h"
#include "catalogue.h"
#include "clock.h"
#include "finject.h"
#include "junit.h"
#include "ladder_text.h"
#include "scenario_run.h"
#include "term.h"

enum { DRAWN = 4 };	/* closes of one run */

/**
 * struct outcome - runs of scenarios, counted and printed
 * @opt: options of the verb
 * @junit: the runs for --junit
 * @json: the runs for --json
 * @number: number of runs so far
 * @of: those of each result
 * @draws: draw the closes also of a run that is ok
 * @unkept: not all could be written for --artifacts
 */
struct outcome {
	const struct options *opt;
	struct junit junit;
	struct json_object *json;
	unsigned int number;
	unsigned int of[EXPERIMENT_BROKEN + 1];
	bool draws;
	bool unkept;
};

static const char * const results[] = {
	[EXPERIMENT_OK] = "ok",
	[EXPERIMENT_FAILED] = "failed",
	[EXPERIMENT_SKIPPED] = "skipped",
	[EXPERIMENT_BROKEN] = "broken",
};

static int each_scenario(int (*each)(const struct scenario *scenario, void *arg),
			 void *arg)
{
	struct scenario scenario;
	int status = DONE;

	for (const struct catalogue_row *row = catalogue;
	     row->name && status == DONE; row++) {
		status = catalogue_read(&scenario, row->name);
		if (!status)
			status = each(&scenario, arg);
		scenario_free(&scenario);
	}
	return status;
}

static int name_width(void)
{
	size_t width = 0;

	for (const struct catalogue_row *row = catalogue; row->name; row++)
		if (strlen(row->name) > width)
			width = strlen(row->name);
	return width;
}

static int list_text(const struct scenario *scenario, void *arg)
{
	printf("%-*s  %s\n", name_width(), scenario->name, scenario->title);
	return DONE;
}

static void json_text(struct json_object *object, const char *key,
		      const char *text)
{
	if (text)
		json_object_object_add(object, key,
				       json_object_new_string(text));
}

static int list_json(const struct scenario *scenario, void *arg)
{
	struct json_object *object = json_object_new_object();

	json_text(object, "name", scenario->name);
	json_text(object, "title", scenario->title);
	json_text(object, "asked", scenario->asked);
	json_text(object, "rfc", scenario->rfc);
	json_text(object, "bed", scenario_beds[scenario->bed]);
	json_object_array_add(arg, object);
	return DONE;
}

static void print_json(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY));
	json_object_put(object);
}

static int list(const struct options *opt)
{
	struct json_object *array;
	int status;

	if (!opt->json)
		return each_scenario(list_text, NULL);
	array = json_object_new_array();
	status = each_scenario(list_json, array);
	print_json(array);
	return status;
}

static int show(const char *name)
{
	char *text = catalogue_text(name);

	if (!text)
		return REFUSED;
	fputs(text, stdout);
	free(text);
	return DONE;
}

/* TAP: what is not a result is a comment. */
static void print_comment(char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line || text)
			printf("#%s%s\n", *line ? " " : "", line);
}

static void draw(const struct outcome *outcome, struct experiment *experiment)
{
	struct term term = term_of(stdout, outcome->opt->ascii);
	struct closes closes;
	struct ladder ladder;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	closes_split(&closes, &experiment->log);
	for (size_t i = 0; i < closes.count && i < DRAWN; i++) {
		if (!ladder_of_close(&ladder, &closes.close[i], &experiment->log))
			continue;
		ladder_text(&ladder, &term, out);
		ladder_free(&ladder);
	}
	if (closes.count > DRAWN)
		fprintf(out, "and %zu closes more\n", closes.count - DRAWN);
	closes_free(&closes);
	fclose(out);
	print_comment(text);
	free(text);
}

/* Of whom a line speaks, with a blank behind it: `A2 `. */
static const char *who(const struct scenario_line *line)
{
	static const char hosts[] = "ABR";
	static char text[8];

	if (line->host == HOST_NONE)
		return "";
	snprintf(text, sizeof(text), line->slot ? "%c%u " : "%c ",
		 hosts[line->host], line->slot + 1);
	return text;
}

/* Print a line as it stands in the scenario's file. */
static void line_text(const struct experiment *experiment, unsigned int number,
		      char *out, size_t size)
{
	const struct scenario *scenario = experiment->scenario;

	*out = '\0';
	for (size_t i = 0; i < scenario->lines; i++) {
		const struct scenario_line *line = &scenario->line[i];

		if (line->number == number)
			snprintf(out, size, "%s%s%s%s%s", line->expects ?
				 "expect " : "", who(line), line->verb->name,
				 *line->rest ? " " : "", line->rest);
	}
}

static void tell_tap(const struct outcome *outcome, struct experiment *experiment,
		     const char *name, const char *why, u64 took)
{
	printf("%s %u - %s", experiment->result == EXPERIMENT_FAILED ||
	       experiment->result == EXPERIMENT_BROKEN ? "not ok" : "ok",
	       outcome->number, name);
	if (experiment->result == EXPERIMENT_SKIPPED)
		printf(" # SKIP %s\n", why);
	else
		printf(" (%.1f s)\n", took / 1e9);
	if (experiment->result == EXPERIMENT_FAILED || experiment->result == EXPERIMENT_BROKEN)
		printf("# %s\n", why);
	if (experiment->result == EXPERIMENT_FAILED || outcome->draws)
		draw(outcome, experiment);
	fflush(stdout);
}

/* What was seen of each line that asks for something. */
static struct json_object *seen_json(const struct experiment *experiment)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < experiment->sights; i++) {
		const struct experiment_seen *seen = &experiment->seen[i];
		struct json_object *object = json_object_new_object();
		char line[192];

		line_text(experiment, seen->line, line, sizeof(line));
		json_object_object_add(object, "number",
				       json_object_new_int(seen->line));
		json_text(object, "line", line);
		json_text(object, "seen", seen->text);
		json_object_array_add(array, object);
	}
	return array;
}

static void tell_json(struct outcome *outcome, struct experiment *experiment,
		      const char *why, u64 took)
{
	struct json_object *object = json_object_new_object();

	json_text(object, "name", experiment->scenario->name);
	json_text(object, "family", experiment->family == AF_INET6 ? "v6" : "v4");
	json_text(object, "result", results[experiment->result]);
	if (experiment->result != EXPERIMENT_OK)
		json_text(object, "why", why);
	json_object_object_add(object, "seconds",
			       json_object_new_double(took / 1e9));
	json_object_object_add(object, "seen", seen_json(experiment));
	json_object_array_add(outcome->json, object);
}

static bool wants_suite(const struct options *opt)
{
	return opt->junit || opt->artifacts;
}

static int keep(const struct outcome *outcome, struct experiment *experiment)
{
	char name[80];

	snprintf(name, sizeof(name), "%s.%s", experiment->scenario->name,
		 experiment->family == AF_INET6 ? "v6" : "v4");
	return artifacts_log(outcome->opt->artifacts, name, &experiment->log);
}

static void tell(struct outcome *outcome, struct experiment *experiment, u64 took)
{
	char name[80], why[768], line[192];

	*why = '\0';
	line_text(experiment, experiment->line, line, sizeof(line));
	if (*line && experiment->result != EXPERIMENT_SKIPPED)
		snprintf(why, sizeof(why), "line %u, `%s': ", experiment->line,
			 line);
	snprintf(why + strlen(why), sizeof(why) - strlen(why), "%s",
		 experiment->result == EXPERIMENT_BROKEN ? "it could not be run" :
		 experiment->why);
	snprintf(name, sizeof(name), "%s %s", experiment->scenario->name,
		 experiment->family == AF_INET6 ? "v6" : "v4");
	outcome->number++;
	outcome->of[experiment->result]++;
	if (outcome->json)
		tell_json(outcome, experiment, why, took);
	else
		tell_tap(outcome, experiment, name, why, took);
	if (wants_suite(outcome->opt))
		junit_case(&outcome->junit, "finject.scenario", name,
			   experiment->result == EXPERIMENT_OK ? JUNIT_PASSED :
			   experiment->result == EXPERIMENT_SKIPPED ? JUNIT_SKIPPED :
			   JUNIT_FAILED, why);
	if (outcome->opt->artifacts && keep(outcome, experiment))
		outcome->unkept = true;
}

static void tell_notes(const struct outcome *outcome,
		       const struct scenario *scenario)
{
	char *copy;

	if (outcome->json)
		return;
	if (!outcome->number)
		puts("TAP version 13");
	printf("# %s: %s\n", scenario->name, scenario->title);
	if (!outcome->opt->notes || !scenario->notes)
		return;
	copy = strdup(scenario->notes);
	print_comment(copy);
	free(copy);
}

static int run_one(const struct scenario *scenario, void *arg)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct outcome *outcome = arg;
	struct experiment experiment;

	tell_notes(outcome, scenario);
	for (int i = 0; i < 2; i++) {
		u64 start = clock_now();

		if (!(scenario->families & 1 << i))
			continue;
		scenario_run(&experiment, scenario, families[i]);
		tell(outcome, &experiment, clock_now() - start);
		scenario_run_end(&experiment);
	}
	return DONE;
}

static int run_named(struct outcome *outcome, int argc, char **argv)
{
	struct scenario scenario;
	int status = DONE;

	for (int i = 0; i < argc && status == DONE; i++) {
		status = catalogue_read(&scenario, argv[i]);
		if (!status)
			status = run_one(&scenario, outcome);
		scenario_free(&scenario);
	}
	return status;
}

static int run_end(struct outcome *outcome, u64 start)
{
	const struct options *opt = outcome->opt;

	if (outcome->json)
		print_json(outcome->json);
	else
		printf("1..%u\n# %u ok, %u failed, %u skipped\n",
		       outcome->number, outcome->of[EXPERIMENT_OK],
		       outcome->of[EXPERIMENT_FAILED] + outcome->of[EXPERIMENT_BROKEN],
		       outcome->of[EXPERIMENT_SKIPPED]);
	outcome->junit.took = clock_now() - start;
	if (wants_suite(opt) &&
	    junit_end(&outcome->junit, opt->junit, opt->artifacts))
		return REFUSED;
	return outcome->of[EXPERIMENT_FAILED] || outcome->of[EXPERIMENT_BROKEN] ||
		outcome->unkept ? REFUSED : DONE;
}

static int run(const struct options *opt, int argc, char **argv)
{
	bool all = argc == 1 && !strcmp(argv[0], "all");
	struct outcome outcome = {
		.opt = opt,
		.draws = argc == 1 && !all,
		.junit = { .name = "finject scenario", .began = time(NULL) },
		.json = opt->json ? json_object_new_array() : NULL,
	};
	u64 start = clock_now();
	int status;

	if (opt->artifacts && artifacts_make(opt->artifacts))
		return REFUSED;
	if (wants_suite(opt))
		junit_begin(&outcome.junit);
	status = all ? each_scenario(run_one, &outcome) :
		       run_named(&outcome, argc, argv);
	return status ? status : run_end(&outcome, start);
}

/**
 * verb_scenario() - list, show or run scenarios
 * @opt: options
 * @argc: number of words
 * @argv: `list`, `show NAME`, `run NAME...` or `run all`
 *
 * Return: exit status.
 */
int verb_scenario(const struct options *opt, int argc, char **argv)
{
	if (!strcmp(argv[0], "list") && argc == 1)
		return list(opt);
	if (!strcmp(argv[0], "show") && argc == 2)
		return show(argv[1]);
	if (!strcmp(argv[0], "run") && argc > 1)
		return run(opt, argc - 1, argv + 1);
	fail("`scenario' wants list, show NAME, run NAME... or run all");
	return USAGE;
}
