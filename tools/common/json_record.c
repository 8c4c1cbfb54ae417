// SPDX-License-Identifier: GPL-2.0-only
/*
 * The type of a value is its key's, whatever the value looks like: a port that
 * may be a range is always a string, a list is always an array.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "vocabulary.h"
#include "refuse.h"
#include "json_record.h"
#include "record.h"

/* The types of the vocabulary. */
enum type { TYPE_NUMBER, TYPE_NUMBERS, TYPE_WORD, TYPE_WORDS };

struct key {
	const char *name;
	enum type type;
};

#define KEY(name, type) { #name, TYPE_##type },
static const struct key keys[] = { FINJECT_KEY_LIST(KEY) };

#define RULE_KEY(identifier, word, kind, ...) { word, #kind },
static const struct {
	const char *name;
	const char *kind;
} rule_keys[] = { FINJECT_WORD_LIST(RULE_KEY) };

static int compare_key(const void *name, const void *key)
{
	return strcmp(name, ((const struct key *)key)->name);
}

/* The keys of records are in the order of the alphabet. */
static const struct key *find_key(const char *name)
{
	return bsearch(name, keys, sizeof(keys) / sizeof(*keys), sizeof(*keys),
		       compare_key);
}

static enum type type_of_kind(const char *kind)
{
	if (!strcmp(kind, "NUMBER") || !strcmp(kind, "TIMES") ||
	    !strcmp(kind, "SEED"))
		return TYPE_NUMBER;
	return strcmp(kind, "CLASSES") ? TYPE_WORD : TYPE_WORDS;
}

static bool find_rule_key(const char *name, struct key *key)
{
	for (unsigned int i = 0; i < sizeof(rule_keys) / sizeof(*rule_keys); i++)
		if (!strcmp(rule_keys[i].name, name)) {
			key->name = rule_keys[i].name;
			key->type = type_of_kind(rule_keys[i].kind);
			return true;
		}
	return false;
}

/* All are unsigned and have 64 bits, but for `times=-1`. */
static struct json_object *number(const char *value)
{
	return *value == '-' ? json_object_new_int64(strtoll(value, NULL, 0)) :
		json_object_new_uint64(strtoull(value, NULL, 0));
}

static struct json_object *list(const char *value, bool numbers)
{
	struct json_object *array = json_object_new_array();

	while (*value) {
		int length = strcspn(value, ",");

		json_object_array_add(array, numbers ? number(value) :
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
	case TYPE_NUMBER:
		return number(value);
	case TYPE_NUMBERS:
	case TYPE_WORDS:
		return list(value, type == TYPE_NUMBERS);
	default:
		return json_object_new_string(value);
	}
}

/* A key of the vocabulary outlives each object, and a record has it once. */
static void add_pair(struct json_object *object, const struct key *key,
		     const char *name, const char *value)
{
	if (key)
		json_object_object_add_ex(object, key->name,
					  value_of(key->type, value),
					  JSON_C_OBJECT_ADD_KEY_IS_NEW |
					  JSON_C_OBJECT_ADD_CONSTANT_KEY);
	else
		json_object_object_add(object, name, value_of(TYPE_WORD, value));
}

/**
 * json_record() - convert a record to an object
 * @record: the record
 * @word: begin with a member "record" that holds the record's first word
 *
 * A word without a value becomes true, an absent value null.
 *
 * Return: the object, for the caller to put.
 */
struct json_object *json_record(const struct record *record, bool word)
{
	bool rule = !strcmp(record->word, "add");
	struct json_object *object = json_object_new_object();

	if (word)
		json_object_object_add(object, "record",
				       json_object_new_string(record->word));
	for (unsigned int i = 0; i < record->count; i++) {
		const char *name = record->pair[i].key;
		const struct key *key = NULL;
		struct key rule_key;

		if (!rule)
			key = find_key(name);
		else if (find_rule_key(name, &rule_key))
			key = &rule_key;
		add_pair(object, key, name, record->pair[i].value);
	}
	return object;
}

/* A value must not end its word, nor the line. */
static bool put_word(const char *word, FILE *out)
{
	for (const char *c = word; *c; c++)
		if (*c <= ' ' || *c > '~')
			return false;
	return *word && fputs(word, out) >= 0;
}

static bool put_scalar(struct json_object *value, FILE *out)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		return fputc('-', out) != EOF;
	case json_type_int:
	case json_type_string:
		return put_word(json_object_get_string(value), out);
	default:
		return false;
	}
}

static bool put_value(struct json_object *value, FILE *out)
{
	size_t count;

	if (!json_object_is_type(value, json_type_array))
		return put_scalar(value, out);
	count = json_object_array_length(value);
	for (size_t i = 0; i < count; i++) {
		if (i)
			fputc(',', out);
		if (!put_scalar(json_object_array_get_idx(value, i), out))
			return false;
	}
	return count;
}

/* `lost=N` has no word before it. */
static bool put_record(struct json_object *object, FILE *out)
{
	struct json_object *word;

	if (!json_object_object_get_ex(object, "record", &word) ||
	    !json_object_is_type(word, json_type_string))
		return false;
	if (strcmp(json_object_get_string(word), "lost") &&
	    !put_scalar(word, out))
		return false;
	json_object_object_foreach(object, key, value) {
		if (!strcmp(key, "record"))
			continue;
		fputc(' ', out);
		if (!put_word(key, out))
			return false;
		if (json_object_is_type(value, json_type_boolean))
			continue;
		fputc('=', out);
		if (!put_value(value, out))
			return false;
	}
	return true;
}

/* Return: one object that is all of @text, for the caller to put, or NULL. */
static struct json_object *object_of(const char *text)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object = NULL;
	int length = strlen(text);

	if (!tokener)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, text, length);
	if (object && (json_tokener_get_error(tokener) !=
		       json_tokener_success ||
		       !json_object_is_type(object, json_type_object))) {
		json_object_put(object);
		object = NULL;
	}
	json_tokener_free(tokener);
	return object;
}

/**
 * json_record_line() - convert what json_record() made back to a line
 * @text: a line of `events -j`: one object, with the member "record"
 *
 * Return: the record as the module's file has it, without a newline, for the
 * caller to free; NULL when it is none.
 */
char *json_record_line(const char *text)
{
	struct json_object *object = object_of(text);
	char *line = NULL;
	bool whole = false;
	size_t size;
	FILE *out;

	if (!object)
		return NULL;
	out = open_memstream(&line, &size);
	if (out) {
		whole = put_record(object, out);
		whole &= !fclose(out);
	}
	json_object_put(object);
	if (whole)
		return line;
	free(line);
	return NULL;
}

static int print(struct json_object *object, int flags, FILE *out)
{
	const char *text;

	flags |= JSON_C_TO_STRING_NOSLASHESCAPE;
	text = json_object_to_json_string_ext(object, flags);
	if (!text || fputs(text, out) < 0 || fputc('\n', out) == EOF) {
		json_object_put(object);
		return fail("writing JSON: %m");
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
