/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RUN_JUNIT_H
#define FINJECT_RUN_JUNIT_H

struct run;

int run_junit_save(const struct run *run);

#endif /* FINJECT_RUN_JUNIT_H */
