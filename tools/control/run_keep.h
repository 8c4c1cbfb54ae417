/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RUN_KEEP_H
#define FINJECT_RUN_KEEP_H

struct run;

int run_keep_begin(const struct run *run);
int run_keep_rules(const struct run *run);
int run_keep_results(const struct run *run);
int run_keep_summary(const struct run *run);

#endif /* FINJECT_RUN_KEEP_H */
