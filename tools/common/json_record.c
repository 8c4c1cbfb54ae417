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

enum {
	LINE = 4096,	/* bytes of an object that is copied */
	DIGITS = 19,	/* of a number that is copied: it fits */
};

/* The types of the vocabulary. */
enum type { TYPE_NUMBER, TYPE_NUMBERS, TYPE_WORD, TYPE_WORDS };

/**
 * struct key - a key of the vocabulary
 * @name: its name
 * @type: type of its values
 * @member: what comes before the value in an object that has others before
 * @size: bytes of @member
 */
struct key {
	const char *name;
	enum type type;
	const char *member;
	size_t size;
};

#define KEY(name, type)						\
	{ #name, TYPE_##type, ",\"" #name "\":", sizeof(",\"" #name "\":") - 1 },
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

/* Records are much alike: mostly the key is the one that followed before. */
static const struct key *find_key_after(const struct key *before,
					const char *name)
{
	static const struct key *after[sizeof(keys) / sizeof(*keys) + 1];
	const struct key **guess = &after[before ? before - keys + 1 : 0];

	if (!*guess || strcmp((*guess)->name, name))
		*guess = find_key(name);
	return *guess;
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

/**
 * struct line - a record on its way to the output
 * @text: the object so far
 * @size: bytes of @text that are used
 * @plain: all of it can be copied: nothing must be escaped, or converted
 */
struct line {
	char text[LINE];
	size_t size;
	bool plain;
};

static void line_put(struct line *line, const char *bytes, size_t size)
{
	line->plain &= size <= LINE - line->size;
	if (!line->plain)
		return;
	memcpy(line->text + line->size, bytes, size);
	line->size += size;
}

#define LINE_PUT(line, literal) line_put(line, literal, sizeof(literal) - 1)

/* Put a string of a certain length. Return: what follows it. */
static const char *line_string(struct line *line, const char *text, char end)
{
	bool plain = true;
	const char *c;

	for (c = text; *c && *c != end; c++)
		plain &= (unsigned char)*c >= ' ' && *c != '"' && *c != '\\';
	line->plain &= plain;
	LINE_PUT(line, "\"");
	line_put(line, text, c - text);
	LINE_PUT(line, "\"");
	return c;
}

/* A number is copied if strtoull() reads it as it is written. */
static const char *line_number(struct line *line, const char *text, char end)
{
	const char *c = text;

	while (*c >= '0' && *c <= '9')
		c++;
	line->plain &= c > text && (*text != '0' || c == text + 1) &&
		       c - text <= DIGITS && (!*c || *c == end);
	line_put(line, text, c - text);
	return c;
}

static void line_list(struct line *line, const char *c, bool numbers)
{
	LINE_PUT(line, "[");
	while (line->plain && *c) {
		c = numbers ? line_number(line, c, ',') :
			      line_string(line, c, ',');
		if (!*c)
			break;
		line->plain &= *++c != '\0';
		LINE_PUT(line, ",");
	}
	LINE_PUT(line, "]");
}

/* As value_of() does it. */
static void line_value(struct line *line, enum type type, const char *value)
{
	if (!value)
		LINE_PUT(line, "true");
	else if (value[0] == '-' && !value[1])
		LINE_PUT(line, "null");
	else if (type == TYPE_NUMBER)
		line_number(line, value, '\0');
	else if (type == TYPE_WORD)
		line_string(line, value, '\0');
	else
		line_list(line, value, type == TYPE_NUMBERS);
}

/* Return: false when json_record() must do it. */
static bool line_set(struct line *line, const struct record *record)
{
	const struct key *key = NULL;

	line->size = 0;
	line->plain = strcmp(record->word, "add");
	LINE_PUT(line, "{\"record\":");
	line_string(line, record->word, '\0');
	for (unsigned int i = 0; line->plain && i < record->count; i++) {
		key = find_key_after(key, record->pair[i].key);
		if (!key)
			return false;
		line_put(line, key->member, key->size);
		line_value(line, key->type, record->pair[i].value);
	}
	LINE_PUT(line, "}\n");
	return line->plain;
}

/**
 * json_record_print() - print a record as an object on one line
 * @record: the record
 * @out: where to
 *
 * The object is json_record()'s, with the member "record". Events come by the
 * thousand, and nearly all have only words and numbers that JSON has too: those
 * are copied, for a tenth of what it costs to make objects of them.
 *
 * Return: DONE or REFUSED.
 */
int json_record_print(const struct record *record, FILE *out)
{
	struct line line;

	if (!line_set(&line, record))
		return json_print_line(json_record(record, true), out);
	if (fwrite(line.text, 1, line.size, out) < line.size)
		return fail("writing JSON: %m");
	return DONE;
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
