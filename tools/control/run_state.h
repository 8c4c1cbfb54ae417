/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One `finject run`, and all that is known of it.
 */
#ifndef FINJECT_RUN_STATE_H
#define FINJECT_RUN_STATE_H

#include <time.h>

#include "command.h"
#include "docket.h"
#include "finject.h"
#include "recorder.h"
#include "rule_count.h"

/**
 * struct run - a command under rules
 * @opt: the options
 * @records: it is followed, and what happened is judged or kept
 * @began: when it began, by the wall clock
 * @recorder: the readers of `events`
 * @command: the command
 * @rules: its rules
 * @lease: the file that holds them, or -1
 * @settled: what it had begun was over when the rules ended
 * @settled_at: when they did, ns
 * @log: what was recorded
 * @closes: the closes in @log
 * @verdicts: what the judge says of them
 * @kept: all of that could be written down
 * @status: exit status of the tool
 */
struct run {
	const struct options *opt;
	bool records;
	time_t began;
	struct recorder recorder;
	struct command command;
	struct rule_counts rules;
	int lease;
	bool settled;
	u64 settled_at;
	struct log log;
	struct closes closes;
	struct verdicts verdicts;
	bool kept;
	int status;
};

#endif /* FINJECT_RUN_STATE_H */
