/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_TABLE_H
#define FINJECT_TABLE_H

#include <stdio.h>

void table_print(char *text, const char *empty, FILE *out);
int table_json(char *text, FILE *out);

#endif /* FINJECT_TABLE_H */
