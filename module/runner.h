/* SPDX-License-Identifier: GPL-2.0-only */
/* The only sender of parked segments. */
#ifndef FINJECT_RUNNER_H
#define FINJECT_RUNNER_H

struct finject_park;

void finject_runner_init(struct finject_park *park);
void finject_runner_turn(struct finject_park *park);

#endif /* FINJECT_RUNNER_H */
