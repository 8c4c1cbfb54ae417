// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counter.h"
#include "ctl.h"

static const char blanks[] = "\n ";

static const char *line_of(const char *text, const char *group)
{
	size_t size = strlen(group);

	while (text) {
		if (!strncmp(text, group, size) && text[size] == ':')
			return text + size + 1;
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

/**
 * counter_find() - a counter in the text of /proc/net/snmp or netstat
 * @text: pairs of lines: names, and below them their values
 * @group: the word before the colon, such as `Tcp`
 * @name: the counter
 *
 * Return: its value, -1 when it is not there.
 */
long counter_find(const char *text, const char *group, const char *name)
{
	const char *names = line_of(text, group);
	const char *values = names ? line_of(names, group) : NULL;
	size_t size = strlen(name);

	if (!values)
		return -1;
	for (;;) {
		names += strspn(names, " ");
		values += strspn(values, " ");
		if (!*names || *names == '\n' || !*values || *values == '\n')
			return -1;
		if (strcspn(names, blanks) == size &&
		    !strncmp(names, name, size))
			return strtol(values, NULL, 10);
		names += strcspn(names, blanks);
		values += strcspn(values, blanks);
	}
}

/**
 * counter_read() - a counter of the present network namespace
 * @group: `Tcp` or `TcpExt`
 * @name: the counter
 *
 * Return: its value, -1 when it cannot be read.
 */
long counter_read(const char *group, const char *name)
{
	const char *file = strcmp(group, "Tcp") ?
		"/proc/thread-self/net/netstat" : "/proc/thread-self/net/snmp";
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	char *text;
	long value;

	if (fd < 0)
		return -1;
	text = ctl_slurp(fd);
	close(fd);
	value = text ? counter_find(text, group, name) : -1;
	free(text);
	return value;
}
