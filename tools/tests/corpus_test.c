// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge and the corpus: logs of real closes, each with the word that it must
 * have (corpus/verdicts), and alterations of them that break the RFC, each with
 * the rule that must catch it and the end that broke it (corpus/alterations).
 * The other end must not be accused. What no log shows has the rule "-". With
 * names as arguments: print the words of these logs, as verdicts has them.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus_edit.h"
#include "judge_log.h"

static const char corpus[] = "tests/corpus";

enum {
	CLIENT,
	SERVER,
	ROLES,
	WORDS = 200,
	TALLIES = 100,
};

static const char * const roles[] = { "client", "server" };

/**
 * struct tally - a row of the table
 * @name: of the rule, or the word
 * @count: how many should have it
 * @found: how many have
 */
struct tally {
	char name[40];
	unsigned int count;
	unsigned int found;
};

static struct tally tallies[TALLIES];

static void tally(const char *name, bool found)
{
	struct tally *row = tallies;

	while (row->name[0] && strcmp(row->name, name))
		row++;
	if (row >= tallies + TALLIES - 1)
		abort();
	snprintf(row->name, sizeof(row->name), "%s", name);
	row->count++;
	row->found += found;
}

/* The server has the port that its program has chosen. */
static int role_of(const char *end)
{
	return strtoul(strrchr(end, ':') + 1, NULL, 10) < 10000 ? SERVER :
								  CLIENT;
}

static void append(char *words, const struct end_verdict *verdict)
{
	size_t size = strlen(words);

	snprintf(words + size, WORDS - size, "%s%s%s%s", size ? "," : "",
		 judge_results[verdict->result], verdict->rule ? ":" : "",
		 verdict->rule ? verdict->rule->name : "");
	for (size_t i = 0; i < verdict->notes; i++) {
		size = strlen(words);
		snprintf(words + size, WORDS - size, "+%s",
			 verdict->note[i].rule->name);
	}
}

/* Judge all closes of a log: for each role, the words of that end of each. */
static void words_of(struct log *log, char words[ROLES][WORDS])
{
	struct closes closes;

	words[CLIENT][0] = '\0';
	words[SERVER][0] = '\0';
	closes_split(&closes, log);
	for (size_t i = 0; i < closes.count; i++) {
		for (size_t j = 0; j < JUDGE_ENDS; j++) {
			struct end_verdict end = judge_log(&closes, i, j, log);
			const char *name = judge_name(&closes.close[i], j);

			append(words[role_of(name)], &end);
		}
	}
	closes_free(&closes);
}

static void print_words(const char *name)
{
	char words[ROLES][WORDS];
	struct lines lines;
	struct log log = { 0 };

	if (!lines_read(&lines, "", name))
		exit(1);
	lines_log(&lines, &log);
	words_of(&log, words);
	printf("%s client=%s server=%s\n", name, words[CLIENT], words[SERVER]);
	log_free(&log);
	lines_free(&lines);
}

/* A line of verdicts: NAME client=WORD,... server=WORD,... */
static int test_verdict(char *line)
{
	char words[ROLES][WORDS], said[3 * WORDS];
	char *name = strtok(line, " "), *expected = strtok(NULL, "");
	struct lines lines;
	struct log log = { 0 };
	bool right;

	if (!expected || !lines_read(&lines, corpus, name))
		return 1;
	lines_log(&lines, &log);
	words_of(&log, words);
	snprintf(said, sizeof(said), "client=%s server=%s", words[CLIENT],
		 words[SERVER]);
	right = !strcmp(said, expected + strspn(expected, " "));
	if (!right)
		printf("%s: %s, expected %s\n", name, said, expected);
	log_free(&log);
	lines_free(&lines);
	return !right;
}

/**
 * struct alteration - what corpus/alterations says of one
 * @rule: that must catch it
 * @role: of the end that breaks it
 * @edits: the lines that say what is altered
 * @count: their number
 */
struct alteration {
	char rule[40];
	int role;
	char *edits[16];
	size_t count;
};

/* Is exactly this end accused, by this rule? By the rule "-" none may be. */
static bool is_caught(const struct alteration *alteration,
		      char words[ROLES][WORDS])
{
	char expected[60];
	const char *other = words[!alteration->role];
	const char *own = words[alteration->role];

	if (!strcmp(alteration->rule, "-"))
		return !strstr(own, "departs") && !strstr(other, "departs");
	snprintf(expected, sizeof(expected), "departs:%s", alteration->rule);
	own = strstr(own, "departs");
	return own && !strncmp(own, expected, strlen(expected)) &&
	       !strstr(other, "departs");
}

static int test_alteration(const struct alteration *alteration,
			   const char *name)
{
	char words[ROLES][WORDS];
	struct lines lines;
	struct log log = { 0 };
	bool caught = false;
	const char *edit = NULL;

	if (!lines_read(&lines, corpus, name))
		return 1;
	for (size_t i = 0; !edit && i < alteration->count; i++)
		if (!lines_edit(&lines, alteration->edits[i]))
			edit = alteration->edits[i];
	if (edit) {
		printf("%s: no line for: %s\n", name, edit);
	} else {
		lines_log(&lines, &log);
		words_of(&log, words);
		caught = is_caught(alteration, words);
		if (!caught)
			printf("%s: client=%s server=%s, expected %s=departs:%s by: %s\n",
			       name, words[CLIENT], words[SERVER],
			       roles[alteration->role], alteration->rule,
			       alteration->edits[0]);
	}
	tally(alteration->rule, caught);
	log_free(&log);
	lines_free(&lines);
	return !caught;
}

/* Test it on each log whose name has this pattern, of the shell's kind. */
static int test_logs(const struct alteration *alteration, const char *logs)
{
	char pattern[200];
	glob_t found;
	int failed = 0;

	snprintf(pattern, sizeof(pattern), "%s/%s.log", corpus, logs);
	if (glob(pattern, 0, NULL, &found)) {
		printf("there is no %s\n", pattern);
		return 1;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		failed += test_alteration(alteration,
					  found.gl_pathv[i] + sizeof(corpus));
	globfree(&found);
	return failed;
}

/*
 * RULE ROLE begins an alteration; lines that begin with a tab say what is done,
 * and "in" to which
 * logs, each on its own.
 */
static int test_line(struct alteration *alteration, char *line)
{
	char role[20];
	int failed = 0;

	if (line[0] != '\t') {
		alteration->count = 0;
		if (sscanf(line, "%39s %19s", alteration->rule, role) != 2)
			return 1;
		alteration->role = !strcmp(role, roles[SERVER]);
		return 0;
	}
	line++;
	if (strncmp(line, "in ", 3)) {
		alteration->edits[alteration->count++] = line;
		return alteration->count > 15;
	}
	for (char *logs = strtok(line + 3, " "); logs; logs = strtok(NULL, " "))
		failed += test_logs(alteration, logs);
	return failed;
}

static int test_file(const char *name, int (*test)(char *line), int *count)
{
	struct lines lines;
	int failed = 0;

	if (!lines_read(&lines, corpus, name))
		return 1;
	for (size_t i = 0; i < lines.count; i++) {
		if (!lines.line[i][0] || lines.line[i][0] == '#')
			continue;
		failed += test(lines.line[i]);
		(*count)++;
	}
	lines_free(&lines);
	return failed;
}

static int test_alterations(char *line)
{
	static struct alteration alteration;

	return test_line(&alteration, line);
}

/* Print the table: each rule, how often it was broken, how often it said so. */
static unsigned int print_tallies(void)
{
	unsigned int sum = 0;

	for (struct tally *row = tallies; row->name[0]; row++) {
		printf("  %-16s %3u broken, %3u %s\n", row->name, row->count,
		       row->found,
		       strcmp(row->name, "-") ? "caught" : "not in the log");
		sum += row->count;
	}
	return sum;
}

/* Return how many logs there are, of which each must have a verdict. */
static int count_logs(void)
{
	glob_t found;
	int count;

	if (glob("tests/corpus/*.log", 0, NULL, &found))
		return 0;
	count = found.gl_pathc;
	globfree(&found);
	return count;
}

int main(int argc, char **argv)
{
	int logs = 0, lines = 0, wrong, missed, open;
	unsigned int altered;

	for (int i = 1; i < argc; i++)
		print_words(argv[i]);
	if (argc > 1)
		return 0;
	wrong = test_file("verdicts", test_verdict, &logs);
	missed = test_file("alterations", test_alterations, &lines);
	altered = print_tallies();
	open = count_logs() - logs;
	printf("corpus: %d logs, %d judged otherwise, %d without a verdict\n",
	       logs, wrong, open);
	printf("corpus: %u alterations, %d missed\n", altered, missed);
	return wrong || missed || open;
}
