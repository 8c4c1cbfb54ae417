// SPDX-License-Identifier: GPL-2.0-only
/*
 * The type of a value follows from its key, never from what it happens to be:
 * a port that may be a range is always a string, a list is always an array.
 */
#include <json-c/json.h>
#include <string.h>

#include "fail.h"
#include "json_record.h"
#include "record.h"

static const char * const strings[] = {
	"addr", "dport", "dst", "flags", "hold", "hook", "iif", "mark", "oif",
	"port", "probability", "release", "shape", "sport", "src", "tag",
};

static bool is_string(const char *key)
{
	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++)
		if (!strcmp(strings[i], key))
			return true;
	return false;
}

static struct json_object *scalar(const char *key, const char *value)
{
	s64 number;

	if (!is_string(key) && number_parse(value, &number))
		return json_object_new_int64(number);
	return json_object_new_string(value);
}

static struct json_object *list(const char *key, const char *value)
{
	struct json_object *array = json_object_new_array();
	char word[32];

	while (*value) {
		size_t length = strcspn(value, ",");

		snprintf(word, sizeof(word), "%.*s", (int)length, value);
		json_object_array_add(array, scalar(key, word));
		value += length;
		value += *value == ',';
	}
	return array;
}

/* nth is a list beside the classes of a segment, a range in a rule. */
static struct json_object *value_of(const struct record *record,
				    const char *key, const char *value)
{
	bool rule = !strcmp(record->word, "add");

	if (!value)
		return json_object_new_boolean(true);
	if (!strcmp(value, "-"))
		return NULL;
	if (!strcmp(key, "seg") || (!strcmp(key, "nth") && !rule))
		return list(key, value);
	if (!strcmp(key, "nth"))
		return json_object_new_string(value);
	return scalar(key, value);
}

/**
 * json_record() - a record as an object
 * @record: the record
 * @word: begin with a member "record" that holds the record's first word
 *
 * A word without a value becomes true, an absent value null.
 *
 * Return: the object, for the caller to put.
 */
struct json_object *json_record(const struct record *record, bool word)
{
	struct json_object *object = json_object_new_object();

	if (word)
		json_object_object_add(object, "record",
				       json_object_new_string(record->word));
	for (unsigned int i = 0; i < record->count; i++)
		json_object_object_add(object, record->pair[i].key,
				       value_of(record, record->pair[i].key,
						record->pair[i].value));
	return object;
}

static int print(struct json_object *object, int flags, FILE *out)
{
	const char *text;

	flags |= JSON_C_TO_STRING_NOSLASHESCAPE;
	text = json_object_to_json_string_ext(object, flags);
	if (!text || fprintf(out, "%s\n", text) < 0) {
		json_object_put(object);
		return fail("standard output: %m");
	}
	json_object_put(object);
	return DONE;
}

/**
 * json_print() - print an object for people and programs, and put it
 * @object: the object
 * @out: where to
 *
 * Return: DONE or REFUSED.
 */
int json_print(struct json_object *object, FILE *out)
{
	return print(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED,
		     out);
}

/**
 * json_print_line() - print an object on one line, and put it
 * @object: the object
 * @out: where to
 *
 * Return: DONE or REFUSED.
 */
int json_print_line(struct json_object *object, FILE *out)
{
	return print(object, JSON_C_TO_STRING_PLAIN, out);
}
