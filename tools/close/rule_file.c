// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "record.h"
#include "refuse.h"
#include "rule_file.h"
#include "rule_texts.h"

static const char words_before[] = "add id=";
static const char twice[] =
	"%s:%u: rule %llu is there already; say whose it is: --rules ADDRESS=FILE";

static bool is_address(const char *text)
{
	unsigned char address[16];

	return inet_pton(AF_INET, text, address) == 1 ||
	       inet_pton(AF_INET6, text, address) == 1;
}

static bool is_printable(const char *line)
{
	for (; *line; line++)
		if (*line < ' ' || *line > '~')
			return false;
	return true;
}

static void cut_comment(char *line)
{
	char *end = strstr(line, " # ");

	if (!end)
		return;
	while (end > line && end[-1] == ' ')
		end--;
	*end = '\0';
}

/* `add id=1 seg=fin1 drop # by sh[5], 1s ago`, as `finject list` prints it. */
static int line_read(struct rule_texts *rules, const char *address, char *line,
		     const char *name, unsigned int number)
{
	size_t before = sizeof(words_before) - 1;
	char *text;
	u64 id;

	cut_comment(line);
	if (!*line || *line == '#')
		return DONE;
	if (strncmp(line, words_before, before) || !is_printable(line))
		return fail("%s:%u: no line of `finject list'", name, number);
	id = strtoull(line + before, &text, 10);
	if (!id || *text != ' ')
		return fail("%s:%u: no line of `finject list'", name, number);
	if (!rule_texts_add(rules, address, id, text + 1))
		return fail(twice, name, number, id);
	return DONE;
}

/**
 * rule_file() - read the rules of a namespace
 * @rules: they are added here
 * @argument: a file with what `finject list` or `save` printed, or
 *	ADDRESS=FILE: then they are of the namespace with that address
 *
 * Return: DONE, or USAGE after an error message.
 */
int rule_file(struct rule_texts *rules, const char *argument)
{
	char *address = strdup(argument), *equals;
	const char *name = argument;
	char *text, *rest, *line;
	unsigned int number = 0;
	int status = DONE;

	if (!address)
		abort();
	equals = strchr(address, '=');
	if (equals)
		*equals = '\0';
	if (equals && is_address(address))
		name += equals + 1 - address;
	else
		*address = '\0';
	text = file_text(name);
	rest = text;
	while (!status && (line = record_line(&rest)))
		status = line_read(rules, address, line, name, ++number);
	free(address);
	free(text);
	return text && !status ? DONE : USAGE;
}
