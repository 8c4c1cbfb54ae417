// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "closing.h"
#include "grow.h"
#include "record.h"

/* Return: its index, or @closing->count. The newest is the likeliest. */
static size_t find(const struct closing *closing, unsigned int view,
		   const char *src, const char *dst)
{
	for (size_t i = closing->count; i--;) {
		const struct closing_socket *socket = &closing->socket[i];

		if (socket->view == view && !strcmp(socket->src, src) &&
		    !strcmp(socket->dst, dst))
			return i;
	}
	return closing->count;
}

static void add(struct closing *closing, unsigned int view, const char *src,
		const char *dst)
{
	struct closing_socket *socket;

	if (closing->count == CLOSING_SOCKETS) {
		closing->crowded = true;
		return;
	}
	closing->socket = grow(closing->socket, closing->count, &closing->room,
			       sizeof(*closing->socket));
	socket = &closing->socket[closing->count++];
	socket->view = view;
	snprintf(socket->src, sizeof(socket->src), "%s", src);
	snprintf(socket->dst, sizeof(socket->dst), "%s", dst);
}

/* A full socket ends in CLOSE, also where a time-wait socket takes over. */
static bool is_end(const char *state)
{
	return !strcmp(state, "CLOSE") || !strcmp(state, "TIME_WAIT");
}

/**
 * closing_learn() - take note of a record
 * @closing: the sockets
 * @view: number of the namespace that it comes from
 * @record: the record; of another kind than `sk` it is passed over
 */
void closing_learn(struct closing *closing, unsigned int view,
		   const struct record *record)
{
	const char *src = record_get(record, "src");
	const char *dst = record_get(record, "dst");
	const char *to = record_get(record, "to");
	size_t i;

	if (strcmp(record->word, "sk") || !src || !dst || !to)
		return;
	i = find(closing, view, src, dst);
	if (!is_end(to) && i == closing->count)
		add(closing, view, src, dst);
	else if (is_end(to) && i < closing->count)
		closing->socket[i] = closing->socket[--closing->count];
}

/**
 * closing_free() - forget all sockets
 * @closing: them
 */
void closing_free(struct closing *closing)
{
	free(closing->socket);
	memset(closing, 0, sizeof(*closing));
}
