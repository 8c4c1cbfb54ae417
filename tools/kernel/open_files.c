// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who keeps the module from being unloaded: each open file of it does.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"
#include "grow.h"
#include "open_files.h"

static const char directory[] = "/finject/";

/**
 * struct users - the descriptors found
 * @user: those
 * @count: number of those
 * @room: number that fit in @user
 */
struct users {
	struct user *user;
	size_t count;
	size_t room;
};

/* The path is not where debugfs is mounted, when it is mounted twice. */
static bool is_file_of_ours(pid_t pid, int fd, const char *name)
{
	struct stat theirs, ours;
	char path[64];
	int file;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	file = ctl_try(name, O_PATH);
	if (file < 0)
		return false;
	if (fstat(file, &ours) || stat(path, &theirs))
		theirs.st_ino = 0;
	close(file);
	return theirs.st_ino && theirs.st_ino == ours.st_ino &&
	       theirs.st_dev == ours.st_dev;
}

static void look(pid_t pid, int fd, const char *link, void *data)
{
	const char *at = strstr(link, directory), *name = strrchr(link, '/');
	struct users *users = data;
	struct user *user;

	if (pid == getpid() || !at || ++name != at + strlen(directory) ||
	    strlen(name) >= USER_FILE || !is_file_of_ours(pid, fd, name))
		return;
	users->user = grow(users->user, users->count, &users->room,
			   sizeof(*users->user));
	user = &users->user[users->count++];
	*user = (struct user){ .pid = pid, .fd = fd };
	snprintf(user->file, sizeof(user->file), "%s", name);
	proc_comm(pid, user->comm, sizeof(user->comm));
}

static void look_into(pid_t pid, void *data)
{
	proc_each_fd(pid, look, data);
}

/**
 * users_all() - find the processes that have a file of the module open
 * @count: number of their descriptors
 *
 * The module's directory was opened, see ctl_look(). What we have inherited is
 * not told: we are about to end.
 *
 * Return: the descriptors, for the caller to free.
 */
struct user *users_all(size_t *count)
{
	struct users users = { };

	proc_each(look_into, &users);
	*count = users.count;
	return users.user;
}

/**
 * users_references() - ask the kernel how often the module is in use
 *
 * Return: the number, -1 when it cannot be told.
 */
long users_references(void)
{
	FILE *file = fopen("/sys/module/finject/refcnt", "re");
	long count = -1;

	if (file && fscanf(file, "%ld", &count) != 1)
		count = -1;
	if (file)
		fclose(file);
	return count;
}
