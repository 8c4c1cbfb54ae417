/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The values that a segment is matched by: counts and ports, classes,
 * addresses, marks.
 * Pure.
 */
#ifndef FINJECT_LANG_VALUE_NET_H
#define FINJECT_LANG_VALUE_NET_H

#include "lang/reader.h"
#include "text.h"

int finject_ports_read(struct finject_reader *r, struct finject_value *value);
void finject_ports_print(struct finject_text *out, enum finject_keyword_id id,
			 const struct finject_value *value);
int finject_nth_read(struct finject_reader *r, struct finject_value *value);
void finject_nth_print(struct finject_text *out, enum finject_keyword_id id,
		       const struct finject_value *value);
int finject_classes_read(struct finject_reader *r, struct finject_value *value);
void finject_classes_print(struct finject_text *out, enum finject_keyword_id id,
			   const struct finject_value *value);
int finject_cidr_read(struct finject_reader *r, struct finject_value *value);
void finject_cidr_print(struct finject_text *out, enum finject_keyword_id id,
			const struct finject_value *value);
int finject_mark_read(struct finject_reader *r, struct finject_value *value);
void finject_mark_print(struct finject_text *out, enum finject_keyword_id id,
			const struct finject_value *value);

#endif /* FINJECT_LANG_VALUE_NET_H */
