// SPDX-License-Identifier: GPL-2.0-only
/*
 * The type of a value is its key's, whatever the value looks like: a port that
 * may be a range is always a string, a list is always an array.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "../../module/vocabulary.h"
#include "fail.h"
#include "json_record.h"
#include "record.h"

enum type { WORD, NUMBER, WORDS, NUMBERS };

/* Kinds of values in rules. BARE and FLAG have none. */
enum kind {
	KIND_BARE = WORD,
	KIND_FLAG = WORD,
	KIND_NUMBER = NUMBER,
	KIND_TIMES = NUMBER,
	KIND_SEED = NUMBER,
	KIND_TIME = WORD,
	KIND_CHANCE = WORD,
	KIND_BY = WORD,
	KIND_DIR = WORD,
	KIND_HOOK = WORD,
	KIND_FAMILY = WORD,
	KIND_DIST = WORD,
	KIND_RESET = WORD,
	KIND_PER = WORD,
	KIND_TAG = WORD,
	KIND_DEVICE = WORD,
	KIND_PORTS = WORD,
	KIND_NTH = WORD,
	KIND_CLASSES = WORDS,
	KIND_CIDR = WORD,
	KIND_MARK = WORD,
};

struct key {
	const char *name;
	enum type type;
};

#define KEY(name, type) { #name, type },
static const struct key keys[] = { FINJECT_KEY_LIST(KEY) };

#define RULE_KEY(identifier, word, kind, ...) { word, (enum type)KIND_##kind },
static const struct key rule_keys[] = { FINJECT_WORD_LIST(RULE_KEY) };

#define SIZE(array) (sizeof(array) / sizeof((array)[0]))

static enum type type_of(const struct key *from, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(from[i].name, name))
			return from[i].type;
	return WORD;
}

/* All are unsigned and have 64 bits, but for `times=-1`. */
static struct json_object *number(const char *value)
{
	return *value == '-' ? json_object_new_int64(strtoll(value, NULL, 0)) :
		json_object_new_uint64(strtoull(value, NULL, 0));
}

static struct json_object *list(enum type type, const char *value)
{
	struct json_object *array = json_object_new_array();

	while (*value) {
		int length = strcspn(value, ",");

		json_object_array_add(array, type == NUMBERS ? number(value) :
				      json_object_new_string_len(value, length));
		value += length;
		value += *value == ',';
	}
	return array;
}

static struct json_object *value_of(enum type type, const char *value)
{
	if (!value)
		return json_object_new_boolean(true);
	if (!strcmp(value, "-"))
		return NULL;
	switch (type) {
	case NUMBER:
		return number(value);
	case WORDS:
	case NUMBERS:
		return list(type, value);
	default:
		return json_object_new_string(value);
	}
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
	bool rule = !strcmp(record->word, "add");

	if (word)
		json_object_object_add(object, "record",
				       json_object_new_string(record->word));
	for (unsigned int i = 0; i < record->count; i++) {
		const char *key = record->pair[i].key;
		enum type type = rule ?
			type_of(rule_keys, SIZE(rule_keys), key) :
			type_of(keys, SIZE(keys), key);

		json_object_object_add(object, key,
				       value_of(type, record->pair[i].value));
	}
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
