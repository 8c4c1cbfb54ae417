/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who saw the segments of a ladder, and the numbers as that one saw them.
 */
#ifndef FINJECT_LADDER_SEEN_H
#define FINJECT_LADDER_SEEN_H

#include "ladder_types.h"

void ladder_find_seen(struct ladder *ladder, const struct log *log);
void ladder_mark_unseen(struct ladder *ladder, const struct log *log);
void ladder_make_relative(struct ladder *ladder);

#endif /* FINJECT_LADDER_SEEN_H */
