// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two files of results side by side: two kernels, or two versions of a program.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "changes.h"
#include "compare.h"
#include "compare_page.h"
#include "found.h"
#include "json_record.h"
#include "told.h"

static const char * const meanings[CHANGES] = {
	"the same", "tried in one alone", "other time", "other outcome",
	"gone", "new"
};

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
static void say_pairs(const struct changes *changes)
{
	for (int i = CHANGE_NEW; i > CHANGE_SAME; i--)
		for (size_t j = 0; j < json_object_array_length(changes->list); j++) {
			struct json_object *one =
				json_object_array_get_idx(changes->list, j);
			struct json_object *b = json_object_object_get(one, "b");

			if (strcmp(run_text(one, "change"), change_words[i]))
				continue;
			printf("%s %s\n", i == CHANGE_NEW ? "NEW" : change_words[i],
			       run_text(one, "name"));
			say_side(changes->name[0],
				 json_object_object_get(one, "a"));
			say_side(changes->name[1], b);
			if (i == CHANGE_NEW)
				say_again(b);
		}
}

static void say(const struct changes *changes)
{
	for (int i = 0; i < 2; i++)
		printf("%s: Linux %s, %d faults: %s\n", changes->name[i],
		       run_text(changes->head[i], "kernel"),
		       json_object_object_length(changes->known[i]),
		       run_text(changes->head[i], "command"));
	say_pairs(changes);
	for (int i = CHANGE_NEW; i >= CHANGE_SAME; i--)
		printf("%s: %u%s", meanings[i], changes->count[i],
		       i ? ", " : "\n");
}

static int print_json(const struct changes *changes)
{
	int status = DONE;

	for (size_t i = 0; i < json_object_array_length(changes->list); i++) {
		struct json_object *one =
			json_object_array_get_idx(changes->list, i);

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

static int show(const struct changes *changes, const struct options *opt)
{
	int status = DONE;

	if (!opt->json)
		say(changes);
	else
		status = print_json(changes);
	if (opt->page && compare_page(changes, opt->page))
		status = REFUSED;
	if (status)
		return NOT_KEPT;
	return changes->count[CHANGE_NEW] ? REFUSED : DONE;
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
	struct changes changes;
	int status = options_check(opt, argc);

	if (status)
		return status;
	status = changes_read(&changes, argv);
	if (!status)
		status = show(&changes, opt);
	changes_free(&changes);
	return status;
}
