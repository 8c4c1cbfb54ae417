/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_OPEN_FILES_H
#define FINJECT_OPEN_FILES_H

#include <stddef.h>

#include "proc.h"

enum { USER_FILE = 16 };

/**
 * struct user - a descriptor of one of the module's files
 * @file: name of the file
 * @pid: the process that has it
 * @comm: name of that process
 * @fd: number of the descriptor
 */
struct user {
	char file[USER_FILE];
	pid_t pid;
	char comm[PROC_COMM];
	int fd;
};

struct user *users_all(size_t *count);
long users_references(void);

#endif /* FINJECT_OPEN_FILES_H */
