/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_EXPERIMENT_BED_H
#define FINJECT_EXPERIMENT_BED_H

#include "experiment.h"

int experiment_bed_open(struct experiment *run);
void experiment_bed_close(struct experiment *run);

#endif /* FINJECT_EXPERIMENT_BED_H */
