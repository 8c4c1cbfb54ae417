/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_HISTORY_INFER_H
#define FINJECT_HISTORY_INFER_H

#include "history.h"

void history_infer(struct history *history);

#endif /* FINJECT_HISTORY_INFER_H */
