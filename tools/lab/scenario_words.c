// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "scenario_words.h"

static const struct {
	const char *name;
	int number;
} errors[] = {
	{ "EADDRINUSE", EADDRINUSE },
	{ "EADDRNOTAVAIL", EADDRNOTAVAIL },
	{ "ECONNREFUSED", ECONNREFUSED },
	{ "ECONNRESET", ECONNRESET },
	{ "EHOSTUNREACH", EHOSTUNREACH },
	{ "EPIPE", EPIPE },
	{ "ETIMEDOUT", ETIMEDOUT },
};

/**
 * words_get() - find KEY=VALUE among the words of a line
 * @line: the line
 * @from: index of the first word to look at
 * @key: the key
 *
 * Return: the value, or NULL when it is not there.
 */
const char *words_get(const struct scenario_line *line, unsigned int from,
		      const char *key)
{
	size_t size = strlen(key);

	for (unsigned int i = from; i < line->count; i++)
		if (!strncmp(line->word[i], key, size) &&
		    line->word[i][size] == '=')
			return line->word[i] + size + 1;
	return NULL;
}

/**
 * words_only() - test that a line has no other keys than these
 * @line: the line
 * @from: index of the first word to look at
 * @keys: the keys, with a blank around each
 *
 * Return: NULL, or a sentence.
 */
const char *words_only(const struct scenario_line *line, unsigned int from,
		       const char *keys)
{
	static char reason[96];
	char key[32];

	for (unsigned int i = from; i < line->count; i++) {
		snprintf(key, sizeof(key), " %.*s ",
			 (int)strcspn(line->word[i], "="), line->word[i]);
		if (strchr(line->word[i], '=') && strstr(keys, key))
			continue;
		snprintf(reason, sizeof(reason), "`%.40s' is not one of%s",
			 line->word[i], keys);
		return reason;
	}
	return NULL;
}

/**
 * words_state() - look up a state
 * @word: a name of TCP's, or CLOSED for no socket at all
 *
 * Return: enum state, or WORDS_NO_STATE.
 */
int words_state(const char *word)
{
	if (!strcmp(word, "CLOSED"))
		return GONE;
	for (int i = 1; i < STATES; i++)
		if (state_names[i] && !strcmp(word, state_names[i]))
			return i;
	return WORDS_NO_STATE;
}

/**
 * words_errno() - look up an error by its name
 * @name: such as ECONNRESET
 *
 * Return: its number, or 0 when it is none that a connection can have.
 */
int words_errno(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (!strcmp(name, errors[i].name))
			return errors[i].number;
	return 0;
}

/**
 * words_in() - read KEY=RANGE, if it is there
 * @line: the line
 * @from: index of the first word to look at
 * @key: the key
 * @range: set to the range; without the word, to everything
 *
 * Return: false when it is there and no range.
 */
bool words_in(const struct scenario_line *line, unsigned int from,
	      const char *key, struct range *range)
{
	const char *text = words_get(line, from, key);

	*range = (struct range){ .to = ~0ULL, .times = true };
	return !text || range_read(range, text);
}
