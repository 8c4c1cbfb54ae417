// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fault is known by its point and its name, for rules have times in them that
 * come from the runs without a fault.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "clock.h"
#include "found.h"
#include "kept.h"
#include "told.h"

const char * const change_words[CHANGES] = {
	"same", "missing", "time", "outcome", "gone", "new"
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

static void add(struct changes *changes, const char *name,
		struct json_object *a, struct json_object *b)
{
	struct json_object *one = json_object_new_object();
	enum change change = change_of(a, b);

	changes->count[change]++;
	json_object_object_add(one, "change",
			       json_object_new_string(change_words[change]));
	json_object_object_add(one, "name", json_object_new_string(name));
	json_object_object_add(one, "a", json_object_get(a));
	json_object_object_add(one, "b", json_object_get(b));
	json_object_array_add(changes->list, one);
}

static void pair_up(struct changes *changes)
{
	struct json_object *a = by_name(changes->known[0]);
	struct json_object *b = by_name(changes->known[1]);

	json_object_object_foreach(a, name, record) {
		add(changes, name, record, json_object_object_get(b, name));
	}
	json_object_object_foreach(b, other, late) {
		if (!json_object_object_get(a, other))
			add(changes, other, NULL, late);
	}
	json_object_put(a);
	json_object_put(b);
}

/**
 * changes_read() - read two files of results, and compare them
 * @changes: filled in; to be freed by changes_free()
 * @names: the files
 *
 * Return: DONE, or USAGE after a sentence.
 */
int changes_read(struct changes *changes, char **names)
{
	size_t length;

	*changes = (struct changes){ .list = json_object_new_array() };
	for (int i = 0; i < 2; i++) {
		changes->name[i] = names[i];
		changes->known[i] = kept_read(names[i], &changes->head[i],
					      &length);
		if (!changes->known[i])
			return USAGE;
	}
	pair_up(changes);
	return DONE;
}

/**
 * changes_free() - free what was read
 * @changes: it
 */
void changes_free(struct changes *changes)
{
	for (int i = 0; i < 2; i++) {
		json_object_put(changes->known[i]);
		json_object_put(changes->head[i]);
	}
	json_object_put(changes->list);
}
