// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two files of results side by side: two kernels, or two versions of a program.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "found.h"
#include "kept.h"
#include "told.h"

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

static bool is_same(struct json_object *a, struct json_object *b)
{
	return a && b && !strcmp(run_text(a, "outcome"), run_text(b, "outcome")) &&
	       !strcmp(json_object_to_json_string(json_object_object_get(a, "found")),
		       json_object_to_json_string(json_object_object_get(b, "found")));
}

static unsigned int compare(struct json_object **known, char **names)
{
	unsigned int differences = 0;

	json_object_object_foreach(known[0], rules, record) {
		struct json_object *other = json_object_object_get(known[1], rules);

		if (is_same(record, other))
			continue;
		differences++;
		printf("%s\n", rules);
		say_side(names[0], record);
		say_side(names[1], other);
	}
	json_object_object_foreach(known[1], more, late) {
		if (json_object_object_get(known[0], more))
			continue;
		differences++;
		printf("%s\n", more);
		say_side(names[0], NULL);
		say_side(names[1], late);
	}
	return differences;
}

/**
 * compare_files() - print in what two files of results differ
 * @opt: options; there must be no command
 * @argc: number of words, 2
 * @argv: the files
 *
 * Return: DONE when they are the same, REFUSED when not, USAGE after a
 * sentence.
 */
int compare_files(const struct options *opt, int argc, char **argv)
{
	struct json_object *known[2] = { }, *head[2] = { };
	unsigned int differences = 0;
	size_t length;
	int status = DONE;

	if (argc != 2 || opt->command) {
		fail("--compare wants two files of results and no command");
		return USAGE;
	}
	for (int i = 0; i < 2 && !status; i++) {
		known[i] = kept_read(argv[i], &head[i], &length);
		status = known[i] ? DONE : USAGE;
	}
	for (int i = 0; i < 2 && !status; i++)
		printf("%s: Linux %s, %d faults: %s\n", argv[i],
		       run_text(head[i], "kernel"),
		       json_object_object_length(known[i]),
		       run_text(head[i], "command"));
	if (!status) {
		differences = compare(known, argv);
		printf("%u differ\n", differences);
	}
	for (int i = 0; i < 2; i++) {
		json_object_put(known[i]);
		json_object_put(head[i]);
	}
	return status ? status : differences ? REFUSED : DONE;
}
