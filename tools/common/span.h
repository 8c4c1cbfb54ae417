/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_SPAN_H
#define FINJECT_SPAN_H

#include "types.h"

bool span_parse(const char *text, u64 *ns);

#endif /* FINJECT_SPAN_H */
