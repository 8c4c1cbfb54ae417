/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection of one case, and the program at each of its ends.
 */
#ifndef FINJECT_MATRIX_LINK_H
#define FINJECT_MATRIX_LINK_H

#include "addr.h"
#include "experiment.h"
#include "matrix_case.h"

/**
 * struct matrix_end - an end, and what its program has seen
 * @fd: its socket, -1 once it is closed
 * @closes: it closes on its own, not as an answer
 * @sent: bytes sent
 * @came: bytes read
 * @altered: other bytes were read than were sent
 * @eof: an end of file was read
 * @error: the error that was read, or 0
 * @silent: it waited long for what did not come
 * @due: when it does the next thing of itself, ns
 * @gave_up: when it closed without having read an end, ns, or 0
 * @gone: there is no socket any more
 */
struct matrix_end {
	int fd;
	bool closes;
	u64 sent;
	u64 came;
	bool altered;
	bool eof;
	int error;
	bool silent;
	u64 due;
	u64 gave_up;
	bool gone;
};

/**
 * struct matrix_link - the connection of a case
 * @one: the case
 * @at: the address of each end
 * @end: its ends
 * @fired: how often each of its rules fired, as `stats` says
 */
struct matrix_link {
	struct matrix_case *one;
	struct addr at[2];
	struct matrix_end end[2];
	u64 fired[2];
};

unsigned int matrix_rule_id(size_t link, unsigned int fault);
int matrix_link_open(struct matrix_link *link, struct experiment *run,
		     unsigned int port);
void matrix_link_talk(struct matrix_link *link);
void matrix_link_begin(struct matrix_link *link);
bool matrix_end_reads(const struct matrix_end *end);
void matrix_end_ready(struct matrix_link *link, enum host host);
void matrix_end_due(struct matrix_link *link, enum host host);
bool matrix_link_gone(struct matrix_link *link, const struct experiment *run);
void matrix_link_close(struct matrix_link *link);

#endif /* FINJECT_MATRIX_LINK_H */
