// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "clock.h"
#include "found.h"
#include "told.h"
#include "words_text.h"

const char * const told_words[TOLDS] = {
	"survived", "slower", "unreached", "unsure", "found"
};

static void put_rules(const char *rules, FILE *out)
{
	while (*rules) {
		size_t length = strcspn(rules, "\n");

		fprintf(out, " '%.*s'", (int)length, rules);
		rules += length + (rules[length] == '\n');
	}
}

/* Lists of what the parts have: for one part it is exactly that. */
static void put_only(const struct attempt *attempt, FILE *out)
{
	static const char * const keys[] = { "seg", "nth", "flow", "port", "fault" };
	const char *gap = " --only '";

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		fprintf(out, "%s%s=", gap, keys[i]);
		for (unsigned int j = 0; j < attempt->parts; j++) {
			if (j)
				fputc(',', out);
			fault_term(attempt->fault[j], attempt->point[j],
				   keys[i], out);
		}
		gap = " ";
	}
	fputc('\'', out);
}

/* No other verb has the network. */
static void put_explore(const struct session *session,
			const struct attempt *attempt, FILE *out)
{
	const struct options *opt = session->setting.opt;

	fprintf(out, "finject explore --isolate --bed %s --timeout %gs",
		opt->bed, session->setting.limit / 1e9);
	if (attempt->parts > 1)
		fputs(" --pairs", out);
	for (unsigned int i = 0; i < attempt->parts; i++)
		if (fault_is_own(attempt->fault[i]))
			fprintf(out, " --fault '%s'", attempt->fault[i]->words);
	put_only(attempt, out);
	if (*session->setting.match)
		fprintf(out, " %s", session->setting.match);
}

static void put_run(const struct session *session,
		    const struct attempt *attempt, FILE *out)
{
	const struct options *opt = session->setting.opt;

	fputs("finject ", out);
	if (opt->netns)
		fprintf(out, "-n %s ", opt->netns);
	fprintf(out, "run --timeout %gs", session->setting.limit / 1e9);
	put_rules(attempt->rules, out);
}

/* The line that does the same once more. */
static char *repeat_of(const struct session *session,
		       const struct attempt *attempt)
{
	const struct options *opt = session->setting.opt;
	char *text = NULL, *command = command_text(opt->command);
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (opt->bed)
		put_explore(session, attempt, out);
	else
		put_run(session, attempt, out);
	fprintf(out, " -- %s", command);
	fclose(out);
	free(command);
	return text;
}

static void add_text(struct json_object *object, const char *key,
		     const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

static void append(struct json_object *list, const char *text)
{
	json_object_array_add(list, json_object_new_string(text));
}

static void add_found(struct json_object *object, unsigned int found)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < FOUND_KINDS; i++)
		if (found & 1U << i)
			append(list, found_words[i]);
	json_object_object_add(object, "found", list);
}

static void add_parts(struct json_object *object, const struct attempt *attempt)
{
	struct json_object *points = json_object_new_array();
	struct json_object *faults = json_object_new_array();

	for (unsigned int i = 0; i < attempt->parts; i++) {
		char name[64];

		point_name(attempt->point[i], name, sizeof(name));
		append(points, name);
		append(faults, attempt->fault[i]->name);
	}
	json_object_object_add(object, "points", points);
	json_object_object_add(object, "faults", faults);
}

static enum told outcome_of(const struct session *session,
			    const struct attempt *attempt)
{
	if (attempt_is_sure(session, attempt))
		return TOLD_FOUND;
	if (attempt->hits)
		return TOLD_UNSURE;
	if (!run_is_reached(attempt->run))
		return TOLD_UNREACHED;
	/* a tenth of a second is not worth a word */
	if (run_took(attempt->run) > 2 * session->longest + 100 * MSEC)
		return TOLD_SLOWER;
	return TOLD_SURVIVED;
}

static void add_sentence(struct json_object *object,
			 const struct session *session,
			 const struct attempt *attempt)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	unsigned int found = attempt->found;

	if (!out)
		abort();
	if (attempt->hits && !found)
		found = found_by(session->setting.opt, session->base[0],
				 attempt->run);
	found_say(found, session->base[0], attempt->run, out);
	fclose(out);
	add_text(object, "sentence", text);
	free(text);
}

static void copy_members(struct json_object *object, struct json_object *run)
{
	json_object_object_foreach(run, key, value)
		if (strcmp(key, "segments") && strcmp(key, "log"))
			json_object_object_add(object, key,
					       json_object_get(value));
}

/**
 * told_of() - make the record of an attempt
 * @session: the session
 * @attempt: what was tried; it is over, and has a result
 *
 * Return: the record, for the caller to put.
 */
struct json_object *told_of(const struct session *session,
			    const struct attempt *attempt)
{
	struct json_object *object = json_object_new_object();
	char *repeat = repeat_of(session, attempt);

	add_text(object, "outcome", told_words[outcome_of(session, attempt)]);
	add_text(object, "rules", attempt->rules);
	add_parts(object, attempt);
	add_found(object, attempt->found);
	add_sentence(object, session, attempt);
	add_text(object, "repeat", repeat);
	json_object_object_add(object, "tries",
			       json_object_new_int(attempt->ended));
	copy_members(object, attempt->run);
	free(repeat);
	return object;
}

/**
 * told_head() - make the first record, of what was explored
 * @session: the session
 *
 * Return: the record, for the caller to put.
 */
struct json_object *told_head(const struct session *session)
{
	char *command = command_text(session->setting.opt->command);
	struct json_object *object = json_object_new_object();
	struct utsname system;

	uname(&system);
	add_text(object, "explore", FINJECT_VERSION);
	add_text(object, "command", command);
	add_text(object, "match", session->setting.match);
	add_text(object, "kernel", system.release);
	free(command);
	return object;
}

/**
 * told_outcome() - find out how an attempt ended
 * @record: its record
 *
 * Return: how.
 */
enum told told_outcome(struct json_object *record)
{
	const char *word = run_text(record, "outcome");
	enum told told = TOLD_SURVIVED;

	while (told < TOLD_FOUND && strcmp(word, told_words[told]))
		told++;
	return told;
}

static const char *text_at(struct json_object *record, const char *key,
			   size_t at)
{
	struct json_object *list = json_object_object_get(record, key);

	return json_object_get_string(json_object_array_get_idx(list, at));
}

/**
 * told_name() - name what was tried: each point and its fault
 * @record: the record of an attempt
 *
 * Return: the text, for the caller to free.
 */
char *told_name(struct json_object *record)
{
	struct json_object *points = json_object_object_get(record, "points");
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (size_t i = 0; i < json_object_array_length(points); i++)
		fprintf(out, "%s%s, %s", i ? " + " : "",
			text_at(record, "points", i),
			text_at(record, "faults", i));
	fclose(out);
	return text;
}
