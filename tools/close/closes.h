/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The closes in a log: which observations belong to one connection, and which
 * of its ends made them.
 */
#ifndef FINJECT_CLOSES_H
#define FINJECT_CLOSES_H

#include "close.h"

void closes_split(struct closes *closes, struct log *log);
void closes_free(struct closes *closes);
const char *event_local(const struct event *event);
u64 close_begin(const struct close *close, const struct log *log);
void close_log(const struct close *close, const struct log *log, size_t from,
	       size_t to, struct log *part);

#endif /* FINJECT_CLOSES_H */
