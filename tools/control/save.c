// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"
#include "finject.h"
#include "text.h"

static int save_to(FILE *out, const char *name, const char *text)
{
	int error = fputs(text, out) < 0 || fflush(out) ? errno : 0;

	if (fclose(out) && !error)
		error = errno;
	return error ? fail("%s: %s", name, strerror(error)) : DONE;
}

/* Beside the file, then in its place: a full disk leaves the old one. */
static int save_whole(const char *name, const char *text, mode_t mode)
{
	char *beside;
	FILE *out;
	int fd, status;

	if (asprintf(&beside, "%s.XXXXXX", name) < 0)
		return fail_with(name, ENOMEM);
	fd = mkostemp(beside, O_CLOEXEC);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out) {
		status = fail_with(beside, errno);
		free(beside);
		return status;
	}
	fchmod(fd, mode);
	status = save_to(out, name, text);
	if (!status && rename(beside, name))
		status = fail_with(name, errno);
	if (status)
		unlink(beside);
	free(beside);
	return status;
}

/* A pipe or a device cannot be replaced, and a link is not meant to be. */
static int save(const char *name, const char *text)
{
	mode_t mask = umask(0);
	struct stat status;
	FILE *out;

	umask(mask);
	if (lstat(name, &status))
		return save_whole(name, text, 0666 & ~mask);
	if (S_ISREG(status.st_mode))
		return save_whole(name, text, status.st_mode & 07777);
	out = fopen(name, "we");
	return out ? save_to(out, name, text) : fail_with(name, errno);
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
	const char *rules;
	char *text;

	if (ctl_open(opt->netns))
		return REFUSED;
	text = ctl_read("rules");
	if (!text)
		return REFUSED;
	rules = *text ? text : TEXT_NO_RULES;
	if (argc && strcmp(argv[0], "-"))
		status = save(argv[0], rules);
	else
		fputs(rules, stdout);
	free(text);
	return status;
}
