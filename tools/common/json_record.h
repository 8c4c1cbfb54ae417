/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_JSON_RECORD_H
#define FINJECT_JSON_RECORD_H

#include <stdbool.h>
#include <stdio.h>

struct json_object;
struct record;

struct json_object *json_record(const struct record *record, bool word);
int json_record_print(const struct record *record, FILE *out);
char *json_record_line(const char *text);
int json_print(struct json_object *object, FILE *out);
int json_print_line(struct json_object *object, FILE *out);

#endif /* FINJECT_JSON_RECORD_H */
