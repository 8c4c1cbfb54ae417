/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sockets that have begun to close and have not ended, by the records of
 * `events` as they come.
 */
#ifndef FINJECT_CLOSING_H
#define FINJECT_CLOSING_H

#include "log.h"

enum { CLOSING_SOCKETS = 4096 };

/**
 * struct closing_socket - a socket that is closing
 * @view: number of its namespace
 * @src: its address and port
 * @dst: those of the other end
 */
struct closing_socket {
	unsigned int view;
	char src[ENDPOINT];
	char dst[ENDPOINT];
};

/**
 * struct closing - the sockets that are closing
 * @socket: them
 * @count: their number
 * @room: number of those that fit
 * @crowded: there were more than CLOSING_SOCKETS at once
 */
struct closing {
	struct closing_socket *socket;
	size_t count;
	size_t room;
	bool crowded;
};

struct record;

void closing_learn(struct closing *closing, unsigned int view,
		   const struct record *record);
void closing_free(struct closing *closing);

#endif /* FINJECT_CLOSING_H */
