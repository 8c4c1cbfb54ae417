// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule text on its way to the kernel, which alone understands it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "refuse.h"
#include "text.h"

static const char everything[] =
	"this rule would meet every connection here: add a port or an address, or --force";

static const char taken_id[] =
	"leave out id=, or --force replaces that rule and removes it at the end";

/**
 * text_rules() - words as rules, one a line
 * @count: number of words
 * @words: the words of one rule; or, when one of them has a blank in it, a
 *	whole rule each
 *
 * Return: the text, for the caller to free.
 */
char *text_rules(int count, char **words)
{
	char *text = NULL, gap = ' ';
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (int i = 0; i < count; i++)
		if (strpbrk(words[i], " \t\n"))
			gap = '\n';
	for (int i = 0; i < count; i++) {
		if (i)
			fputc(gap, out);
		fputs(words[i], out);
	}
	fclose(out);
	return text;
}

static bool starts_with_word(const char *line, size_t length, const char *word)
{
	size_t size = strlen(word);

	return length >= size && !strncmp(line, word, size) &&
	       (length == size || line[size] == ' ' || line[size] == '\t');
}

static bool is_rule(const char *line, size_t length)
{
	return length && *line != '#' && *line != '\n';
}

/**
 * text_commands() - lines of rules as commands for the file `rules`
 * @rules: the lines; a rule may begin with `add` or not
 * @before: lines to put before them, or ""
 *
 * Return: as many lines, for the caller to free.
 */
char *text_commands(const char *rules, const char *before)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs(before, out);
	while (*rules) {
		size_t length = strcspn(rules, "\n");
		size_t indent = strspn(rules, " \t");
		const char *line = rules + indent;

		if (indent < length && is_rule(line, length - indent) &&
		    !starts_with_word(line, length - indent, "add"))
			fputs("add ", out);
		fprintf(out, "%.*s\n", (int)length, rules);
		rules += length;
		rules += *rules == '\n';
	}
	fclose(out);
	return text;
}

static bool has_rule(const char *rules)
{
	while (*rules) {
		size_t length = strcspn(rules, "\n");
		size_t indent = strspn(rules, " \t");

		if (indent < length && is_rule(rules + indent, length - indent))
			return true;
		rules += length;
		rules += *rules == '\n';
	}
	return false;
}

static int line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/**
 * text_check() - refuse a file that its user did not mean
 * @rules: its text
 * @name: its name
 * @empty: a file without a rule is meant
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int text_check(const char *rules, const char *name, bool empty)
{
	const char *end = strstr(rules, "\r\n");

	if (!strncmp(rules, "\xef\xbb\xbf", 3))
		return fail("%s: it begins with a byte order mark; save it as UTF-8 without",
			    name);
	if (end)
		return fail("%s: line %d ends in CR LF; save it with Unix line ends (LF alone)",
			    name, line_of(rules, end));
	if (!empty && !has_rule(rules))
		return fail("%s: there is no rule in it; --force if you mean that",
			    name);
	return DONE;
}

static const char *next_line(const char *text)
{
	text += strcspn(text, "\n");
	return text + (*text == '\n');
}

/**
 * text_id() - find the id that a line of rule text names
 * @line: the line; what stands behind its end does not matter
 *
 * Return: the id, 0 when it names none.
 */
unsigned long long text_id(const char *line)
{
	static const char blanks[] = " \t";

	line += strspn(line, blanks);
	while (*line && *line != '\n' && *line != '#') {
		if (!strncmp(line, "id=", 3))
			return strtoull(line + 3, NULL, 10);
		line += strcspn(line, " \t\n#");
		line += strspn(line, blanks);
	}
	return 0;
}

/**
 * text_find() - find the line that names an id
 * @rules: lines of rule text
 * @id: the id
 *
 * Return: the line, or NULL.
 */
const char *text_find(const char *rules, unsigned long long id)
{
	while (*rules) {
		if (text_id(rules) == id)
			return rules;
		rules = next_line(rules);
	}
	return NULL;
}

/* Lines that make room for rules with the ids of others, each id once. */
static char *lease_begin(const char *commands, const char *there,
			 unsigned int *lines)
{
	char *text = strdup("lease\n"), *more, line[48];

	for (*lines = 1; *commands; commands = next_line(commands)) {
		u64 id = text_id(commands);

		snprintf(line, sizeof(line), "del id=%llu\n", id);
		if (!id || !text_find(there, id) || !text || strstr(text, line))
			continue;
		if (asprintf(&more, "%s%s", text, line) < 0)
			abort();
		free(text);
		text = more;
		++*lines;
	}
	return text;
}

/**
 * text_leased() - lines of rules as commands that add them under a lease
 * @rules: the lines; a rule may begin with `add` or not
 * @there: the rules that are there
 * @ours: set to the number of lines before those of the caller
 *
 * A lease replaces no rule of another. One of the same id is removed first;
 * text_refuse_taken() keeps those who do not mean it from that.
 *
 * Return: the commands, for the caller to free.
 */
char *text_leased(const char *rules, const char *there, unsigned int *ours)
{
	char *adds = text_commands(rules, "");
	char *begin = adds ? lease_begin(adds, there, ours) : NULL;
	char *commands;

	if (!begin || asprintf(&commands, "%s%s", begin, adds) < 0)
		abort();
	free(begin);
	free(adds);
	return commands;
}

/**
 * text_refuse_taken() - keep rules that end soon off the ids of others
 * @commands: lines for the file `rules`
 * @rules: the rules that are there
 * @force: the user means it
 *
 * A rule with the id of another would replace it, and with its end both were
 * gone.
 *
 * Return: DONE when the commands may go to the kernel, else REFUSED after a
 * sentence.
 */
int text_refuse_taken(const char *commands, const char *rules, bool force)
{
	while (!force && *commands) {
		unsigned long long id = text_id(commands);
		const char *taken = id ? text_find(rules, id) : NULL;

		if (taken)
			return fail("id=%llu is another rule's: %.*s\n  %s", id,
				    (int)strcspn(taken, "\n"), taken, taken_id);
		commands = next_line(commands);
	}
	return DONE;
}

static bool word_aims(const char *word)
{
	static const char * const aims[] = {
		"addr=", "src=", "dst=", "port=", "sport=", "dport=",
		"mark=", "iif=", "oif=",
	};

	for (size_t i = 0; i < sizeof(aims) / sizeof(*aims); i++)
		if (!strncmp(word, aims[i], strlen(aims[i])))
			return true;
	return false;
}

static bool line_aims(char *line)
{
	char *rest = NULL;
	char *word;

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, " \t", &rest);
	if (!word || strcmp(word, "add"))
		return true;
	while ((word = strtok_r(NULL, " \t", &rest)))
		if (word_aims(word))
			return true;
	return false;
}

/**
 * text_aims() - check that each rule names an address, port, mark or interface
 * @commands: lines for the file `rules`
 *
 * Return: false when one of them would meet every connection.
 */
bool text_aims(const char *commands)
{
	char *copy = strdup(commands), *rest = NULL, *line;
	bool aims = true;

	for (line = strtok_r(copy, "\n", &rest); line && aims;
	     line = strtok_r(NULL, "\n", &rest))
		aims = line_aims(line);
	free(copy);
	return aims;
}

/**
 * text_refuse_everything() - keep a rule for everything off the machine's
 *	own connections
 * @commands: lines for the file `rules`
 * @force: the user means it
 *
 * Return: DONE when the commands may go to the kernel, else REFUSED after a
 * sentence.
 */
int text_refuse_everything(const char *commands, bool force)
{
	if (force || text_aims(commands) || !ctl_netns_is_initial())
		return DONE;
	return fail("%s", everything);
}
