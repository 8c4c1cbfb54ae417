// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "ns.h"

/* The namespace in which the process began. */
static struct ns home = { .fd = -1 };

/**
 * ns_hold() - hold an existing network namespace
 * @ns: filled in
 * @path: its file, such as /proc/1/ns/net
 *
 * Return: 0, or 1 after a sentence.
 */
int ns_hold(struct ns *ns, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail("%s: %s", path, strerror(errno));
	return ns_adopt(ns, fd);
}

/**
 * ns_adopt() - hold an existing network namespace by an open file
 * @ns: filled in
 * @fd: of /proc/PID/ns/net or the like; owned by @ns from now on
 *
 * Return: 0, or 1 after a sentence.
 */
int ns_adopt(struct ns *ns, int fd)
{
	struct stat st;

	*ns = (struct ns){ .fd = fd };
	if (fstat(fd, &st))
		return fail("a network namespace: %s", strerror(errno));
	ns->inum = st.st_ino;
	return 0;
}

static int home_hold(void)
{
	return home.fd < 0 ? ns_hold(&home, "/proc/self/ns/net") : 0;
}

/**
 * ns_new() - make a network namespace; the caller stays in its own
 * @ns: filled in
 *
 * Return: 0, or 1 after a sentence.
 */
int ns_new(struct ns *ns)
{
	if (home_hold())
		return 1;
	if (unshare(CLONE_NEWNET))
		return fail("making a network namespace: %s", strerror(errno));
	return ns_hold(ns, "/proc/self/ns/net") || ns_leave();
}

/**
 * ns_enter() - work in a namespace until ns_leave()
 * @ns: the namespace
 *
 * Return: 0, or 1 after a sentence.
 */
int ns_enter(const struct ns *ns)
{
	if (home_hold())
		return 1;
	if (setns(ns->fd, CLONE_NEWNET))
		return fail("entering a network namespace: %s",
			    strerror(errno));
	return 0;
}

/**
 * ns_leave() - return to the namespace the process began in
 *
 * Return: 0, or 1 after a sentence.
 */
int ns_leave(void)
{
	if (home.fd >= 0 && setns(home.fd, CLONE_NEWNET))
		return fail("leaving a network namespace: %s",
			    strerror(errno));
	return 0;
}

/**
 * ns_drop() - drop the reference; without sockets the namespace ends
 * @ns: the namespace
 */
void ns_drop(struct ns *ns)
{
	if (ns->fd >= 0)
		close(ns->fd);
	ns->fd = -1;
}

/**
 * ns_share() - hold a namespace once more
 * @ns: filled in
 * @of: a reference that holds it already
 *
 * Return: 0, or 1 after a sentence.
 */
int ns_share(struct ns *ns, const struct ns *of)
{
	int fd = fcntl(of->fd, F_DUPFD_CLOEXEC, 0);

	return fd < 0 ? fail("a network namespace: %s", strerror(errno)) :
			ns_adopt(ns, fd);
}

/**
 * ns_is() - compare the namespaces of two references
 * @a: one
 * @b: the other
 *
 * Return: whether they are the same.
 */
bool ns_is(const struct ns *a, const struct ns *b)
{
	return a->inum == b->inum;
}

/**
 * ns_open() - open a file that shows its opener's namespace
 * @ns: the namespace to open it in
 * @dir: descriptor of the directory, or AT_FDCWD
 * @path: path of the file
 * @flags: O_*
 *
 * Return: a descriptor, or -errno.
 */
int ns_open(const struct ns *ns, int dir, const char *path, int flags)
{
	int fd;

	if (ns_enter(ns))
		return -EPERM;
	fd = openat(dir, path, flags | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	ns_leave();
	return fd;
}

/**
 * ns_socket() - make a socket in a namespace
 * @ns: the namespace, or NULL for the caller's
 * @family: AF_*
 * @type: SOCK_*
 * @protocol: of the family
 *
 * Return: the socket, or -errno.
 */
int ns_socket(const struct ns *ns, int family, int type, int protocol)
{
	int fd;

	if (ns && ns_enter(ns))
		return -EPERM;
	fd = socket(family, type, protocol);
	if (fd < 0)
		fd = -errno;
	if (ns)
		ns_leave();
	return fd;
}

/**
 * ns_read() - read a whole file of a namespace
 * @ns: the namespace
 * @path: path of the file
 * @buf: receives the text, NUL-terminated
 * @size: size of @buf
 *
 * Return: length of the text. A file that cannot be read or does not fit is a
 * failure: -1 after a sentence.
 */
ssize_t ns_read(const struct ns *ns, const char *path, char *buf, size_t size)
{
	int fd = ns_open(ns, AT_FDCWD, path, O_RDONLY);
	size_t len = 0;
	ssize_t got;

	*buf = '\0';
	if (fd < 0) {
		fail("%s: %s", path, strerror(-fd));
		return -1;
	}
	while ((got = read(fd, buf + len, size - len)) > 0)
		len += got;
	close(fd);
	if (got < 0 || len == size) {
		fail("%s: cannot be read whole", path);
		return -1;
	}
	buf[len] = '\0';
	return len;
}

/**
 * ns_sysctl() - set a sysctl of a namespace
 * @ns: the namespace
 * @name: path under /proc/sys
 * @value: text to write
 *
 * Return: 0, or 1 after a sentence.
 */
int ns_sysctl(const struct ns *ns, const char *name, const char *value)
{
	ssize_t written;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = ns_open(ns, AT_FDCWD, path, O_WRONLY);
	if (fd < 0)
		return fail("%s: %s", path, strerror(-fd));
	written = write(fd, value, strlen(value));
	close(fd);
	return written < 0 ? fail("%s: cannot write %s", path, value) : 0;
}

/**
 * ns_run() - run a shell command in a namespace
 * @ns: the namespace
 * @command: for sh -c
 *
 * Return: its exit status, 127 if the shell did not find the command, or -1
 * after a sentence.
 */
int ns_run(const struct ns *ns, const char *command)
{
	int status;

	if (ns_enter(ns))
		return -1;
	status = system(command);
	ns_leave();
	if (status < 0 || !WIFEXITED(status)) {
		fail("%s: did not run", command);
		return -1;
	}
	return WEXITSTATUS(status);
}
