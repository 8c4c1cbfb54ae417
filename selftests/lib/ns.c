// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "ns.h"

/* Where the process began. */
static struct ns home = { .fd = -1 };

static void ns_hold(struct ns *ns, const char *path)
{
	struct stat st;

	ns->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (ns->fd < 0 || fstat(ns->fd, &st))
		fail("%s: %s", path, strerror(errno));
	ns->inum = st.st_ino;
	ns->vrf = NULL;
}

/**
 * ns_new - make a network namespace; the caller stays in its own
 * @ns: filled in
 */
void ns_new(struct ns *ns)
{
	if (home.fd < 0)
		ns_hold(&home, "/proc/self/ns/net");
	if (unshare(CLONE_NEWNET))
		fail("unshare: %s; these tests want root", strerror(errno));
	ns_hold(ns, "/proc/self/ns/net");
	ns_leave();
}

/**
 * ns_initial - the namespace of process 1
 * @ns: filled in
 */
void ns_initial(struct ns *ns)
{
	ns_hold(ns, "/proc/1/ns/net");
}

/**
 * ns_enter - work in a namespace until ns_leave()
 * @ns: the namespace
 */
void ns_enter(const struct ns *ns)
{
	if (setns(ns->fd, CLONE_NEWNET))
		fail("setns: %s", strerror(errno));
}

/**
 * ns_leave - back to the namespace the process began in
 */
void ns_leave(void)
{
	if (home.fd >= 0 && setns(home.fd, CLONE_NEWNET))
		fail("setns: %s", strerror(errno));
}

/**
 * ns_drop - give up the reference; without sockets the namespace goes away
 * @ns: the namespace
 */
void ns_drop(struct ns *ns)
{
	if (ns->fd >= 0)
		close(ns->fd);
	ns->fd = -1;
}

/**
 * ns_open - open a file that speaks of its opener's namespace
 * @ns: the namespace to open it in
 * @dir: descriptor of the directory, or AT_FDCWD
 * @path: of the file
 * @flags: O_*
 *
 * Return: a descriptor, or -errno.
 */
int ns_open(const struct ns *ns, int dir, const char *path, int flags)
{
	int fd;

	ns_enter(ns);
	fd = openat(dir, path, flags | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	ns_leave();
	return fd;
}

/**
 * ns_read - read a whole file of a namespace
 * @ns: the namespace
 * @path: of the file
 * @buf: gets the text, NUL-terminated
 * @size: of @buf
 *
 * Return: length of the text; a file that does not fit is a failure.
 */
size_t ns_read(const struct ns *ns, const char *path, char *buf, size_t size)
{
	int fd = ns_open(ns, AT_FDCWD, path, O_RDONLY);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		fail("%s: %s", path, strerror(-fd));
	while ((got = read(fd, buf + len, size - len)) > 0)
		len += got;
	close(fd);
	if (got < 0 || len == size)
		fail("%s: cannot be read whole", path);
	buf[len] = '\0';
	return len;
}

/**
 * ns_sysctl - set a sysctl of a namespace
 * @ns: the namespace
 * @name: path under /proc/sys
 * @value: text to write
 */
void ns_sysctl(const struct ns *ns, const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = ns_open(ns, AT_FDCWD, path, O_WRONLY);
	if (fd < 0)
		fail("%s: %s", path, strerror(-fd));
	if (write(fd, value, strlen(value)) < 0)
		fail("%s: cannot write %s: %s", path, value, strerror(errno));
	close(fd);
}

/**
 * ns_run - run a shell command in a namespace
 * @ns: the namespace
 * @command: for sh -c
 *
 * Return: its exit status; 127 where the shell did not find the command.
 */
int ns_run(const struct ns *ns, const char *command)
{
	int status;

	ns_enter(ns);
	status = system(command);
	ns_leave();
	if (status < 0 || !WIFEXITED(status))
		fail("%s: did not run", command);
	return WEXITSTATUS(status);
}
