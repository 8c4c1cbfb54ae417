// SPDX-License-Identifier: GPL-2.0-only
/*
 * Help for words, out of the vocabulary: words of rules, and words that are
 * none.
 */
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "near.h"
#include "verbs.h"
#include "vocabulary.h"
#include "words.h"

/**
 * struct rule_word - a word of a rule
 * @name: the word
 * @kind: kind of its value
 * @low: least value
 * @high: greatest value
 * @needs: identifier of the word that it needs, or "NONE"
 * @id: its own identifier
 * @left_out: what it is when left out, or ""
 * @help: meaning
 */
struct rule_word {
	const char *name;
	const char *kind;
	const char *low;
	const char *high;
	const char *needs;
	const char *id;
	const char *left_out;
	const char *help;
};

#define RULE_WORD(id, word, kind, low, high, needs, left_out, help) \
	{ word, #kind, #low, #high, #needs, #id, left_out, help },
static const struct rule_word rule_words[] = {
	FINJECT_WORD_LIST(RULE_WORD) { }
};

#define EXAMPLE(id, rule) { #id, rule },
static const struct {
	const char *id;
	const char *rule;
} examples[] = { FINJECT_EXAMPLE_LIST(EXAMPLE) };

/* How the value of a kind is written, and what it may be. */
static const struct {
	const char *kind;
	const char *form;
	const char *range;
} kinds[] = {
	{ "BARE", "", "" },
	{ "FLAG", "", "" },
	{ "NUMBER", "N", NULL },
	{ "TIMES", "N", NULL },
	{ "SEED", "N", "64 bits, decimal or 0x hexadecimal" },
	{ "TIME", "T", "a number and a unit, ns us ms s min; at most 365 days" },
	{ "CHANCE", "P%", "0% to 100%, four decimals at most" },
	{ "TAG", "TAG", "1 to 31 of A-Z a-z 0-9 _ . -" },
	{ "DEVICE", "DEV", "the name of a device, 1 to 15 characters" },
	{ "PORTS", "PORTS", "N or N-M, or up to 8 of them with commas; 1 to 65535" },
	{ "NTH", "N[-[M]]", "N, N-M or N-; 1 to 65535" },
	{ "CLASSES", "CLASS,...", NULL },
	{ "CIDR", "ADDR[/BITS]", "an IPv4 or IPv6 address, or a network" },
	{ "MARK", "V[/M]", "32 bits, decimal or 0x hexadecimal; M is a mask" },
};

/* Print a list with a line each as one line with @between. */
static void put_list(const char *list, char between, FILE *out)
{
	for (; *list; list++) {
		if (*list != '\n')
			fputc(*list, out);
		else if (list[1])
			fputc(between, out);
	}
}

static size_t kind_of(const struct rule_word *word)
{
	size_t i = 0;

	while (i < sizeof(kinds) / sizeof(*kinds) &&
	       strcmp(kinds[i].kind, word->kind))
		i++;
	return i;
}

/* The word as it is written; a kind that is not listed is a list of words. */
static void put_form(const struct rule_word *word, FILE *out)
{
	size_t kind = kind_of(word);

	fputs(word->name, out);
	if (kind == sizeof(kinds) / sizeof(*kinds)) {
		fputc('=', out);
		put_list(words_values(word->name), '|', out);
	} else if (*kinds[kind].form) {
		fprintf(out, "=%s", kinds[kind].form);
	}
}

static void put_range(const struct rule_word *word, FILE *out)
{
	size_t kind = kind_of(word);

	if (kind == sizeof(kinds) / sizeof(*kinds) ||
	    !strcmp(word->kind, "CLASSES")) {
		fputs("  values   ", out);
		put_list(words_values(word->name), ' ', out);
	} else if (!*kinds[kind].form) {
		return;
	} else if (kinds[kind].range) {
		fprintf(out, "  value    %s", kinds[kind].range);
	} else {
		fprintf(out, "  value    %s to %s%s", word->low, word->high,
			strcmp(word->kind, "TIMES") ? "" : ", or -1 for no limit");
	}
	fputc('\n', out);
}

static const struct rule_word *find_word(const char *name)
{
	size_t length = strcspn(name, "=");

	for (const struct rule_word *word = rule_words; word->name; word++)
		if (strlen(word->name) == length &&
		    !strncmp(word->name, name, length))
			return word;
	return NULL;
}

static const char *name_of(const char *id)
{
	for (const struct rule_word *word = rule_words; word->name; word++)
		if (!strcmp(word->id, id))
			return word->name;
	return NULL;
}

static void put_word(const struct rule_word *word, FILE *out)
{
	put_form(word, out);
	fprintf(out, "\n\n  meaning  %s\n", word->help);
	put_range(word, out);
	if (*word->left_out)
		fprintf(out, "  default  %s\n", word->left_out);
	if (name_of(word->needs))
		fprintf(out, "  needs    %s\n", name_of(word->needs));
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++)
		if (!strcmp(examples[i].id, word->id))
			fprintf(out, "  example  finject add %s\n",
				examples[i].rule);
}

/**
 * help_words() - list the words of a rule, with meaning and default
 * @out: where to
 */
void help_words(FILE *out)
{
	char *form = NULL;
	size_t size;

	fputs("Words of a rule, in any order; one action: pass drop delay duplicate hold reset\n\n",
	      out);
	for (const struct rule_word *word = rule_words; word->name; word++) {
		FILE *text = open_memstream(&form, &size);

		if (!text)
			return;
		put_form(word, text);
		fclose(text);
		fprintf(out, "  %-24s %s%s", form,
			size > 24 ? "\n                           " : "",
			word->help);
		if (*word->left_out)
			fprintf(out, " (%s)", word->left_out);
		fputc('\n', out);
		free(form);
	}
	fputs("\n`finject help WORD' explains one.\n\n", out);
}

#define SYNONYM(word, hint) { word, hint },
static const struct {
	const char *word;
	const char *hint;
} rule_synonyms[] = { FINJECT_SYNONYM_LIST(SYNONYM) };

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
	if (find_word(name))
		return fail("there is no verb `%s'; a rule begins with `add': finject add %s ...",
			    name, name);
	return fail("there is no verb `%s'", name);
}

static int no_word(const char *name)
{
	const char *guess = guess_verb(name);

	for (size_t i = 0; i < sizeof(rule_synonyms) / sizeof(*rule_synonyms); i++)
		if (!strcmp(rule_synonyms[i].word, name))
			return fail("there is no word `%s'; %s", name,
				    rule_synonyms[i].hint);
	for (const struct rule_word *word = rule_words; word->name && !guess;
	     word++)
		if (near_enough(name, word->name))
			guess = word->name;
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
	const struct rule_word *word = argc ? find_word(argv[0]) : NULL;

	if (verb || !argc)
		verb_help(verb, stdout);
	if (verb && word)
		puts("\nAnd as a word of a rule:\n");
	if (word)
		put_word(word, stdout);
	return verb || word || !argc ? DONE : no_word(argv[0]);
}
