// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

static const char blanks[] = "\n ";

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

/**
 * record_parse() - take a line apart, in place
 * @record: where the words go
 * @line: the line; it is cut into words and must outlive @record
 *
 * Return: false when the line is empty or has more words than a record holds.
 */
bool record_parse(struct record *record, char *line)
{
	char *rest = NULL, *word, *equals;

	record->count = 0;
	record->word = strtok_r(line, blanks, &rest);
	if (!record->word)
		return false;
	while ((word = strtok_r(NULL, blanks, &rest))) {
		if (record->count == RECORD_WORDS)
			return false;
		equals = strchr(word, '=');
		if (equals)
			*equals++ = '\0';
		record->pair[record->count].key = word;
		record->pair[record->count++].value = equals;
	}
	return true;
}

/**
 * record_get() - the value of a key
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
 * record_number() - the value of a key that holds a number
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
 * number_parse() - is a text one whole decimal number, and which
 * @text: the text
 * @value: the number, when it is one
 *
 * Return: true when all of the text is a number that fits.
 */
bool number_parse(const char *text, s64 *value)
{
	char *end;

	if (!*text || strspn(text, "-0123456789") != strlen(text))
		return false;
	errno = 0;
	*value = strtoll(text, &end, 10);
	return !*end && !errno;
}
