// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "ctl.h"
#include "finject.h"

static int decide(const struct options *opt, const char *verb,
		  const char *which)
{
	char command[512];
	int length;

	length = snprintf(command, sizeof(command), "%s %s\n", verb, which);
	if (length >= (int)sizeof(command))
		return fail("`%.16s...' is too long", which);
	if (ctl_open(opt->netns))
		return REFUSED;
	return ctl_write("held", command, 0, NULL);
}

/**
 * verb_release() - release parked segments
 * @opt: options
 * @argc: 1
 * @argv: `all`, `tag=TAG` or `id=ID`
 *
 * Return: exit status.
 */
int verb_release(const struct options *opt, int argc, char **argv)
{
	return decide(opt, "release", argv[0]);
}

/**
 * verb_drop() - drop parked segments
 * @opt: options
 * @argc: 1
 * @argv: `all`, `tag=TAG` or `id=ID`
 *
 * Return: exit status.
 */
int verb_drop(const struct options *opt, int argc, char **argv)
{
	return decide(opt, "drop", argv[0]);
}
