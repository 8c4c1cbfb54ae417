// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "file.h"
#include "finject.h"
#include "text.h"

/**
 * verb_save() - write the rules where restore can read them
 * @opt: options
 * @argc: 0 or 1
 * @argv: a file name; left out or `-` is standard output
 *
 * Return: exit status.
 */
int verb_save(const struct options *opt, int argc, char **argv)
{
	int status = DONE;
	const char *rules;
	char *text;

	if (ctl_open(opt->netns))
		return REFUSED;
	text = ctl_read("rules");
	if (!text)
		return REFUSED;
	rules = *text ? text : TEXT_NO_RULES;
	if (argc && strcmp(argv[0], "-"))
		status = file_save(argv[0], rules);
	else
		fputs(rules, stdout);
	free(text);
	return status;
}
