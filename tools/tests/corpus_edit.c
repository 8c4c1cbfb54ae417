// SPDX-License-Identifier: GPL-2.0-only
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus_edit.h"
#include "file.h"
#include "record.h"

enum { LINE = 512 };

/**
 * lines_read() - read a text file
 * @lines: gets its lines
 * @dir: its directory, or ""
 * @name: its name there
 *
 * Return: whether it could be read; if not, that has been printed.
 */
bool lines_read(struct lines *lines, const char *dir, const char *name)
{
	char path[LINE], *text, *rest, *line;

	lines->count = 0;
	snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", name);
	text = file_text(path);
	if (!text) {
		printf("%s cannot be read\n", path);
		return false;
	}
	for (rest = text; (line = strsep(&rest, "\n")) && lines->count < LINES;)
		lines->line[lines->count++] = strdup(line);
	free(text);
	return true;
}

/**
 * lines_free() - forget the lines
 * @lines: them; none are left
 */
void lines_free(struct lines *lines)
{
	while (lines->count)
		free(lines->line[--lines->count]);
}

/**
 * lines_log() - read the records among the lines
 * @lines: them; what is no record is skipped
 * @log: gets the records, by time
 */
void lines_log(const struct lines *lines, struct log *log)
{
	char text[LINE], *rest, *line;

	for (size_t i = 0; i < lines->count; i++) {
		snprintf(text, sizeof(text), "%s\n", lines->line[i]);
		rest = text;
		line = record_line(&rest);
		if (line)
			log_line(log, line);
	}
	log_sort(log);
}

static void lines_drop(struct lines *lines, size_t at)
{
	free(lines->line[at]);
	lines->count--;
	memmove(&lines->line[at], &lines->line[at + 1],
		(lines->count - at) * sizeof(*lines->line));
}

/* Return @text's value; after a sign, added to @old: +N, -N, in ns, ms or s. */
static u64 lines_number(const char *text, u64 old)
{
	char *unit;
	u64 number = strtoull(text + strspn(text, "+-"), &unit, 10);

	if (!strcmp(unit, "ms"))
		number *= 1000000;
	else if (!strcmp(unit, "s"))
		number *= 1000000000;
	if (*text == '+')
		return old + number;
	return *text == '-' ? old - number : number;
}

/* KEY=VALUE: give a key of a record another value; a number may be relative. */
static bool lines_set(char **line, const char *pair)
{
	const char *value = strchr(pair, '=') + 1;
	char key[40], changed[LINE], number[24];
	char *old, *end;

	snprintf(key, sizeof(key), " %.*s", (int)(value - pair), pair);
	old = strstr(*line, key);
	if (!old)
		return false;
	old += strlen(key);
	end = old + strcspn(old, " ");
	if (*value == '+' || *value == '-') {
		u64 sum = lines_number(value, strtoull(old, NULL, 10));

		/* sequence numbers have 32 bits */
		if (!strcmp(key, " seq=") || !strcmp(key, " ack="))
			sum = (u32)sum;
		snprintf(number, sizeof(number), "%llu", (unsigned long long)sum);
		value = number;
	}
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(old - *line),
		 *line, value, end);
	free(*line);
	*line = strdup(changed);
	return true;
}

static bool lines_do(struct lines *lines, size_t at, char verb,
		     const char *pairs)
{
	char text[LINE], *rest = text, *pair;

	if (verb == 'd') {
		lines_drop(lines, at);
		return true;
	}
	if (verb == 'c') {
		if (lines->count == LINES)
			return false;
		lines->line[lines->count] = strdup(lines->line[at]);
		at = lines->count++;
	}
	snprintf(text, sizeof(text), "%s", pairs);
	while ((pair = strsep(&rest, " ")))
		if (*pair && (!strchr(pair, '=') ||
			      !lines_set(&lines->line[at], pair)))
			return false;
	return true;
}

/**
 * lines_edit() - alter a log
 * @lines: its lines
 * @edit: what to do
 *
 * @edit is VERB /REGEX/[N|*|-] [KEY=VALUE]...: VERB is drop, set, or copy (a
 * copy of the line gets the values), done with the first line that has the
 * extended regular expression, the N-th, all (*), or the last (-). A value that
 * begins with + or - is added to the old one. The verb drop-from drops that line
 * and all behind it.
 *
 * Return: whether there was such a line, with all these keys.
 */
bool lines_edit(struct lines *lines, const char *edit)
{
	const char *from = strchr(edit, '/'), *to = strrchr(edit, '/');
	size_t count = lines->count, found = 0, last = 0, done = 0;
	bool all = to[1] == '*', final = to[1] == '-';
	size_t wanted = atoi(to + 1) ? atoi(to + 1) : 1;
	const char *pairs = to + 1 + strspn(to + 1, "0123456789*-");
	char pattern[LINE];
	regex_t regex;

	snprintf(pattern, sizeof(pattern), "%.*s", (int)(to - from - 1),
		 from + 1);
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		return false;
	for (size_t i = count; all && i--;)
		if (!regexec(&regex, lines->line[i], 0, NULL, 0))
			done += lines_do(lines, i, *edit, pairs);
	for (size_t i = 0; !all && i < count; i++)
		if (!regexec(&regex, lines->line[i], 0, NULL, 0) &&
		    (++found == wanted || final))
			last = i + 1;
	regfree(&regex);
	if (all || !last)
		return done;
	if (!strncmp(edit, "drop-from", 9)) {
		while (lines->count >= last)
			lines_drop(lines, last - 1);
		return true;
	}
	return lines_do(lines, last - 1, *edit, pairs);
}
