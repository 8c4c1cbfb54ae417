// SPDX-License-Identifier: GPL-2.0-only
/*
 * Help for a verb or a word, and for what is neither.
 */
#include <string.h>

#include "help.h"
#include "near.h"
#include "rule_words.h"
#include "verbs.h"

static const struct {
	const char *word;
	const char *verb;
} verb_synonyms[] = {
	{ "ls", "list" }, { "show", "list" }, { "print", "list" },
	{ "rm", "del" }, { "remove", "del" }, { "delete", "del" },
	{ "clear", "flush" }, { "reset", "flush" }, { "insert", "add" },
	{ "append", "add" }, { "create", "add" }, { "new", "add" },
	{ "load", "restore" }, { "dump", "save" }, { "exec", "run" },
	{ "status", "doctor" }, { "counters", "stats" }, { "log", "events" },
	{ "monitor", "events" }, { "trace", "events" }, { "ns", "namespaces" },
	{ "netns", "namespaces" }, { "explain", "why" }, { "judge", "check" },
	{ "man", "help" }, { "parked", "held" }, { "conns", "flows" },
};

static const char *guess_verb(const char *name)
{
	for (size_t i = 0; i < sizeof(verb_synonyms) / sizeof(*verb_synonyms); i++)
		if (!strcmp(verb_synonyms[i].word, name))
			return verb_synonyms[i].verb;
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (verb->does && near_enough(name, verb->name))
			return verb->name;
	return NULL;
}

/**
 * help_no_verb() - say that there is no such verb, and what may be meant
 * @name: the word
 *
 * Return: REFUSED.
 */
int help_no_verb(const char *name)
{
	const char *guess = guess_verb(name);

	if (guess)
		return fail("there is no verb `%s'; did you mean `%s'?", name,
			    guess);
	if (rule_word_is(name))
		return fail("there is no verb `%s'; a rule begins with `add': finject add %s ...",
			    name, name);
	return fail("there is no verb `%s'", name);
}

static int no_word(const char *name)
{
	const char *guess = guess_verb(name);

	if (rule_word_hint(name))
		return fail("there is no word `%s'; %s", name,
			    rule_word_hint(name));
	if (!guess)
		guess = rule_word_near(name);
	if (guess)
		return fail("there is no verb and no word `%s'; did you mean `%s'?",
			    name, guess);
	return fail("there is no verb and no word `%s'; see `finject help', `finject add -h'",
		    name);
}

/**
 * verb_explain() - explain a verb, a word of a rule, or the command line
 * @opt: options
 * @argc: number of words
 * @argv: the verb or the word, or nothing
 *
 * A few words are both.
 *
 * Return: exit status.
 */
int verb_explain(const struct options *opt, int argc, char **argv)
{
	const struct verb *verb = argc ? verb_find(argv[0]) : NULL;
	bool word = argc && rule_word_is(argv[0]);

	if (verb || !argc)
		verb_help(verb, stdout);
	if (verb && word)
		puts("\nAnd as a word of a rule:\n");
	if (word)
		rule_word_put(argv[0], stdout);
	return verb || word || !argc ? DONE : no_word(argv[0]);
}
