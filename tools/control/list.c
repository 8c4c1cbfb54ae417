// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules are in the file `rules`, who added them is in `stats`. For people
 * that is a comment, so that what is printed can still be written back.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "finject.h"
#include "json_record.h"
#include "record.h"

enum { LINE_MOST = 1024, COMMENT = 128 };

/**
 * struct listing - the texts of both files
 * @rules: the rules
 * @stats: the counters
 * @added: records of @stats
 * @count: number of those
 */
struct listing {
	char *rules;
	char *stats;
	struct record *added;
	size_t count;
};

/* What the kernel says of a rule, by the number behind `add id=`. */
static const struct record *added_by(const struct listing *listing,
				     const char *id)
{
	for (size_t i = 0; i < listing->count; i++)
		if (!strcmp(listing->added[i].word, "rule") &&
		    record_number(&listing->added[i], "id") ==
		    strtoull(id, NULL, 10) &&
		    record_get(&listing->added[i], "comm"))
			return &listing->added[i];
	return NULL;
}

static const char *age_of(u64 ns, char *room, size_t size)
{
	static const struct {
		u64 seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' } };
	u64 seconds = ns / 1000000000;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (seconds < 2 * units[i].seconds)
			continue;
		snprintf(room, size, "%llu%c", seconds / units[i].seconds,
			 units[i].unit);
		return room;
	}
	snprintf(room, size, "%llus", seconds);
	return room;
}

static void comment(const struct record *rule, char *text, size_t size)
{
	char pid[24] = "?", age[24];

	if (record_number(rule, "pid"))
		snprintf(pid, sizeof(pid), "%llu", record_number(rule, "pid"));
	snprintf(text, size, "  # by %s[%s], %s ago%s",
		 record_get(rule, "comm"), pid,
		 age_of(record_number(rule, "age"), age, sizeof(age)),
		 record_number(rule, "lease") ? ", leased" : "");
}

static void print_text(const struct listing *listing)
{
	static const char begin[] = "add id=";
	char *rest = listing->rules, *line, text[COMMENT];

	while ((line = record_line(&rest))) {
		const struct record *rule = NULL;

		if (!strncmp(line, begin, sizeof(begin) - 1))
			rule = added_by(listing, line + sizeof(begin) - 1);
		*text = '\0';
		if (rule)
			comment(rule, text, sizeof(text));
		printf("%s%s\n", line,
		       strlen(line) + strlen(text) < LINE_MOST ? text : "");
	}
}

static void add_members(struct json_object *object, const struct record *rule)
{
	static const char * const keys[] = { "lease", "pid", "comm", "age" };
	struct record some = { .word = rule->word };
	struct json_object_iterator at, end;
	struct json_object *members;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		some.pair[some.count].key = keys[i];
		some.pair[some.count++].value = record_get(rule, keys[i]);
	}
	members = json_record(&some, false);
	at = json_object_iter_begin(members);
	end = json_object_iter_end(members);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		const char *name = json_object_iter_peek_name(&at);
		struct json_object *value = json_object_iter_peek_value(&at);

		json_object_object_add(object, name, json_object_get(value));
	}
	json_object_put(members);
}

static int print_json(const struct listing *listing)
{
	struct json_object *array = json_object_new_array();
	char *rest = listing->rules, *line;
	struct record record;

	while ((line = record_line(&rest))) {
		struct json_object *object;
		const struct record *rule;

		if (!record_parse(&record, line))
			continue;
		object = json_record(&record, false);
		rule = record_get(&record, "id") ?
			added_by(listing, record_get(&record, "id")) : NULL;
		if (rule)
			add_members(object, rule);
		json_object_array_add(array, object);
	}
	return json_print(array, stdout);
}

/**
 * verb_list() - print the rules as they can be written back, and who added them
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_list(const struct options *opt, int argc, char **argv)
{
	struct listing listing = { };
	int status = REFUSED;

	if (ctl_open(opt->netns))
		return REFUSED;
	listing.rules = ctl_read("rules");
	listing.stats = listing.rules ? ctl_read("stats") : NULL;
	if (listing.stats) {
		listing.added = record_all(listing.stats, &listing.count);
		status = DONE;
		if (opt->json)
			status = print_json(&listing);
		else
			print_text(&listing);
	}
	free(listing.added);
	free(listing.stats);
	free(listing.rules);
	return status;
}
