// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of the command line, for the completion.
 */
#include <stdio.h>
#include <string.h>

#include "vocabulary.h"
#include "catalogue.h"
#include "matrix_case.h"
#include "rule_words.h"
#include "verbs.h"

static void print_rule_words(void)
{
#define RULE_WORD(identifier, word, kind, ...) { word, #kind },
	static const struct {
		const char *word;
		const char *kind;
	} words[] = { FINJECT_WORD_LIST(RULE_WORD) };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		printf("%s%s\n", words[i].word,
		       strcmp(words[i].kind, "BARE") &&
		       strcmp(words[i].kind, "FLAG") ? "=" : "");
}

/* `matrix`: the keys of its words; `matrix-how`: the values of a key. */
static void print_matrix_words(const char *kind)
{
	for (int key = 0; key < MATRIX_KEYS; key++) {
		const struct matrix_word *word = &matrix_words[key];

		if (!strcmp(kind, "matrix"))
			printf("%s=\n", word->key);
		if (strncmp(kind, "matrix-", 7) || strcmp(kind + 7, word->key))
			continue;
		for (int i = 0; word->values[i]; i++)
			puts(word->values[i]);
	}
}

/**
 * verb_words() - print all words of a kind, one a line
 * @opt: options
 * @argc: 1
 * @argv: `verbs`, `options`, `rule`, `scenarios`, `matrix`, `matrix-KEY`, or a word
 *	of a rule for its values
 *
 * Return: exit status. Of a kind that has no list nothing is printed.
 */
int verb_words(const struct options *opt, int argc, char **argv)
{
	fputs(rule_values(argv[0]), stdout);
	print_matrix_words(argv[0]);
	if (!strcmp(argv[0], "rule"))
		print_rule_words();
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!strcmp(argv[0], "verbs") && verb->does)
			puts(verb->name);
	for (const struct catalogue_row *row = catalogue; row->name; row++)
		if (!strcmp(argv[0], "scenarios"))
			puts(row->name);
	for (const struct option_row *row = option_rows; row->letter; row++)
		if (!strcmp(argv[0], "options"))
			printf("--%s\n", row->name);
	return DONE;
}
