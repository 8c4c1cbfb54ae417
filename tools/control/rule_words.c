// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of rules, out of the vocabulary, for people.
 */
#include <stdlib.h>
#include <string.h>

#include "near.h"
#include "rule_words.h"
#include "vocabulary.h"

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

/**
 * rule_values() - list the values of a word of a rule
 * @word: the word
 *
 * Return: the values, a line each; "" when they are no list.
 */
const char *rule_values(const char *word)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (!strcmp(values[i].word, word))
			return values[i].values;
	return "";
}

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
static const struct rule_word words[] = {
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
		put_list(rule_values(word->name), '|', out);
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
		put_list(rule_values(word->name), ' ', out);
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

	for (const struct rule_word *word = words; word->name; word++)
		if (strlen(word->name) == length &&
		    !strncmp(word->name, name, length))
			return word;
	return NULL;
}

static const char *name_of(const char *id)
{
	for (const struct rule_word *word = words; word->name; word++)
		if (!strcmp(word->id, id))
			return word->name;
	return NULL;
}

/**
 * rule_word_put() - explain a word of a rule
 * @name: the word; a value behind it does not count
 * @out: where to
 *
 * Return: false when there is no such word.
 */
bool rule_word_put(const char *name, FILE *out)
{
	const struct rule_word *word = find_word(name);

	if (!word)
		return false;
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
	return true;
}

/**
 * rule_words_list() - list the words of a rule, with meaning and default
 * @out: where to
 */
void rule_words_list(FILE *out)
{
	char *form = NULL;
	size_t size;

	fputs("Words of a rule, in any order; one action: pass drop delay duplicate hold reset\n\n",
	      out);
	for (const struct rule_word *word = words; word->name; word++) {
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

/**
 * rule_word_is() - tell whether this is a word of a rule
 * @name: the word; a value behind it does not count
 *
 * Return: true when it is.
 */
bool rule_word_is(const char *name)
{
	return find_word(name);
}

/**
 * rule_word_near() - guess a word of a rule
 * @name: what was typed
 *
 * Return: the word that may be meant, or NULL.
 */
const char *rule_word_near(const char *name)
{
	for (const struct rule_word *word = words; word->name; word++)
		if (near_enough(name, word->name))
			return word->name;
	return NULL;
}

#define SYNONYM(word, hint) { word, hint },
static const struct {
	const char *word;
	const char *hint;
} synonyms[] = { FINJECT_SYNONYM_LIST(SYNONYM) };

/**
 * rule_word_hint() - look up a word that other tools have
 * @name: the word
 *
 * Return: what to tell who typed it, or NULL.
 */
const char *rule_word_hint(const char *name)
{
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(*synonyms); i++)
		if (!strcmp(synonyms[i].word, name))
			return synonyms[i].hint;
	return NULL;
}
