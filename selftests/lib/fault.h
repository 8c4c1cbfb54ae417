/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failing allocations: one of this task, by its ordinal (/proc/self/fail-nth),
 * or one from a slab cache in any context.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>

const char *fault_missing(void);
void fault_pages(bool fail);
void fault_arm(unsigned int nth);
bool fault_disarm(void);
bool fault_caches_can(const char *const *caches, unsigned int count);
void fault_caches_arm(const char *const *caches, unsigned int count);
bool fault_caches_disarm(void);

#endif /* FAULT_H */
