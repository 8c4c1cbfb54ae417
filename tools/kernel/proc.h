/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_PROC_H
#define FINJECT_PROC_H

#include <stddef.h>
#include <sys/types.h>

enum { PROC_COMM = 32 };

/**
 * typedef proc_fn - what is done with each process
 * @pid: the process
 * @data: the caller's
 */
typedef void proc_fn(pid_t pid, void *data);

/**
 * typedef proc_fd_fn - what is done with each descriptor
 * @pid: the process that has it
 * @fd: its number
 * @link: what it is, as readlink(2) says
 * @data: the caller's
 */
typedef void proc_fd_fn(pid_t pid, int fd, const char *link, void *data);

void proc_each(proc_fn *fn, void *data);
void proc_each_fd(pid_t pid, proc_fd_fn *fn, void *data);
void proc_comm(pid_t pid, char *comm, size_t size);
void proc_printable(char *text);

#endif /* FINJECT_PROC_H */
