// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "ladder.h"
#include "made.h"
#include "tally.h"

static void count_arrows(struct tally *tally, const struct ladder *ladder)
{
	for (size_t i = 0; i < ladder->arrows; i++) {
		const struct ladder_arrow *arrow = &ladder->arrow[i];
		bool made = made_from(ladder, arrow);

		tally->made += made;
		tally->copies += arrow->copy;
		tally->segments += !arrow->copy && !made;
		tally->parked += !arrow->copy && arrow->parked;
		tally->lost += arrow->fault == FAULT_LOST ||
			       arrow->fault == FAULT_PURGED;
	}
}

static bool is_at(const struct tally_fault *fault, const char *local)
{
	if (!local || !fault->local)
		return local == fault->local;
	return !strcmp(local, fault->local);
}

static void count_fault(struct tally *tally, size_t *room,
			const struct event *event)
{
	const char *local = event_local(event);
	struct tally_fault *fault;

	for (size_t i = 0; i < tally->faults; i++) {
		fault = &tally->fault[i];
		if (fault->rule == event->rule && is_at(fault, local) &&
		    !strcmp(fault->verdict, event->verdict)) {
			fault->count++;
			return;
		}
	}
	tally->fault = grow(tally->fault, tally->faults, room,
			    sizeof(*tally->fault));
	tally->fault[tally->faults++] = (struct tally_fault){
		event->verdict, event->rule, local, 1
	};
}

static void count_faults(struct tally *tally, const struct close *close,
			 const struct log *log)
{
	size_t room = 0;

	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event->kind == EVENT_SEGMENT && event->rule &&
		    event_verdict(event) != VERDICT_PASS)
			count_fault(tally, &room, event);
	}
}

/**
 * tally_close() - count what happened in a close, and judge it
 * @tally: filled in; its texts are those of @log
 * @closes: the closes of the log
 * @index: which of them
 * @log: the log
 * @ladder: the same close
 */
void tally_close(struct tally *tally, const struct closes *closes,
		 size_t index, const struct log *log,
		 const struct ladder *ladder)
{
	const struct close *close = &closes->close[index];

	memset(tally, 0, sizeof(*tally));
	tally->begin = close_begin(close, log);
	if (tally->begin)
		tally->took = log->event[close->event[close->count - 1]].t -
			      tally->begin;
	count_arrows(tally, ladder);
	count_faults(tally, close, log);
	for (size_t i = 0; i < JUDGE_ENDS; i++) {
		tally->end[i] = judge_log(closes, index, i, log);
		if (tally->end[i].result > tally->result)
			tally->result = tally->end[i].result;
	}
}

/**
 * tally_free() - forget a tally
 * @tally: it
 */
void tally_free(struct tally *tally)
{
	free(tally->fault);
	memset(tally, 0, sizeof(*tally));
}
