// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "finject.h"

/**
 * verb_del() - remove rules, all of them or none
 * @opt: options
 * @argc: number of rules
 * @argv: their ids, each as `N` or `id=N`
 *
 * Return: exit status.
 */
int verb_del(const struct options *opt, int argc, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *out;
	int status;

	if (ctl_open(opt->netns))
		return REFUSED;
	out = open_memstream(&text, &size);
	if (!out)
		return fail("%m");
	for (int i = 0; i < argc; i++)
		fprintf(out, "del %s%s\n",
			strchr(argv[i], '=') ? "" : "id=", argv[i]);
	fclose(out);
	status = ctl_write("rules", text, 0, NULL);
	free(text);
	return status;
}
