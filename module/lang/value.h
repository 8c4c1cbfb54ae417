/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The values of words, read from text and printed.
 * Pure.
 */
#ifndef FINJECT_LANG_VALUE_H
#define FINJECT_LANG_VALUE_H

#include "lang/reader.h"
#include "text.h"

int finject_value_read(struct finject_reader *r, struct finject_value *value);
void finject_value_print(struct finject_text *out, enum finject_keyword_id id,
			 const struct finject_value *value);
int finject_parse_time(const char *word, size_t len, u64 *nsec);
int finject_parse_tag(const char *word, size_t len, char tag[FINJECT_TAG_MAX]);

#endif /* FINJECT_LANG_VALUE_H */
