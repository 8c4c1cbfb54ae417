// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only file that knows where the module's files are and how to come to
 * them from another network namespace.
 *
 * A file of the module acts on the namespace of the process that opens it. So the
 * directory is opened first, while debugfs is still in sight; then the
 * namespace is entered, and then the file is opened relative to the directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "ctl.h"
#include "refuse.h"
#include "file.h"
#include "netns.h"

static const char debugfs[] = "/sys/kernel/debug";
static const char directory[] = "finject";

static const char not_loaded[] =
	"the module is not loaded; `modprobe finject' or `insmod finject.ko' loads it";
static const char locked_down[] =
	"it is locked down (kernel_lockdown(7)), or CAP_NET_ADMIN is missing";

static const char nobody_keeps[] =
	"nothing in sight keeps network namespace %s; `finject -n %s flush' works if it is there";

static int dir = -1;

/*
 * `ip netns exec` mounts a fresh /sys without debugfs over the old one. A
 * mount of our own, attached nowhere, ends with this process.
 */
static int debugfs_mount(void)
{
	int context, mount = -1;

	context = fsopen("debugfs", FSOPEN_CLOEXEC);
	if (context < 0)
		return -1;
	if (!fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(context, FSMOUNT_CLOEXEC, 0);
	close(context);
	return mount;
}

/**
 * ctl_debugfs() - open debugfs where it is mounted
 *
 * Return: a file descriptor, or -1 when it is not mounted or not for us.
 */
int ctl_debugfs(void)
{
	struct statfs fs;
	int fd;

	fd = open(debugfs, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (!fstatfs(fd, &fs) && fs.f_type == DEBUGFS_MAGIC))
		return fd;
	close(fd);
	return -1;
}

static int debugfs_open(void)
{
	int fd = ctl_debugfs();

	return fd < 0 ? debugfs_mount() : fd;
}

/**
 * ctl_look() - look for the module's files, and print nothing
 *
 * Return: what is missing, or CTL_READY when they can be opened.
 */
enum ctl_state ctl_look(void)
{
	int root, error;

	if (dir >= 0)
		return CTL_READY;
	root = debugfs_open();
	if (root < 0)
		return geteuid() ? CTL_NO_ROOT : CTL_NO_DEBUGFS;
	dir = openat(root, directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	error = errno;
	close(root);
	errno = error;
	if (dir >= 0)
		return CTL_READY;
	if (geteuid() && (error == EACCES || error == EPERM))
		return CTL_NO_ROOT;
	return error == ENOENT ? CTL_NO_MODULE : CTL_CLOSED;
}

static int directory_open(void)
{
	switch (ctl_look()) {
	case CTL_READY:
		return DONE;
	case CTL_NO_ROOT:
		return fail("this needs root");
	case CTL_NO_DEBUGFS:
		return fail("debugfs is not mounted; `mount -t debugfs none %s' mounts it",
			    debugfs);
	case CTL_NO_MODULE:
		return fail("%s", not_loaded);
	default:
		return fail("%s/%s: %m", debugfs, directory);
	}
}

/* Its file; a process has the number before an inode that has the same. */
static bool netns_path(const char *netns, char *path, size_t size)
{
	u64 number = netns_number(netns);

	if (strchr(netns, '/')) {
		snprintf(path, size, "%s", netns);
		return true;
	}
	snprintf(path, size, "/run/netns/%s", netns);
	if (!number || !access(path, F_OK))
		return true;
	snprintf(path, size, "/proc/%s/ns/net", netns);
	return !access(path, F_OK);
}

/**
 * ctl_netns_try() - hold a network namespace, and print nothing
 * @netns: its name as `ip netns` lists it, a process id, the inode number of
 *	the namespace, alone or as `net:[N]`, or a path
 * @inum: set to that inode number, to 0 when @netns is none
 *
 * Return: a file descriptor that holds it, or -1 with errno set.
 */
int ctl_netns_try(const char *netns, u64 *inum)
{
	char path[PATH_MAX];

	*inum = 0;
	if (netns_path(netns, path, sizeof(path)))
		return open(path, O_RDONLY | O_CLOEXEC);
	*inum = netns_number(netns);
	errno = ENOENT;
	return netns_enterable(*inum);
}

/**
 * ctl_netns_open() - hold a network namespace
 * @netns: as for ctl_netns_try()
 *
 * Return: a file descriptor that holds it, or -1 after an error message.
 */
int ctl_netns_open(const char *netns)
{
	u64 inum;
	int fd = ctl_netns_try(netns, &inum);

	if (fd < 0 && inum)
		fail(nobody_keeps, netns, netns);
	else if (fd < 0)
		fail(errno == EACCES || errno == EPERM ?
		     "network namespace `%s' may not be opened: %m" :
		     "there is no network namespace or process `%s'", netns);
	return fd;
}

/**
 * ctl_netns_go() - enter a network namespace
 * @netns: as for ctl_netns_try()
 *
 * Return: DONE, or REFUSED after an error message.
 */
int ctl_netns_go(const char *netns)
{
	int fd = ctl_netns_open(netns), error;

	if (fd < 0)
		return REFUSED;
	error = setns(fd, CLONE_NEWNET) ? errno : 0;
	close(fd);
	return error ? fail("network namespace `%s': %s", netns,
			    strerror(error)) : DONE;
}

/**
 * ctl_open() - find the module's files and enter a network namespace
 * @netns: as for ctl_netns_try(), or NULL to stay where we are
 *
 * Return: DONE, or REFUSED after a message that says what to do.
 */
int ctl_open(const char *netns)
{
	if (dir < 0 && directory_open())
		return REFUSED;
	return netns ? ctl_netns_go(netns) : DONE;
}

/**
 * ctl_try() - open one of the module's files, and print nothing
 * @name: the file's name within the directory, which was opened
 * @flags: as for open(2)
 *
 * Return: a file descriptor, or -1 with errno set.
 */
int ctl_try(const char *name, int flags)
{
	return openat(dir, name, flags | O_CLOEXEC);
}

/**
 * ctl_file() - open one of the module's files for the present namespace
 * @name: its name within the directory
 * @flags: as for open(2)
 *
 * Return: a file descriptor, or -1 after a message that says what is wrong.
 */
int ctl_file(const char *name, int flags)
{
	int fd = ctl_try(name, flags);

	if (fd >= 0)
		return fd;
	if (errno == EPERM && !geteuid())
		fail("the kernel keeps `%s' closed: %s", name, locked_down);
	else if (errno == EPERM || errno == EACCES)
		fail("this needs root");
	else if (errno == ENOENT)
		fail("the loaded module has no file `%s'; this tool is of version %s",
		     name, FINJECT_VERSION);
	else
		fail("%s: %m", name);
	return -1;
}

/**
 * ctl_read() - read one of the module's files
 * @name: its name
 *
 * Return: the text, for the caller to free, or NULL after an error message.
 */
char *ctl_read(const char *name)
{
	int fd = ctl_file(name, O_RDONLY);
	char *text;

	if (fd < 0)
		return NULL;
	text = file_slurp(fd);
	if (!text)
		fail("%s: %m", name);
	close(fd);
	return text;
}

static const char *last_entry(const char *log)
{
	const char *entry = *log == '#' ? log : NULL;

	for (const char *at = log; (at = strstr(at, "\n#")); at++)
		entry = at + 1;
	return entry;
}

/**
 * ctl_refusal() - format the newest entry of error_log for a person
 * @log: text of error_log
 * @ours: number of lines the tool had put before the user's
 * @source: name of the user's file, `-` for standard input, or NULL when it
 *	was a single line
 * @out: where the text goes: reason, refused line and caret
 * @size: room in @out
 *
 * Return: the length of the text, 0 when the log has no entry.
 */
int ctl_refusal(const char *log, unsigned int ours, const char *source,
		char *out, int size)
{
	const char *entry = last_entry(log);
	unsigned int line = 0;
	int skip = 0;

	if (!entry)
		return 0;
	if (sscanf(entry, "#%*u line %u: %n", &line, &skip) != 1 || !skip)
		return snprintf(out, size, "%s", entry);
	if (source && line > ours && !strcmp(source, "-"))
		return snprintf(out, size, "line %u: %s", line - ours,
				entry + skip);
	if (source && line > ours)
		return snprintf(out, size, "%s:%u: %s", source, line - ours,
				entry + skip);
	return snprintf(out, size, "%s", entry + skip);
}

static unsigned int last_number(const char *log)
{
	const char *entry = log ? last_entry(log) : NULL;

	return entry ? strtoul(entry + 1, NULL, 10) : 0;
}

/* The kernel's own words, when it had any for what came after @before. */
static int refusal_read(unsigned int before, unsigned int ours,
			const char *source, char *text, int size)
{
	char *log = ctl_read("error_log");
	int length = 0;

	if (last_number(log) != before)
		length = ctl_refusal(log, ours, source, text, size);
	free(log);
	if (length >= size)
		length = size - 1;
	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	return length;
}

static int refused(const char *name, int error, unsigned int before,
		   unsigned int ours, const char *source)
{
	char text[4096];

	if (error == EPERM)
		return fail("writing needs CAP_NET_ADMIN over this network namespace");
	if (refusal_read(before, ours, source, text, sizeof(text)) > 0)
		return fail("%s", text);
	if (error == ENOENT)
		return fail("%s: nothing there answers to that", name);
	return fail("%s: %s", name, strerror(error));
}

static int put(int fd, const char *text)
{
	size_t length = strlen(text);
	ssize_t done;

	do {
		done = write(fd, text, length);
	} while (done < 0 && errno == EINTR);
	if (done < 0)
		return errno;
	return (size_t)done == length ? 0 : EIO;
}

/**
 * ctl_lease() - as ctl_write(), and keep the file open
 * @name: the file's name
 * @text: the commands; the first line is `lease`, so that what they add lasts
 *	until the file is closed
 * @ours: number of lines at the beginning of @text are not the user's
 * @source: what to call the user's lines in a message, or NULL
 *
 * Return: the file, which a program that is executed does not inherit, or -1
 * after an error message.
 */
int ctl_lease(const char *name, const char *text, unsigned int ours,
	      const char *source)
{
	char *log = ctl_read("error_log");
	unsigned int before = last_number(log);
	int fd, error;

	if (!log)
		return -1;
	free(log);
	fd = ctl_file(name, O_WRONLY);
	if (fd < 0)
		return -1;
	error = put(fd, text);
	if (!error)
		return fd;
	close(fd);
	refused(name, error, before, ours, source);
	return -1;
}

/**
 * ctl_write() - give one of the module's files a text, in one write
 * @name: its name
 * @text: the commands; either all of them take effect or none
 * @ours: number of lines at the beginning of @text are not the user's
 * @source: what to call the user's lines in a message, or NULL
 *
 * A refusal is explained on standard error with the kernel's own words.
 *
 * Return: DONE or REFUSED.
 */
int ctl_write(const char *name, const char *text, unsigned int ours,
	      const char *source)
{
	int fd = ctl_lease(name, text, ours, source);

	if (fd < 0)
		return REFUSED;
	close(fd);
	return DONE;
}

/**
 * ctl_put() - as ctl_write(), but say nothing of a refusal
 * @name: the file's name
 * @text: the commands
 *
 * Return: 0 or a negative errno.
 */
int ctl_put(const char *name, const char *text)
{
	int fd = ctl_file(name, O_WRONLY), error;

	if (fd < 0)
		return -EIO;
	error = put(fd, text);
	close(fd);
	return -error;
}

/**
 * ctl_netns_is_initial() - check for the namespace of the machine's own connections
 *
 * That is the namespace of process 1. In a container it is the container's
 * own, where a rule for everything deserves the same care. When it cannot be
 * told, the answer is yes.
 *
 * Return: true when we are.
 */
bool ctl_netns_is_initial(void)
{
	struct stat here, first;

	if (stat("/proc/self/ns/net", &here) || stat("/proc/1/ns/net", &first))
		return true;
	return here.st_ino == first.st_ino && here.st_dev == first.st_dev;
}
