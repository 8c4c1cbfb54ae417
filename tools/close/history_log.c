// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a history of a ladder: first what the log itself says of each segment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history_infer.h"
#include "history_log.h"
#include "made.h"

/* Two ends that a log is from differ by less than that, without a fault. */
static const u64 flight = 5000000;

static u64 time_of(const struct ladder_arrow *arrow)
{
	if (!arrow->out && arrow->released)
		return arrow->released;
	return arrow->out ? arrow->out : arrow->in;
}

/* Is the way beyond the observer unseen? */
static bool is_two_ended(const struct ladder *ladder)
{
	return ladder->seen[END_A] && ladder->seen[END_B];
}

static u32 end_of(const struct ladder_arrow *arrow)
{
	return (u32)arrow->seq + arrow->len + !!strchr(arrow->flags, 'F');
}

/* By the numbers, as the namespace of the active closer names them. */
static unsigned int classes_of(const struct ladder *ladder,
			       const struct ladder_arrow *arrow)
{
	unsigned int classes = 0;

	if (strchr(arrow->flags, 'R'))
		return CLASS_RST;
	if (strchr(arrow->flags, 'F'))
		classes |= CLASS_FIN;
	if (list_has(arrow->seg, "data"))
		classes |= CLASS_DATA;
	for (size_t i = 0; i < ladder->arrows; i++) {
		const struct ladder_arrow *fin = &ladder->arrow[i];

		if (fin->from == arrow->from || !strchr(fin->flags, 'F') ||
		    strchr(fin->flags, 'R') || !strchr(arrow->flags, 'A') ||
		    (s32)((u32)arrow->ack - end_of(fin)) < 0)
			continue;
		classes |= CLASS_ACK;
		break;
	}
	return classes;
}

/* Which ends got a RST in its place? */
static const char *reset_of(const struct ladder *ladder,
			    const struct ladder_arrow *reset)
{
	bool sender = false, receiver = false;

	for (size_t i = 0; i < ladder->arrows; i++) {
		const struct ladder_arrow *rst = &ladder->arrow[i];

		if (made_from(ladder, rst) != reset)
			continue;
		sender |= rst->from != reset->from;
		receiver |= rst->from == reset->from;
	}
	if (sender && receiver)
		return "both";
	return sender ? "sender" : "receiver";
}

static void learn_copies(struct sending *sending, const struct ladder *ladder)
{
	const struct ladder_arrow *arrow = sending->arrow;

	for (size_t i = 0; i < ladder->arrows; i++) {
		const struct ladder_arrow *copy = &ladder->arrow[i];

		if (!copy->copy || copy->from != arrow->from ||
		    copy->seq != arrow->seq || copy->ack != arrow->ack ||
		    copy->len != arrow->len || strcmp(copy->flags, arrow->flags))
			continue;
		if (!sending->copies++)
			sending->span = copy->parked;
	}
	if (sending->copies)
		sending->fate = FATE_DOUBLED;
}

static void learn_fault(struct sending *sending, const struct ladder *ladder)
{
	const struct ladder_arrow *arrow = sending->arrow;

	switch (arrow->fault) {
	case FAULT_LOST:
		sending->fate = FATE_LOST;
		if (!strcmp(arrow->verdict, "reset")) {
			sending->fate = FATE_RESET;
			sending->reset = reset_of(ladder, arrow);
		}
		break;
	case FAULT_PARKED:
		sending->fate = arrow->released ? FATE_LATE : FATE_LOST;
		sending->span = arrow->parked;
		break;
	case FAULT_PURGED:
		sending->fate = FATE_LOST;
		break;
	case FAULT_COPIED:
		learn_copies(sending, ladder);
		break;
	default:
		return;
	}
	sending->known = sending->fate != FATE_PASSED;
	snprintf(sending->why, sizeof(sending->why), "rule %u did so: %s",
		 arrow->rule, arrow->verdict);
}

/* Both ends were seen: what left and did not come was lost between them. */
static void learn_way(struct sending *sending)
{
	const struct ladder_arrow *arrow = sending->arrow;

	if (arrow->fault || !arrow->out)
		return;
	if (!arrow->in) {
		sending->fate = FATE_LOST;
		snprintf(sending->why, sizeof(sending->why),
			 "it left, and did not come");
	} else if (arrow->in - arrow->out > flight) {
		sending->fate = FATE_LATE;
		sending->span = arrow->in - arrow->out;
		snprintf(sending->why, sizeof(sending->why),
			 "it was on its way for %.0f ms", sending->span / 1e6);
	}
	sending->known = sending->fate != FATE_PASSED;
}

static void learn(struct history *history, const struct ladder_arrow *arrow)
{
	const struct ladder *ladder = history->ladder;
	struct sending *sending = history_add(history);

	sending->arrow = arrow;
	sending->from = arrow->from;
	sending->classes = classes_of(ladder, arrow);
	sending->t = time_of(arrow);
	sending->sent = arrow->out ? arrow->out : arrow->in;
	sending->copy = arrow->copy || made_from(ladder, arrow);
	if (sending->copy)
		return;
	learn_fault(sending, ladder);
	if (is_two_ended(ladder))
		learn_way(sending);
}

static int by_sent(const void *left, const void *right)
{
	const struct sending *a = left, *b = right;

	if (a->sent != b->sent)
		return a->sent < b->sent ? -1 : 1;
	return a->arrow < b->arrow ? -1 : a->arrow > b->arrow;
}

/**
 * history_build() - find out what became of each segment of a close
 * @history: set; it points into @ladder
 * @ladder: the close, as it was seen at one place or at several
 * @until: time of the last record of it, ns
 */
void history_build(struct history *history, const struct ladder *ladder,
		   u64 until)
{
	memset(history, 0, sizeof(*history));
	history->ladder = ladder;
	history->until = until;
	history->begin = ladder->arrows ? time_of(&ladder->arrow[0]) : until;
	for (int end = END_A; end <= END_B; end++)
		history->hidden[end] = !ladder->seen[end];
	for (size_t i = 0; i < ladder->arrows; i++)
		learn(history, &ladder->arrow[i]);
	if (!is_two_ended(ladder))
		history_infer(history);
	if (history->count)
		qsort(history->sending, history->count,
		      sizeof(*history->sending), by_sent);
}

/**
 * history_free() - forget a history
 * @history: it
 */
void history_free(struct history *history)
{
	free(history->sending);
	memset(history, 0, sizeof(*history));
}
