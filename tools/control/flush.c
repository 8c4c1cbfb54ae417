// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>

#include "ctl.h"
#include "finject.h"

/**
 * verb_flush() - remove all rules
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_flush(const struct options *opt, int argc, char **argv)
{
	if (ctl_open(opt->netns))
		return REFUSED;
	return ctl_write("rules", "flush\n", 0, NULL);
}
