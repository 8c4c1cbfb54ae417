/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RANGE_H
#define FINJECT_RANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "types.h"

/**
 * struct range - numbers, or times in ns, from one to another
 * @from: the least
 * @to: the greatest
 * @times: they are times
 */
struct range {
	u64 from;
	u64 to;
	bool times;
};

bool range_read(struct range *range, const char *text);
bool range_has(const struct range *range, u64 value);
void range_value(const struct range *range, u64 value, char *out, size_t size);

#endif /* FINJECT_RANGE_H */
