/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all parts of `finject explore` speak of: the runs of one command, each
 * under another fault at another segment of its closes.
 */
#ifndef FINJECT_SETTING_H
#define FINJECT_SETTING_H

#include "finject.h"
#include "types.h"

enum {
	RULE = 512,
	PARTS = 4,		/* faults of one run, at most */
	POINTS = 512,
	CONNECTIONS = 8,	/* of them each is tried, those behind it are not */
	OUTPUT = 4096,		/* kept of what a command prints, bytes */
	LOG_TEXT = 1 << 20,	/* kept of the log of a run for --artifacts, bytes */
	LADDERS = 8192,		/* kept of the drawings of a run, bytes */
};

/**
 * struct setting - what holds for all runs
 * @opt: the options
 * @match: words that each rule has besides, or ""
 * @netns: the network namespace of the runs, or -1: the caller's
 * @limit: how long a run may take, ns
 * @patience: longer than the command waits, ns
 * @jobs: number of runs at once
 */
struct setting {
	const struct options *opt;
	char *match;
	int netns;
	u64 limit;
	u64 patience;
	unsigned int jobs;
};

#endif /* FINJECT_SETTING_H */
