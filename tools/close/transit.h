/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the observations of a log were made: at an end, or on a router.
 */
#ifndef FINJECT_TRANSIT_H
#define FINJECT_TRANSIT_H

struct log;

void transit_mark(struct log *log);

#endif /* FINJECT_TRANSIT_H */
