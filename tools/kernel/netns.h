/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_NETNS_H
#define FINJECT_NETNS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "proc.h"
#include "types.h"

/**
 * enum netns_holder - what keeps a network namespace, the handiest last
 * @NETNS_NOBODY: nothing in sight: a socket that no process has any more
 * @NETNS_SOCKET: a socket of a process
 * @NETNS_MOUNT: a mount of the namespace
 * @NETNS_FILE: an open file of the namespace
 * @NETNS_PROCESS: a process in it
 * @NETNS_NAME: a name that ip-netns(8) knows
 */
enum netns_holder {
	NETNS_NOBODY,
	NETNS_SOCKET,
	NETNS_MOUNT,
	NETNS_FILE,
	NETNS_PROCESS,
	NETNS_NAME,
};

/**
 * struct netns - a network namespace, and how to come to it
 * @inum: its inode number
 * @holder: the handiest of what keeps it
 * @path: of that holder; of a socket it cannot be entered by
 * @name: its name of ip-netns(8), or ""
 * @pid: a process in it, else the one that keeps it, 0 for none
 * @comm: name of that process
 * @inside: that process is in it
 * @fd: number of the socket at the process, for NETNS_SOCKET
 */
struct netns {
	u64 inum;
	enum netns_holder holder;
	char path[PATH_MAX];
	char name[NAME_MAX + 1];
	pid_t pid;
	char comm[PROC_COMM];
	bool inside;
	int fd;
};

u64 netns_number(const char *text);
void netns_names(struct netns *netns, size_t count);
void netns_search(struct netns *netns, size_t count);
void netns_call(u64 inum, char *name, size_t size);
int netns_enterable(u64 inum);

#endif /* FINJECT_NETNS_H */
