// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "record.h"

/**
 * record_line() - take the next line off a text
 * @text: the rest of the text; moved behind the line
 *
 * Return: the line, its newline replaced by a NUL, or NULL at the end.
 */
char *record_line(char **text)
{
	char *line = *text, *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	if (end)
		*end++ = '\0';
	*text = end;
	return line;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n';
}

/* Events come by the thousand: strtok_r() would be most of what they cost. */
static char *next_word(char **rest, char **equals)
{
	char *word, *c = *rest;

	while (is_blank(*c))
		c++;
	*equals = NULL;
	for (word = c; *c && !is_blank(*c); c++)
		if (*c == '=' && !*equals)
			*equals = c;
	if (c == word)
		return NULL;
	if (*c)
		*c++ = '\0';
	*rest = c;
	return word;
}

static bool add_word(struct record *record, char *word, char *equals)
{
	if (record->count == RECORD_WORDS)
		return false;
	if (equals)
		*equals++ = '\0';
	record->pair[record->count].key = word;
	record->pair[record->count++].value = equals;
	return true;
}

/**
 * record_parse() - take a line apart, in place
 * @record: where the words go
 * @line: the line; it is cut into words and must outlive @record
 *
 * A line that begins with `key=value`, as `lost=N` does, is a record of that
 * key.
 *
 * Return: false when the line is empty or has more words than a record holds.
 */
bool record_parse(struct record *record, char *line)
{
	char *rest = line, *word, *equals;

	record->count = 0;
	word = next_word(&rest, &equals);
	if (!word)
		return false;
	record->word = word;
	if (equals)
		add_word(record, word, equals);
	while ((word = next_word(&rest, &equals)))
		if (!add_word(record, word, equals))
			return false;
	return true;
}

/**
 * record_all() - take all lines of a text apart, in place
 * @text: the lines; must outlive the records
 * @count: number of records
 *
 * Return: the records, for the caller to free. A comment is none.
 */
struct record *record_all(char *text, size_t *count)
{
	struct record *records = NULL;
	size_t room = 0;
	char *line;

	*count = 0;
	while ((line = record_line(&text))) {
		records = grow(records, *count, &room, sizeof(*records));
		*count += *line != '#' &&
			  record_parse(&records[*count], line);
	}
	return records;
}

/**
 * record_get() - look up the value of a key
 * @record: the record
 * @key: the key
 *
 * Return: the value; NULL when the key is missing or its value is `-`.
 */
const char *record_get(const struct record *record, const char *key)
{
	for (unsigned int i = 0; i < record->count; i++) {
		const char *value = record->pair[i].value;

		if (strcmp(record->pair[i].key, key))
			continue;
		return value && strcmp(value, "-") ? value : NULL;
	}
	return NULL;
}

/**
 * record_number() - look up the value of a key that holds a number
 * @record: the record
 * @key: the key
 *
 * Return: the number, 0 when the key is missing or absent (`-`).
 */
u64 record_number(const struct record *record, const char *key)
{
	const char *value = record_get(record, key);

	return value ? strtoull(value, NULL, 0) : 0;
}

/**
 * number_parse() - read a text that is one whole decimal number
 * @text: the text
 * @value: the number, when it is one
 *
 * Return: true when all of the text is a number that fits.
 */
bool number_parse(const char *text, u64 *value)
{
	if (!*text || strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	*value = strtoull(text, NULL, 10);
	return !errno;
}
