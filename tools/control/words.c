// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of the command line, for the completion.
 */
#include <stdio.h>
#include <string.h>

#include "vocabulary.h"
#include "verbs.h"
#include "words.h"

#define WORD(identifier, word) word "\n"
#define NUMBERED(number, identifier, word) word "\n"
#define GROUP(word, classes) word "\n"

/* Values of a word of a rule. */
static const struct {
	const char *word;
	const char *values;
} values[] = {
	{ "seg", FINJECT_CLASS_LIST(NUMBERED, NUMBERED)
	  FINJECT_CLASS_GROUP_LIST(GROUP) },
	{ "hook", FINJECT_HOOK_LIST(NUMBERED, NUMBERED) },
	{ "by", FINJECT_BY_LIST(WORD) },
	{ "dir", FINJECT_DIR_LIST(WORD) },
	{ "family", FINJECT_FAMILY_LIST(WORD) },
	{ "dist", FINJECT_DIST_LIST(WORD) },
	{ "reset", FINJECT_RESET_LIST(WORD) },
	{ "per", FINJECT_PER_LIST(WORD) },
};

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

/**
 * words_values() - list the values of a word of a rule
 * @word: the word
 *
 * Return: the values, a line each; "" when they are no list.
 */
const char *words_values(const char *word)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (!strcmp(values[i].word, word))
			return values[i].values;
	return "";
}

/**
 * verb_words() - print all words of a kind, one a line
 * @opt: options
 * @argc: 1
 * @argv: `verbs`, `options`, `rule`, or a word of a rule for its values
 *
 * Return: exit status. Of a kind that has no list nothing is printed.
 */
int verb_words(const struct options *opt, int argc, char **argv)
{
	fputs(words_values(argv[0]), stdout);
	if (!strcmp(argv[0], "rule"))
		print_rule_words();
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!strcmp(argv[0], "verbs") && verb->does)
			puts(verb->name);
	for (const struct option_row *row = option_rows; row->letter; row++)
		if (!strcmp(argv[0], "options"))
			printf("--%s\n", row->name);
	return DONE;
}
