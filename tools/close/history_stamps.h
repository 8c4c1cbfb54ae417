/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_HISTORY_STAMPS_H
#define FINJECT_HISTORY_STAMPS_H

#include "history.h"

void history_stamps(struct history *history, enum ladder_end from);
bool stamps_differ(const struct sending *a, const struct sending *b);

#endif /* FINJECT_HISTORY_STAMPS_H */
