/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_VERBS_H
#define FINJECT_VERBS_H

#include <stddef.h>
#include <stdio.h>

#include "finject.h"

/**
 * struct verb - a verb of the command line
 * @name: the verb
 * @run: what it does
 * @options: letters of its options; `-` when a command stands
 *	behind `--`, `~` when one may
 * @least: least number of words
 * @most: greatest number of words
 * @words: those words, as help shows them
 * @does: meaning, or NULL: then help does not name it
 * @more: further lines of its own help, or NULL
 */
struct verb {
	const char *name;
	verb_fn *run;
	const char *options;
	int least;
	int most;
	const char *words;
	const char *does;
	const char *more;
};

/**
 * struct option_row - an option of the command line
 * @letter: the letter; a verb names its options by it
 * @is_short: the letter is an option too, not the name alone
 * @name: the long name
 * @argument: what its argument is, or NULL
 * @help: meaning
 * @offset: of the member of struct options that keeps it: a text when there is
 *	an argument, a bool when there is none. Help and version are not kept
 */
struct option_row {
	char letter;
	bool is_short;
	const char *name;
	const char *argument;
	const char *help;
	size_t offset;
};

/* Both end with an empty entry. */
extern const struct verb verbs[];
extern const struct option_row option_rows[];

const struct verb *verb_find(const char *name);
bool verb_has(const struct verb *verb, const struct option_row *row);
void verb_help(const struct verb *verb, FILE *out);

#endif /* FINJECT_VERBS_H */
