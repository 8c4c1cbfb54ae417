/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_HISTORY_REPEATS_H
#define FINJECT_HISTORY_REPEATS_H

#include "history.h"

void history_repeats(struct history *history, enum ladder_end from);

#endif /* FINJECT_HISTORY_REPEATS_H */
