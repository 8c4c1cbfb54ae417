/* SPDX-License-Identifier: GPL-2.0-only */
/* The steps of a scenario: each does one thing, or waits for one. */
#ifndef FINJECT_STEP_H
#define FINJECT_STEP_H

#include "experiment.h"

typedef int step_fn(struct experiment *run, const struct scenario_line *line);
typedef const char *(step_check_fn)(const struct scenario_line *line);

step_fn step_listen, step_connect, step_begin, step_accept;
step_fn step_send, step_fill, step_read, step_shutdown;
step_fn step_close, step_set, step_wait, step_is, step_rule, step_flush;
step_fn step_release, step_sysctl, step_rest, step_needs, step_sh, step_churn;

step_check_fn step_check_listen, step_check_connect, step_check_begin;
step_check_fn step_check_send, step_check_read;
step_check_fn step_check_close, step_check_set, step_check_wait, step_check_is;
step_check_fn step_check_churn, step_check_sysctl, step_check_rest, step_check_needs;

#endif /* FINJECT_STEP_H */
