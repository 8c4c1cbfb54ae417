/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_NEAR_H
#define FINJECT_NEAR_H

#include <stdbool.h>

bool near_enough(const char *typed, const char *name);

#endif /* FINJECT_NEAR_H */
