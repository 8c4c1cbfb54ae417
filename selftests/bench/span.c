// SPDX-License-Identifier: GPL-2.0-only
/* What one use of a file, or one command, takes. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "span.h"

enum { WRITE_MAX = 4 << 20 };	/* of one transaction */

/**
 * span_read() - read a file once; print ns and the number of its lines
 * @path: the file
 */
void span_read(const char *path)
{
	static char text[1 << 18];
	int fd = open(path, O_RDONLY);
	__u64 took = 0, start;
	long lines = 0;
	ssize_t got, i;

	if (fd < 0)
		err(1, "%s", path);
	do {
		start = clock_now();
		got = read(fd, text, sizeof(text));
		took += clock_now() - start;
		for (i = 0; i < got; i++)
			lines += text[i] == '\n';
	} while (got > 0);
	if (got < 0)
		err(1, "%s", path);
	close(fd);
	printf("%llu %ld\n", took, lines);
}

/* Return the length of the next write: whole lines, as many as it may have. */
static size_t next_write(const char *text, size_t len)
{
	if (len <= WRITE_MAX)
		return len;
	for (len = WRITE_MAX; len && text[len - 1] != '\n'; len--)
		;
	return len;
}

/* Return standard input as one allocation. */
static char *input(size_t *len)
{
	size_t room = 16 << 20;
	char *text = malloc(room);
	ssize_t got;

	if (!text)
		err(1, "memory");
	for (*len = 0; *len < room; *len += got) {
		got = read(0, text + *len, room - *len);
		if (got <= 0)
			break;
	}
	return text;
}

/**
 * span_write() - write standard input to a file in as few transactions as it
 *	takes; print ns and their number
 * @path: the file
 */
void span_write(const char *path)
{
	int fd = open(path, O_WRONLY), writes = 0;
	size_t len, part;
	char *text = input(&len), *at = text;
	__u64 start;

	if (fd < 0)
		err(1, "%s", path);
	start = clock_now();
	for (; len; at += part, len -= part, writes++) {
		part = next_write(at, len);
		if (write(fd, at, part) != (ssize_t)part)
			err(1, "%s", path);
	}
	printf("%llu %d\n", clock_now() - start, writes);
	free(text);
	close(fd);
}

/**
 * span_command() - run a command, without its output; print ns
 * @argv: the command
 */
void span_command(char **argv)
{
	__u64 start = clock_now();
	pid_t child = fork();
	int status;

	if (child < 0)
		err(1, "fork");
	if (!child) {
		if (!freopen("/dev/null", "w", stdout))
			err(1, "/dev/null");
		execvp(argv[0], argv);
		err(1, "%s", argv[0]);
	}
	if (waitpid(child, &status, 0) != child || status)
		errx(1, "%s failed", argv[0]);
	printf("%llu\n", clock_now() - start);
}
