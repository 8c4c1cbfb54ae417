// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "finject.h"

static int save(const char *name, const char *text)
{
	FILE *out = fopen(name, "we");
	int error;

	if (!out)
		return fail("%s: %m", name);
	error = fputs(text, out) < 0 ? errno : 0;
	if (fclose(out) && !error)
		error = errno;
	return error ? fail("%s: %s", name, strerror(error)) : DONE;
}

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
	char *text;

	if (ctl_open(opt->netns))
		return REFUSED;
	text = ctl_read("rules");
	if (!text)
		return REFUSED;
	if (argc && strcmp(argv[0], "-"))
		status = save(argv[0], text);
	else
		fputs(text, stdout);
	free(text);
	return status;
}
