// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "file.h"
#include "finject.h"
#include "text.h"

/**
 * verb_restore() - replace all rules by those of a file, in one transaction
 * @opt: options
 * @argc: 1
 * @argv: a file name, or `-` for standard input; a file without a rule is
 *	refused, unless it is one that save wrote where there was none
 *
 * Return: exit status.
 */
int verb_restore(const struct options *opt, int argc, char **argv)
{
	char *rules = file_text(argv[0]);
	char *commands = NULL;
	int status = REFUSED;

	if (rules && !text_check(rules, argv[0], opt->force ||
				 !strcmp(rules, TEXT_NO_RULES)))
		commands = text_commands(rules, "flush\n");
	if (commands && !ctl_open(opt->netns) &&
	    !text_refuse_everything(commands, opt->force))
		status = ctl_write("rules", commands, 1, argv[0]);
	free(commands);
	free(rules);
	return status;
}
