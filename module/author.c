// SPDX-License-Identifier: GPL-2.0-only
#include "author.h"

#include <linux/ctype.h>
#include <linux/ktime.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>

/* A process may give itself any name, but values of records have no blanks. */
static void author_clean(char *comm)
{
	if (!*comm || !strcmp(comm, "-"))
		strscpy(comm, "?", TASK_COMM_LEN);
	for (; *comm; comm++)
		if (!isascii(*comm) || !isgraph(*comm))
			*comm = '?';
}

/**
 * finject_author_init - note the calling process as the author
 * @author: zeroed memory
 *
 * Context: process.
 */
void finject_author_init(struct finject_author *author)
{
	author->pid = get_pid(task_tgid(current));
	get_task_comm(author->comm, current->group_leader);
	author_clean(author->comm);
	author->at = ktime_get_ns();
}

/**
 * finject_author_put - forget an author
 * @author: the author; without one it does nothing
 *
 * Context: any but hard interrupts.
 */
void finject_author_put(struct finject_author *author)
{
	put_pid(author->pid);
}

/**
 * finject_author_pid - get the number of the author's process
 * @author: the author
 *
 * The process may have ended since.
 *
 * Context: process, which is the one to read the number.
 * Return: its number in the caller's pid namespace, 0 when it has none there.
 */
pid_t finject_author_pid(const struct finject_author *author)
{
	return pid_nr_ns(author->pid, task_active_pid_ns(current));
}
