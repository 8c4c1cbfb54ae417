// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "refuse.h"
#include "file.h"

/**
 * file_slurp() - read a file to its end
 * @fd: the file
 *
 * Return: its text, ended by a NUL, for the caller to free; NULL with errno
 * set on failure, EILSEQ when it has a NUL itself and so is no text.
 */
char *file_slurp(int fd)
{
	size_t room = 64 * 1024, used = 0;
	char *text = malloc(room);
	ssize_t got;

	while (text) {
		got = read(fd, text + used, room - used - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		if (!got) {
			text[used] = '\0';
			if (!memchr(text, '\0', used))
				return text;
			errno = EILSEQ;
			break;
		}
		used += got;
		if (used + 1 == room) {
			char *more = realloc(text, room *= 2);

			if (!more)
				break;
			text = more;
		}
	}
	free(text);
	return NULL;
}

/**
 * file_text() - read a file to its end
 * @name: its name, or `-` for standard input
 *
 * Return: the text, for the caller to free, or NULL after an error message.
 */
char *file_text(const char *name)
{
	bool standard = !strcmp(name, "-");
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	char *text;

	if (fd < 0) {
		fail("%s: %m", name);
		return NULL;
	}
	text = file_slurp(fd);
	if (!text && errno == EILSEQ)
		fail("%s: a NUL byte is in it, so it is no text", name);
	else if (!text)
		fail("%s: %m", name);
	if (!standard)
		close(fd);
	return text;
}

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

/**
 * file_save() - make a text the whole of a file, in one step
 * @name: its name
 * @text: the text
 *
 * A pipe or a device cannot be replaced, and a link is not meant to be: they
 * are written to.
 *
 * Return: DONE, or REFUSED after a sentence; then the old file is untouched.
 */
int file_save(const char *name, const char *text)
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
