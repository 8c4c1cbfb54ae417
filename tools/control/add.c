// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "file.h"
#include "finject.h"
#include "text.h"

/**
 * verb_add() - add rules
 * @opt: options
 * @argc: number of words
 * @argv: rules, see text_rules(), or `-`
 *
 * Return: exit status.
 */
int verb_add(const struct options *opt, int argc, char **argv)
{
	bool many = argc == 1 && !strcmp(argv[0], "-");
	char *rules = many ? file_text("-") : text_rules(argc, argv);
	char *commands = NULL;
	int status = REFUSED;

	/* a filter may well leave none to add */
	if (rules && (!many || !text_check(rules, "-", true)))
		commands = text_commands(rules, "");
	if (commands && !ctl_open(opt->netns) &&
	    !text_refuse_everything(commands, opt->force))
		status = ctl_write("rules", commands, 0,
				   many ? "-" : NULL);
	free(commands);
	free(rules);
	return status;
}
