// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
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
