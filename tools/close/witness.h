/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a connection was seen, in words.
 */
#ifndef FINJECT_WITNESS_H
#define FINJECT_WITNESS_H

#include <stdio.h>

#include "closes.h"

struct json_object;

const char *witness_source(const struct log *log, unsigned int source);
void witness_text(const struct close *close, const struct log *log, FILE *out);
struct json_object *witness_json(const struct close *close,
				 const struct log *log);

#endif /* FINJECT_WITNESS_H */
