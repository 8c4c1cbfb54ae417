// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network namespaces by the numbers of their inodes: what they are called, and
 * where there are connections.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "netns.h"

static const char names[] = "/run/netns";

static bool find_name(u64 inum, char *name, size_t size)
{
	DIR *dir = opendir(names);
	struct dirent *entry;
	bool found = false;
	struct stat stat;

	while (dir && !found && (entry = readdir(dir))) {
		if (fstatat(dirfd(dir), entry->d_name, &stat, 0) ||
		    stat.st_ino != inum)
			continue;
		snprintf(name, size, "%s", entry->d_name);
		found = true;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Return: the inode of the namespace of a process, 0 when it is gone. */
static u64 inum_of(const char *pid)
{
	char path[64];
	struct stat at;

	snprintf(path, sizeof(path), "/proc/%.20s/ns/net", pid);
	return stat(path, &at) ? 0 : at.st_ino;
}

/* Read ActiveOpens and PassiveOpens of the second line that is of TCP. */
static u64 opens_of(const char *pid)
{
	u64 active = 0, passive = 0;
	char path[64], line[1024];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/net/snmp", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Tcp: %*d %*d %*d %*d %llu %llu", &active,
			   &passive) == 2)
			break;
	if (file)
		fclose(file);
	return active + passive;
}

static bool is_known(const struct netns *nets, size_t count, u64 inum)
{
	for (size_t i = 0; i < count; i++)
		if (nets[i].inum == inum)
			return true;
	return false;
}

/**
 * netns_all() - list the network namespaces that processes are in
 * @nets: set to them
 *
 * Return: their number, NETNS_MAX at most.
 */
size_t netns_all(struct netns nets[NETNS_MAX])
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;

	while (dir && count < NETNS_MAX && (entry = readdir(dir))) {
		u64 inum;

		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		inum = inum_of(entry->d_name);
		if (!inum || is_known(nets, count, inum))
			continue;
		nets[count++] = (struct netns){
			inum, atoi(entry->d_name), opens_of(entry->d_name)
		};
	}
	if (dir)
		closedir(dir);
	return count;
}

/**
 * netns_name() - tell what a network namespace is called
 * @inum: number of its inode
 * @name: set to its name in `ip netns`, or to the process in it, or to the
 *	number
 * @size: room in @name
 */
void netns_name(u64 inum, char *name, size_t size)
{
	struct netns nets[NETNS_MAX];
	size_t count;

	snprintf(name, size, "inode %llu", inum);
	if (find_name(inum, name, size))
		return;
	count = netns_all(nets);
	for (size_t i = 0; i < count; i++)
		if (nets[i].inum == inum)
			snprintf(name, size, "of process %d", nets[i].pid);
}
