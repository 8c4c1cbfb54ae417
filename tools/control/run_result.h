/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RUN_RESULT_H
#define FINJECT_RUN_RESULT_H

#include <stdbool.h>

struct run;

int run_judge(struct run *run);
bool run_lacks_close(const struct run *run);
void run_conclude(struct run *run);

#endif /* FINJECT_RUN_RESULT_H */
