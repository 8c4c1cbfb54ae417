/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One exploration: what is known without a fault, and what is to be tried.
 */
#ifndef FINJECT_SESSION_H
#define FINJECT_SESSION_H

#include "fault.h"

enum {
	BASES = 5,		/* runs without a fault, at most */
	FAULT_ROOM = 48,
};

/**
 * struct attempt - faults that are tried together
 * @point: where they are made
 * @fault: they
 * @parts: their number
 * @rules: the same as rules, one a line
 * @tries: number of runs begun
 * @ended: number of those that ended
 * @hits: number of those in which something was found
 * @found: what was found each time
 * @run: the result that tells most, or NULL
 * @over: nothing more is to be done
 * @drawn: by a random walk: what is found is reduced before it is told
 */
struct attempt {
	const struct point *point[PARTS];
	const struct fault *fault[PARTS];
	unsigned int parts;
	char *rules;
	unsigned int tries;
	unsigned int ended;
	unsigned int hits;
	unsigned int found;
	struct json_object *run;
	bool over;
	bool drawn;
};

/**
 * struct session - an exploration
 * @setting: what holds for all runs
 * @base: results of runs without a fault; the first is the one that others
 *	are compared with
 * @bases: their number
 * @unstable: what differs between them, FOUND_*
 * @longest: the longest time that one of them took, ns
 * @points: the segments
 * @fault: the faults
 * @faults: their number
 * @attempt: what is tried
 * @attempts: their number
 * @room: number of those that fit
 * @records: results, as they are printed; an array of JSON
 * @failed: a run could not be made
 * @signal: the signal that ended it, or 0
 * @end: begin nothing after this time, ns, or 0
 */
struct session {
	struct setting setting;
	struct json_object *base[BASES];
	size_t bases;
	unsigned int unstable;
	u64 longest;
	struct points points;
	struct fault fault[FAULT_ROOM];
	size_t faults;
	struct attempt *attempt;
	size_t attempts;
	size_t room;
	struct json_object *records;
	bool failed;
	int signal;
	u64 end;
};

#endif /* FINJECT_SESSION_H */
