// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "ctl.h"
#include "finject.h"
#include "table.h"

/**
 * verb_list() - print the rules as they can be written back
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_list(const struct options *opt, int argc, char **argv)
{
	int status = DONE;
	char *text;

	if (ctl_open(opt->netns))
		return REFUSED;
	text = ctl_read("rules");
	if (!text)
		return REFUSED;
	if (opt->json)
		status = table_json(text, stdout);
	else
		fputs(text, stdout);
	free(text);
	return status;
}
