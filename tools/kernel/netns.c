// SPDX-License-Identifier: GPL-2.0-only
/*
 * A network namespace by its inode number, which is all that the module knows
 * of it. The kernel has no call for that, so everything that may keep one is
 * looked at: names, processes and their threads, open files, mounts in each
 * mount namespace, and for those that were not found by then, sockets.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "netns.h"
#include "record.h"

static const char names[] = "/run/netns";

enum { MOUNT_NAMESPACES = 1024 };

/**
 * struct search - the state of a search
 * @netns: what is looked for
 * @count: number of those
 * @mounts: mount namespaces that were looked at
 * @seen: number of those
 */
struct search {
	struct netns *netns;
	size_t count;
	ino_t mounts[MOUNT_NAMESPACES];
	size_t seen;
};

/**
 * netns_number() - read the inode number of a namespace
 * @text: `N` or, as readlink(1) says it, `net:[N]`
 *
 * Return: the number, 0 when @text is none.
 */
u64 netns_number(const char *text)
{
	char digits[24];
	u64 inum;
	int end = 0;

	if (sscanf(text, "net:[%20[0-9]]%n", digits, &end) == 1 && end &&
	    !text[end])
		text = digits;
	return number_parse(text, &inum) ? inum : 0;
}

static struct netns *wanted(struct search *search, u64 inum)
{
	for (size_t i = 0; i < search->count; i++)
		if (search->netns[i].inum == inum)
			return &search->netns[i];
	return NULL;
}

/* A handier holder replaces another; a process in it names it in any case. */
static bool found(struct netns *netns, enum netns_holder holder, pid_t pid)
{
	bool better = netns && holder > netns->holder;
	bool inside = holder == NETNS_PROCESS;

	if (better)
		netns->holder = holder;
	if (netns && pid && (!netns->pid || (inside && !netns->inside))) {
		netns->pid = pid;
		netns->inside = inside;
		proc_comm(pid, netns->comm, sizeof(netns->comm));
	}
	return better;
}

/* Inode numbers are those of one filesystem. */
static u64 netns_of(int dir, const char *path)
{
	struct stat here, there;

	if (stat("/proc/self/ns/net", &here) || fstatat(dir, path, &there, 0) ||
	    here.st_dev != there.st_dev)
		return 0;
	return there.st_ino;
}

static void search_names(struct search *search)
{
	DIR *dir = opendir(names);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct netns *netns = wanted(search, netns_of(dirfd(dir),
							      entry->d_name));

		if (!found(netns, NETNS_NAME, 0))
			continue;
		snprintf(netns->path, sizeof(netns->path), "%s/%s", names,
			 entry->d_name);
		snprintf(netns->name, sizeof(netns->name), "%s",
			 entry->d_name);
		proc_printable(netns->name);
	}
	if (dir)
		closedir(dir);
}

static void search_path(struct search *search, enum netns_holder holder,
			pid_t pid, const char *path)
{
	struct netns *netns = wanted(search, netns_of(AT_FDCWD, path));

	if (found(netns, holder, pid))
		snprintf(netns->path, sizeof(netns->path), "%s", path);
}

static void search_threads(struct search *search, pid_t pid)
{
	char path[64 + NAME_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/ns/net", pid,
			 entry->d_name);
		search_path(search, NETNS_PROCESS, pid, path);
	}
	if (dir)
		closedir(dir);
}

static void search_file(pid_t pid, int fd, const char *link, void *data)
{
	char path[64];

	if (strncmp(link, "net:[", 5))
		return;
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	search_path(data, NETNS_FILE, pid, path);
}

/* mountinfo writes a blank as \040. */
static void unescape(char *text)
{
	char *to = text;
	unsigned int byte;

	for (; *text; to++) {
		if (*text == '\\' && sscanf(text, "\\%3o", &byte) == 1 &&
		    strlen(text) > 3) {
			*to = byte;
			text += 4;
		} else {
			*to = *text++;
		}
	}
	*to = '\0';
}

static void search_mount(struct search *search, pid_t pid, const char *line)
{
	char point[PATH_MAX], path[PATH_MAX + 32];

	if (!strstr(line, " - nsfs ") ||
	    sscanf(line, "%*s %*s %*s net:[%*[0-9]] %4095s", point) != 1)
		return;
	unescape(point);
	snprintf(path, sizeof(path), "/proc/%d/root%s", pid, point);
	search_path(search, NETNS_MOUNT, pid, path);
}

static bool is_new(struct search *search, pid_t pid)
{
	char path[64];
	struct stat stat_of;

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
	if (stat(path, &stat_of) || search->seen == MOUNT_NAMESPACES)
		return false;
	for (size_t i = 0; i < search->seen; i++)
		if (search->mounts[i] == stat_of.st_ino)
			return false;
	search->mounts[search->seen++] = stat_of.st_ino;
	return true;
}

static void search_mounts(struct search *search, pid_t pid)
{
	char path[64], *line = NULL;
	size_t size = 0;
	FILE *file;

	if (!is_new(search, pid))
		return;
	snprintf(path, sizeof(path), "/proc/%d/mountinfo", pid);
	file = fopen(path, "re");
	while (file && getline(&line, &size, file) >= 0)
		search_mount(search, pid, line);
	free(line);
	if (file)
		fclose(file);
}

static void search_process(pid_t pid, void *data)
{
	search_threads(data, pid);
	proc_each_fd(pid, search_file, data);
	search_mounts(data, pid);
}

/* Opens the namespace of a socket that another process has. */
static int socket_netns(pid_t pid, int fd)
{
	int process = syscall(SYS_pidfd_open, pid, 0), copy, netns = -1;

	if (process < 0)
		return -1;
	copy = syscall(SYS_pidfd_getfd, process, fd, 0);
	if (copy >= 0) {
		netns = ioctl(copy, SIOCGSKNS);
		close(copy);
	}
	close(process);
	return netns;
}

static void search_socket(pid_t pid, int fd, const char *link, void *data)
{
	struct search *search = data;
	struct netns *netns;
	struct stat status;
	int of;

	if (strncmp(link, "socket:[", 8))
		return;
	of = socket_netns(pid, fd);
	if (of < 0)
		return;
	netns = fstat(of, &status) ? NULL : wanted(search, status.st_ino);
	close(of);
	if (!found(netns, NETNS_SOCKET, pid))
		return;
	netns->fd = fd;
	snprintf(netns->path, sizeof(netns->path), "/proc/%d/fd/%d", pid, fd);
}

static void search_sockets(pid_t pid, void *data)
{
	proc_each_fd(pid, search_socket, data);
}

static bool is_complete(const struct search *search)
{
	for (size_t i = 0; i < search->count; i++)
		if (search->netns[i].holder == NETNS_NOBODY)
			return false;
	return true;
}

/**
 * netns_names() - look for the names of network namespaces alone
 * @netns: the namespaces; @inum is set, the rest zero
 * @count: number of those
 */
void netns_names(struct netns *netns, size_t count)
{
	struct search search = { .netns = netns, .count = count };

	search_names(&search);
}

/**
 * netns_search() - look for network namespaces
 * @netns: the namespaces; @inum is set, the rest zero
 * @count: number of those
 *
 * Without root's rights the processes of others are not looked into.
 */
void netns_search(struct netns *netns, size_t count)
{
	struct search search = { .netns = netns, .count = count };

	search_names(&search);
	proc_each(search_process, &search);
	if (!is_complete(&search))
		proc_each(search_sockets, &search);
}

/**
 * netns_call() - tell what a network namespace is called
 * @inum: its inode number
 * @name: set to its name of ip-netns(8), or to a process in it, or the number
 * @size: room in @name
 */
void netns_call(u64 inum, char *name, size_t size)
{
	struct netns netns = { .inum = inum };

	netns_search(&netns, 1);
	if (*netns.name)
		snprintf(name, size, "%s", netns.name);
	else if (netns.inside)
		snprintf(name, size, "of process %d", netns.pid);
	else
		snprintf(name, size, "%llu", inum);
}

/**
 * netns_enterable() - open a network namespace by its number
 * @inum: the number
 *
 * Return: a descriptor to enter it by, -1 when nothing that keeps it was found.
 */
int netns_enterable(u64 inum)
{
	struct netns netns = { .inum = inum };
	struct stat status;
	int fd = -1;

	netns_search(&netns, 1);
	if (netns.holder == NETNS_SOCKET)
		fd = socket_netns(netns.pid, netns.fd);
	else if (netns.holder != NETNS_NOBODY)
		fd = open(netns.path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && (fstat(fd, &status) || status.st_ino != inum)) {
		close(fd);
		fd = -1;
	}
	return fd;
}
