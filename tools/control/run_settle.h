/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RUN_SETTLE_H
#define FINJECT_RUN_SETTLE_H

struct run;

void run_settle(struct run *run);

#endif /* FINJECT_RUN_SETTLE_H */
