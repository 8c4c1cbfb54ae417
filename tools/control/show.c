// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>

#include "ctl.h"
#include "finject.h"
#include "table.h"

static int show(const struct options *opt, const char *file, const char *empty)
{
	int status = DONE;
	char *text;

	if (ctl_open(opt->netns))
		return REFUSED;
	text = ctl_read(file);
	if (!text)
		return REFUSED;
	if (opt->json)
		status = table_json(text, stdout);
	else
		table_print(text, empty, stdout);
	free(text);
	return status;
}

/**
 * verb_flows() - print the closes under way
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_flows(const struct options *opt, int argc, char **argv)
{
	return show(opt, "flows", "no connection is being closed");
}

/**
 * verb_held() - print the parked segments
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_held(const struct options *opt, int argc, char **argv)
{
	return show(opt, "held", "no segment waits");
}
