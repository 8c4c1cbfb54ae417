// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where there are connections, whether finject looks there or not.
 */
#include <stdio.h>
#include <sys/stat.h>

#include "netns_opens.h"
#include "proc.h"

struct listing {
	struct netns_opens *nets;
	size_t count;
};

/* Read ActiveOpens and PassiveOpens of the second line that is of TCP. */
static u64 opens_of(pid_t pid)
{
	u64 active = 0, passive = 0;
	char path[64], line[1024];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/net/snmp", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Tcp: %*d %*d %*d %*d %llu %llu", &active,
			   &passive) == 2)
			break;
	if (file)
		fclose(file);
	return active + passive;
}

static bool is_known(const struct listing *list, u64 inum)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->nets[i].inum == inum)
			return true;
	return false;
}

static void list_process(pid_t pid, void *data)
{
	struct listing *list = data;
	struct stat at;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	if (list->count == NETNS_OPENS || stat(path, &at) ||
	    is_known(list, at.st_ino))
		return;
	list->nets[list->count++] = (struct netns_opens){
		at.st_ino, pid, opens_of(pid)
	};
}

/**
 * netns_opens() - count the connections of network namespaces with processes
 * @nets: set to those namespaces
 *
 * Return: their number, NETNS_OPENS at most.
 */
size_t netns_opens(struct netns_opens nets[NETNS_OPENS])
{
	struct listing list = { .nets = nets };

	proc_each(list_process, &list);
	return list.count;
}
