// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes as /proc shows them. One may end at any time: then it is left
 * out.
 */
#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc.h"

/**
 * proc_each() - walk over the processes, in the order of their numbers
 * @fn: what to do with each
 * @data: for @fn
 */
void proc_each(proc_fn *fn, void *data)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)*entry->d_name))
			fn(atoi(entry->d_name), data);
	if (dir)
		closedir(dir);
}

/**
 * proc_each_fd() - walk over the descriptors of a process
 * @pid: the process
 * @fn: what to do with each
 * @data: for @fn
 */
void proc_each_fd(pid_t pid, proc_fd_fn *fn, void *data)
{
	char path[64], link[PATH_MAX];
	struct dirent *entry;
	ssize_t length;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		length = readlinkat(dirfd(dir), entry->d_name, link,
				    sizeof(link) - 1);
		if (length < 0)
			continue;
		link[length] = '\0';
		fn(pid, atoi(entry->d_name), link, data);
	}
	if (dir)
		closedir(dir);
}

/**
 * proc_printable() - replace what a terminal could take for a command
 * @text: the text
 */
void proc_printable(char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			*text = '?';
}

/**
 * proc_comm() - get the name of a process
 * @pid: the process
 * @comm: receives the name, `?` when the process has ended
 * @size: room in @comm
 */
void proc_comm(pid_t pid, char *comm, size_t size)
{
	char path[64];
	FILE *file;

	snprintf(comm, size, "?");
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(comm, size, file))
		comm[strcspn(comm, "\n")] = '\0';
	fclose(file);
	proc_printable(comm);
}
