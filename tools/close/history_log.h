/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_HISTORY_LOG_H
#define FINJECT_HISTORY_LOG_H

#include "history.h"

void history_build(struct history *history, const struct ladder *ladder,
		   u64 until);
void history_free(struct history *history);

#endif /* FINJECT_HISTORY_LOG_H */
