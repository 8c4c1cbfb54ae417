/* SPDX-License-Identifier: GPL-2.0-only */
/* Who added a rule. */
#ifndef FINJECT_AUTHOR_H
#define FINJECT_AUTHOR_H

#include <linux/sched.h>

struct pid;

/**
 * struct finject_author - the process that added a rule
 * @pid: the process, or NULL; its number depends on who reads it
 * @comm: its name then, printable, without a blank
 * @at: ktime then, ns
 */
struct finject_author {
	struct pid *pid;
	char comm[TASK_COMM_LEN];
	u64 at;
};

void finject_author_init(struct finject_author *author);
void finject_author_put(struct finject_author *author);
pid_t finject_author_pid(const struct finject_author *author);

#endif /* FINJECT_AUTHOR_H */
