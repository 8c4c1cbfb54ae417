/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_NETNS_OPENS_H
#define FINJECT_NETNS_OPENS_H

#include <sys/types.h>

#include "types.h"

enum { NETNS_OPENS = 64 };

/**
 * struct netns_opens - the connections of a network namespace
 * @inum: its inode number
 * @pid: a process in it
 * @opens: TCP connections opened in it so far, by either side
 */
struct netns_opens {
	u64 inum;
	pid_t pid;
	u64 opens;
};

size_t netns_opens(struct netns_opens nets[NETNS_OPENS]);

#endif /* FINJECT_NETNS_OPENS_H */
