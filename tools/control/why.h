/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_WHY_H
#define FINJECT_WHY_H

#include <stdio.h>

#include "types.h"

int why_print(char *why, const char *rules, u64 id, FILE *out);
void why_sentence(char *why, u64 id, FILE *out);
int why_json(char *why, u64 id, FILE *out);

#endif /* FINJECT_WHY_H */
