// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of `finject run --log`.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "artifacts.h"
#include "ctl.h"
#include "folder.h"
#include "json_record.h"
#include "log_file.h"
#include "pcapng.h"
#include "report_page.h"
#include "rule_file.h"
#include "rule_texts.h"
#include "run_keep.h"
#include "run_state.h"
#include "stats.h"
#include "table.h"
#include "why.h"

typedef int print_fn(const struct run *run, FILE *out);

struct kept {
	const char *name;
	print_fn *print;
};

#define SUMMARY "run.json"
#define RULES "rules.txt"
#define PACKETS "events.pcapng"

static int print_rules(const struct run *run, FILE *out)
{
	char *text = ctl_read("rules");

	if (!text)
		return REFUSED;
	fputs(text, out);
	free(text);
	return DONE;
}

static int print_rules_json(const struct run *run, FILE *out)
{
	char *text = ctl_read("rules");
	int status = text ? table_json(text, out) : REFUSED;

	free(text);
	return status;
}

static int print_stats(const struct run *run, FILE *out)
{
	char *text = ctl_read("stats");

	if (!text)
		return REFUSED;
	table_print(text, "nothing was counted", out);
	free(text);
	return DONE;
}

static int print_stats_json(const struct run *run, FILE *out)
{
	char *text = ctl_read("stats");
	int status = text ? stats_json(text, out) : REFUSED;

	free(text);
	return status;
}

static int print_why(const struct run *run, FILE *out)
{
	char *rules = ctl_read("rules"), *why = ctl_read("why");
	int status = rules && why ? why_print(why, rules, 0, out) : REFUSED;

	free(rules);
	free(why);
	return status;
}

static int print_check(const struct run *run, FILE *out)
{
	struct term plain = { 0 };

	dockets_text(&run->closes, &run->log, &plain, out);
	return DONE;
}

static int print_check_json(const struct run *run, FILE *out)
{
	struct verdicts verdicts;

	return dockets_json(&run->closes, &run->log, out, &verdicts);
}

/* The rules were kept before. */
static int print_page(const struct run *run, FILE *out)
{
	struct rule_texts rules = { 0 };
	char *name;
	int status;

	if (asprintf(&name, "%s/" RULES, run->opt->log) < 0)
		abort();
	status = rule_file(&rules, name) ? REFUSED : DONE;
	if (!status)
		report_page(&run->closes, &run->log, &rules, out);
	rule_texts_free(&rules);
	free(name);
	return status;
}

static struct json_object *number(u64 value)
{
	return json_object_new_uint64(value);
}

static struct json_object *text(const char *value)
{
	return value ? json_object_new_string(value) : NULL;
}

static struct json_object *json_words(char **words)
{
	struct json_object *array = json_object_new_array();

	for (; *words; words++)
		json_object_array_add(array, text(*words));
	return array;
}

static struct json_object *json_peers(const struct options *opt)
{
	struct json_object *array = json_object_new_array();

	for (unsigned int i = 0; i < opt->peer_count; i++)
		json_object_array_add(array, text(opt->peers[i]));
	return array;
}

static struct json_object *json_why(const struct rule_count *rule)
{
	struct json_object *why;
	char *said = NULL;
	size_t size;
	FILE *out;

	if (rule->fired)
		return NULL;
	out = open_memstream(&said, &size);
	if (!out)
		return NULL;
	rule_count_why(rule, out);
	fclose(out);
	why = text(said);
	free(said);
	return why;
}

static struct json_object *json_rules(const struct run *run)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < run->rules.count; i++) {
		const struct rule_count *rule = &run->rules.rule[i];
		struct json_object *object = json_object_new_object();

		json_object_object_add(object, "id", number(rule->id));
		json_object_object_add(object, "rule", text(rule->text));
		json_object_object_add(object, "matched", rule->gone ? NULL :
				       number(rule->matched));
		json_object_object_add(object, "fired", number(rule->fired));
		json_object_object_add(object, "why", json_why(rule));
		json_object_array_add(array, object);
	}
	return array;
}

static struct json_object *json_closes(const struct run *run)
{
	struct json_object *object = json_object_new_object();

	for (int i = JUDGE_OK; i <= JUDGE_DEPARTS; i++)
		json_object_object_add(object, judge_results[i],
				       number(run->verdicts.of[i]));
	return object;
}

static void json_times(const struct run *run, struct json_object *object)
{
	const struct command *command = &run->command;
	char began[32];
	struct tm tm;

	gmtime_r(&run->began, &tm);
	strftime(began, sizeof(began), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_object_object_add(object, "began", text(began));
	json_object_object_add(object, "t", number(command->started));
	json_object_object_add(object, "took",
			       number(command->ended - command->started));
	json_object_object_add(object, "followed",
			       number(run->settled_at - command->ended));
	json_object_object_add(object, "settled",
			       json_object_new_boolean(run->settled));
}

static int print_summary(const struct run *run, FILE *out)
{
	const struct command *command = &run->command;
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "command", json_words(command->words));
	json_object_object_add(object, "netns", text(run->opt->netns));
	json_object_object_add(object, "peers", json_peers(run->opt));
	json_object_object_add(object, "exit", number(run->status));
	json_object_object_add(object, "command_exit", number(command->status));
	json_object_object_add(object, "timed_out",
			       json_object_new_boolean(command->timed_out));
	json_times(run, object);
	json_object_object_add(object, "records", number(run->recorder.records));
	json_object_object_add(object, "lost", number(run->recorder.lost));
	json_object_object_add(object, "rules", json_rules(run));
	json_object_object_add(object, "closes", json_closes(run));
	return json_print(object, out);
}

static const struct kept rule_files[] = {
	{ RULES, print_rules },
	{ "rules.json", print_rules_json },
	{ "stats.txt", print_stats },
	{ "stats.json", print_stats_json },
	{ "why.txt", print_why },
	{ }
};

static const struct kept result_files[] = {
	{ "check.txt", print_check },
	{ "check.json", print_check_json },
	{ "report.html", print_page },
	{ }
};

static const struct kept summary_file[] = {
	{ SUMMARY, print_summary },
	{ }
};

static int keep(const struct run *run, const struct kept *file)
{
	char *content = NULL;
	size_t size;
	FILE *out = open_memstream(&content, &size);
	int status;

	if (!out)
		return fail("%s: %m", file->name);
	status = file->print(run, out);
	if (fclose(out) && !status)
		status = fail("%s: %m", file->name);
	if (!status)
		status = folder_save(run->opt->log, file->name, content);
	free(content);
	return status;
}

/* The records as JSON say which namespace they are from; those as text do not. */
static int keep_packets(const struct run *run)
{
	char *json = folder_path(run->opt->log, RECORDER_JSON);
	struct pcapng pcapng;
	struct log log = { 0 };
	int status = log_file(&log, json) ? REFUSED : DONE;
	FILE *out = status ? NULL : folder_append(run->opt->log, PACKETS);

	free(json);
	if (!out) {
		log_free(&log);
		return REFUSED;
	}
	pcapng_begin(&pcapng, out);
	for (size_t i = 0; i < log.count; i++)
		pcapng_add(&pcapng, &log, i);
	pcapng_end(&pcapng);
	log_free(&log);
	return fclose(out) ? fail("%s: %m", PACKETS) : DONE;
}

static int keep_all(const struct run *run, const struct kept *files)
{
	int status = DONE;

	for (; run->opt->log && files->name; files++)
		if (keep(run, files))
			status = REFUSED;
	return status;
}

/**
 * run_keep_begin() - make the directory for a run
 * @run: the run; without --log nothing is done
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int run_keep_begin(const struct run *run)
{
	static const char * const names[] = {
		SUMMARY, "report.html", "check.json", "check.txt",
		"why.txt", "stats.json", "stats.txt", "rules.json", RULES,
		PACKETS, RECORDER_JSON, RECORDER_TEXT, NULL
	};

	if (run->opt->log && folder_make(run->opt->log, names))
		return REFUSED;
	return run->opt->artifacts ? artifacts_make(run->opt->artifacts) : DONE;
}

/**
 * run_keep_rules() - keep the rules and their counters
 * @run: the run; its rules are there, and without --log nothing is done
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int run_keep_rules(const struct run *run)
{
	return keep_all(run, rule_files);
}

/**
 * run_keep_results() - keep the verdicts and the page
 * @run: the run, which is over; without --log nothing is done
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int run_keep_results(const struct run *run)
{
	int status = keep_all(run, result_files);

	return run->opt->log && keep_packets(run) ? REFUSED : status;
}

/**
 * run_keep_summary() - keep the exit status, the times and the numbers
 * @run: the run; without --log nothing is done
 *
 * It comes last: where it is, all is.
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int run_keep_summary(const struct run *run)
{
	return keep_all(run, summary_file);
}
