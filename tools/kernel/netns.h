/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_NETNS_H
#define FINJECT_NETNS_H

#include "types.h"

enum { NETNS_MAX = 64 };

/**
 * struct netns - a network namespace with processes in it
 * @inum: number of its inode
 * @pid: a process in it
 * @opens: TCP connections opened in it so far, by either side
 */
struct netns {
	u64 inum;
	int pid;
	u64 opens;
};

void netns_name(u64 inum, char *name, size_t size);
size_t netns_all(struct netns nets[NETNS_MAX]);

#endif /* FINJECT_NETNS_H */
