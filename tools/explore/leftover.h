/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LEFTOVER_H
#define FINJECT_LEFTOVER_H

#include <stdbool.h>

struct closes;
struct json_object;
struct place;

/**
 * struct leftover - the sockets that are there
 * @left: those that have not closed, as text; an array of JSON
 * @waiting: the local ports of those in TIME_WAIT; an array of JSON
 * @count: number of those that have not closed
 * @orphans: of these, those that close by themselves, if the network lets them
 */
struct leftover {
	struct json_object *left;
	struct json_object *waiting;
	unsigned int count;
	unsigned int orphans;
};

int leftover_look(struct leftover *leftover, const struct place *place,
		  const struct closes *closes);
void leftover_free(struct leftover *leftover);

#endif /* FINJECT_LEFTOVER_H */
