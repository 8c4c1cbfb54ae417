/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_COUNTER_H
#define FINJECT_COUNTER_H

long counter_find(const char *text, const char *group, const char *name);
long counter_read(const char *group, const char *name);

#endif /* FINJECT_COUNTER_H */
