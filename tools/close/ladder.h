/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One close as a picture in the making: who sent what, what became of it, and
 * the states both ends went through. Knows nothing of how it is drawn.
 */
#ifndef FINJECT_LADDER_H
#define FINJECT_LADDER_H

#include "closes.h"
#include "ladder_types.h"

/* A log of before says CLOSE where a time-wait socket may have taken over. */
#define LADDER_UNKNOWN "not known"

bool ladder_build(struct ladder *ladder, const struct log *log);
bool ladder_of_close(struct ladder *ladder, const struct close *close,
		     const struct log *log);
bool ladder_is_under_way(const struct ladder_arrow *arrow);
void ladder_free(struct ladder *ladder);
const struct ladder_state *ladder_state_find(const struct ladder *ladder,
					     enum ladder_end end,
					     const char *name);

#endif /* FINJECT_LADDER_H */
