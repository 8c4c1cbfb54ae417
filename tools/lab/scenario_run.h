/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_SCENARIO_RUN_H
#define FINJECT_SCENARIO_RUN_H

#include "experiment.h"

enum experiment_result scenario_run(struct experiment *run,
				    const struct scenario *scenario,
				    int family);
void scenario_run_end(struct experiment *run);

#endif /* FINJECT_SCENARIO_RUN_H */
