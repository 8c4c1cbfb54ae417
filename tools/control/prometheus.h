/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_PROMETHEUS_H
#define FINJECT_PROMETHEUS_H

#include <stdio.h>

void prometheus_print(char *stats, const char *rules, const char *netns, FILE *out);

#endif /* FINJECT_PROMETHEUS_H */
