/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What counts as found: a run that differs from those without a fault.
 */
#ifndef FINJECT_FOUND_H
#define FINJECT_FOUND_H

#include <stdio.h>

#include "setting.h"

enum {
	FOUND_EXIT = 1 << 0,
	FOUND_SIGNAL = 1 << 1,
	FOUND_TIMEOUT = 1 << 2,
	FOUND_OUTPUT = 1 << 3,
	FOUND_LEFT = 1 << 4,
	FOUND_WAITS = 1 << 5,
	FOUND_JUDGE = 1 << 6,
	FOUND_KERNEL = 1 << 7,
	FOUND_KINDS = 8,
};

extern const char * const found_words[FOUND_KINDS];

struct json_object;

unsigned int found_by(const struct options *opt, struct json_object *base,
		      struct json_object *run);
void found_say(unsigned int found, struct json_object *base,
	       struct json_object *run, FILE *out);
bool run_is_reached(struct json_object *run);
u64 run_took(struct json_object *run);
const char *run_text(struct json_object *run, const char *key);

#endif /* FINJECT_FOUND_H */
