// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two files of results side by side: two kernels, or two versions of a program.
 * A fault is known by its point and its name, for rules have times in them that
 * come from the runs without a fault.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "compare.h"
#include "compare_page.h"
#include "found.h"
#include "json_record.h"
#include "kept.h"
#include "told.h"

const char * const change_words[CHANGES] = {
	"same", "missing", "time", "outcome", "gone", "new"
};

static const char * const meanings[CHANGES] = {
	"the same", "tried in one alone", "of another time",
	"of another outcome", "findings gone", "new findings"
};

static bool lists(struct json_object *list, const char *word)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (!strcmp(json_object_get_string(json_object_array_get_idx(list, i)),
			    word))
			return true;
	return false;
}

/* Return: whether something was found in @b that was not in @a. */
static bool has_more(struct json_object *a, struct json_object *b)
{
	struct json_object *had, *has;

	if (!b || told_outcome(b) != TOLD_FOUND)
		return false;
	if (!a || told_outcome(a) != TOLD_FOUND)
		return true;
	had = json_object_object_get(a, "found");
	has = json_object_object_get(b, "found");
	for (size_t i = 0; i < json_object_array_length(has); i++)
		if (!lists(had, json_object_get_string(json_object_array_get_idx(has, i))))
			return true;
	return false;
}

/* Twice is another time, and a tenth of a second is not worth a word. */
static bool takes_longer(struct json_object *a, struct json_object *b)
{
	return run_took(b) > 2 * run_took(a) &&
	       run_took(b) > run_took(a) + 100 * MSEC;
}

static enum change change_of(struct json_object *a, struct json_object *b)
{
	if (has_more(a, b))
		return CHANGE_NEW;
	if (!a || !b)
		return CHANGE_MISSING;
	if (has_more(b, a))
		return CHANGE_GONE;
	/* `slower' is a matter of time as well */
	if (takes_longer(a, b) || takes_longer(b, a))
		return CHANGE_TIME;
	return told_outcome(a) == told_outcome(b) ? CHANGE_SAME : CHANGE_OUTCOME;
}

static struct json_object *by_name(struct json_object *known)
{
	struct json_object *named = json_object_new_object();

	json_object_object_foreach(known, rules, record) {
		char *name = told_name(record);

		(void)rules;
		json_object_object_add(named, name, json_object_get(record));
		free(name);
	}
	return named;
}

static void add(struct compare *compare, const char *name,
		struct json_object *a, struct json_object *b)
{
	struct json_object *one = json_object_new_object();
	enum change change = change_of(a, b);

	compare->count[change]++;
	json_object_object_add(one, "change",
			       json_object_new_string(change_words[change]));
	json_object_object_add(one, "name", json_object_new_string(name));
	json_object_object_add(one, "a", json_object_get(a));
	json_object_object_add(one, "b", json_object_get(b));
	json_object_array_add(compare->list, one);
}

static void pair_up(struct compare *compare)
{
	struct json_object *a = by_name(compare->known[0]);
	struct json_object *b = by_name(compare->known[1]);

	json_object_object_foreach(a, name, record)
		add(compare, name, record, json_object_object_get(b, name));
	json_object_object_foreach(b, other, late)
		if (!json_object_object_get(a, other))
			add(compare, other, NULL, late);
	json_object_put(a);
	json_object_put(b);
}

static void say_side(const char *name, struct json_object *record)
{
	if (!record) {
		printf("  %s: not tried\n", name);
		return;
	}
	printf("  %s: %s in %.3f s%s%s\n", name, run_text(record, "outcome"),
	       run_took(record) / 1e9,
	       *run_text(record, "sentence") ? ": " : "",
	       run_text(record, "sentence"));
}

static void say_again(struct json_object *record)
{
	if (record && told_outcome(record) == TOLD_FOUND)
		printf("  again: %s\n", run_text(record, "repeat"));
}

/* The worst first. */
static void say_pairs(const struct compare *compare)
{
	for (int i = CHANGE_NEW; i > CHANGE_SAME; i--)
		for (size_t j = 0; j < json_object_array_length(compare->list); j++) {
			struct json_object *one =
				json_object_array_get_idx(compare->list, j);
			struct json_object *b = json_object_object_get(one, "b");

			if (strcmp(run_text(one, "change"), change_words[i]))
				continue;
			printf("%s %s\n", i == CHANGE_NEW ? "NEW" : change_words[i],
			       run_text(one, "name"));
			say_side(compare->name[0],
				 json_object_object_get(one, "a"));
			say_side(compare->name[1], b);
			if (i == CHANGE_NEW)
				say_again(b);
		}
}

static void say(const struct compare *compare)
{
	for (int i = 0; i < 2; i++)
		printf("%s: Linux %s, %d faults: %s\n", compare->name[i],
		       run_text(compare->head[i], "kernel"),
		       json_object_object_length(compare->known[i]),
		       run_text(compare->head[i], "command"));
	say_pairs(compare);
	for (int i = CHANGE_NEW; i >= CHANGE_SAME; i--)
		printf("%u %s%s", compare->count[i], meanings[i],
		       i ? ", " : "\n");
}

static int print_json(const struct compare *compare)
{
	int status = DONE;

	for (size_t i = 0; i < json_object_array_length(compare->list); i++) {
		struct json_object *one =
			json_object_array_get_idx(compare->list, i);

		if (strcmp(run_text(one, "change"), change_words[CHANGE_SAME]) &&
		    json_print_line(json_object_get(one), stdout))
			status = REFUSED;
	}
	return status;
}

static int options_check(const struct options *opt, int argc)
{
	if (argc == 2 && !opt->command && !opt->tap && !opt->junit &&
	    !opt->resume)
		return DONE;
	fail("--compare wants two files of results, and no command; with it go -j and --page");
	return USAGE;
}

static int show(struct compare *compare, const struct options *opt)
{
	int status = DONE;

	compare->list = json_object_new_array();
	pair_up(compare);
	if (!opt->json)
		say(compare);
	else
		status = print_json(compare);
	if (opt->page && compare_page(compare, opt->page))
		status = REFUSED;
	if (status)
		return NOT_KEPT;
	return compare->count[CHANGE_NEW] ? REFUSED : DONE;
}

/**
 * compare_files() - show in what two files of results differ
 * @opt: options; there must be no command
 * @argc: number of words, 2
 * @argv: the files
 *
 * Return: DONE; REFUSED when something was found in the second that was not in
 * the first; USAGE or NOT_KEPT after a sentence.
 */
int compare_files(const struct options *opt, int argc, char **argv)
{
	struct compare compare = { };
	size_t length;
	int status = options_check(opt, argc);

	for (int i = 0; i < 2 && !status; i++) {
		compare.name[i] = argv[i];
		compare.known[i] = kept_read(argv[i], &compare.head[i], &length);
		status = compare.known[i] ? DONE : USAGE;
	}
	if (!status)
		status = show(&compare, opt);
	for (int i = 0; i < 2; i++) {
		json_object_put(compare.known[i]);
		json_object_put(compare.head[i]);
	}
	json_object_put(compare.list);
	return status;
}
