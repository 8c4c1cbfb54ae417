/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_TABLE_H
#define FINJECT_TABLE_H

#include <stdio.h>

struct record;

void table_records(const struct record *records, size_t count,
		   const char *empty, FILE *out);
void table_print(char *text, const char *empty, FILE *out);
int table_json(char *text, FILE *out);

#endif /* FINJECT_TABLE_H */
