/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Several runs at once, as many as are wanted.
 */
#ifndef FINJECT_POOL_H
#define FINJECT_POOL_H

#include "worker.h"

struct json_object;

/**
 * struct pool - what is to be run, and who hears of it
 * @setting: what holds for all runs
 * @next: gives the next run: its rules, and in *@task a number to know it by;
 *	NULL for none at present
 * @done: takes a result, or NULL when there is none; the caller puts it
 * @arg: for both
 * @signal: the signal that ended it, or 0
 */
struct pool {
	const struct setting *setting;
	const char *(*next)(void *arg, size_t *task);
	void (*done)(void *arg, size_t task, struct json_object *run);
	void *arg;
	int signal;
};

int pool_open(void);
void pool_run(struct pool *pool, int signals);

#endif /* FINJECT_POOL_H */
