/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_STATS_H
#define FINJECT_STATS_H

#include <stdio.h>

int stats_json(char *text, FILE *out);

#endif /* FINJECT_STATS_H */
