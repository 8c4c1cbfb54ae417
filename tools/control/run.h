/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RUN_H
#define FINJECT_RUN_H

struct run;

int run_begin(struct run *run, const char *rules);
void run_close(struct run *run);

#endif /* FINJECT_RUN_H */
