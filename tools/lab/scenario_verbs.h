/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_SCENARIO_VERBS_H
#define FINJECT_SCENARIO_VERBS_H

#include "scenario.h"

extern const struct scenario_verb scenario_steps[];
extern const struct scenario_verb scenario_expectations[];

#endif /* FINJECT_SCENARIO_VERBS_H */
