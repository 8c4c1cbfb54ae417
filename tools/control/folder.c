// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "folder.h"
#include "refuse.h"

/**
 * folder_path() - name a file in a directory
 * @folder: the directory
 * @file: the file
 *
 * Return: its path, for the caller to free.
 */
char *folder_path(const char *folder, const char *file)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder, file) < 0)
		abort();
	return path;
}

static int file_remove(const char *folder, const char *file)
{
	char *path = folder_path(folder, file);
	int status = DONE;

	if (unlink(path) && errno != ENOENT)
		status = fail_with(path, errno);
	free(path);
	return status;
}

/**
 * folder_make() - make a directory, or use one that is there
 * @name: its name
 * @files: what may be in it from an earlier run, and is removed; ended by NULL
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int folder_make(const char *name, const char * const *files)
{
	int status = DONE;

	if (mkdir(name, 0777) && errno != EEXIST)
		return fail_with(name, errno);
	for (; *files && !status; files++)
		status = file_remove(name, *files);
	return status;
}

/**
 * folder_append() - begin a file that grows
 * @folder: the directory
 * @file: its name
 *
 * Return: the file, or NULL after a sentence.
 */
FILE *folder_append(const char *folder, const char *file)
{
	char *path = folder_path(folder, file);
	FILE *out = fopen(path, "we");

	if (!out)
		fail_with(path, errno);
	free(path);
	return out;
}

/**
 * folder_save() - write a file as a whole
 * @folder: the directory
 * @file: its name
 * @text: the text
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int folder_save(const char *folder, const char *file, const char *text)
{
	char *path = folder_path(folder, file);
	int status = file_save(path, text);

	free(path);
	return status;
}
