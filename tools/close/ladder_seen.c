// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "ladder_seen.h"

static bool is_of(const struct ladder *ladder, const struct event *event)
{
	return event_is_between(event, ladder->name[END_A],
				ladder->name[END_B]);
}

static bool is_evidence(const struct ladder *ladder, enum ladder_end end,
			const struct event *event)
{
	bool own = !strcmp(event->src, ladder->name[end]);

	if (event->kind == EVENT_SOCKET)
		return own;
	if (!event_is_segment(event))
		return false;
	return own == (event->hook == HOOK_POST_ROUTING ||
		       event->hook == HOOK_LOCAL_OUT);
}

/**
 * ladder_find_seen() - find the ends that were seen where they are
 * @ladder: a ladder with the names of its ends; @seen and @router are set
 * @log: the observations
 */
void ladder_find_seen(struct ladder *ladder, const struct log *log)
{
	bool routed = false;

	for (size_t i = 0; i < log->count; i++) {
		const struct event *event = &log->event[i];

		if (event->kind == EVENT_LOST || !is_of(ladder, event))
			continue;
		if (event->place == PLACE_ROUTER) {
			ladder->router = routed ? ladder->router :
				event->source;
			routed = true;
			continue;
		}
		for (int end = END_A; end <= END_B; end++)
			ladder->seen[end] |= is_evidence(ladder, end, event);
	}
}

/* Of a router alone: it saw both ends, if something came from them. */
static bool is_observed(const struct ladder *ladder, enum ladder_end end,
			const struct log *log)
{
	if (log->both || ladder->seen[end] || ladder->seen[!end])
		return log->both || ladder->seen[end];
	for (size_t i = 0; i < log->count; i++)
		if (is_of(ladder, &log->event[i]) &&
		    is_evidence(ladder, end, &log->event[i]))
			return true;
	return false;
}

/**
 * ladder_mark_unseen() - mark the arrows to an end that nobody observed
 * @ladder: the ladder with its arrows
 * @log: the observations
 */
void ladder_mark_unseen(struct ladder *ladder, const struct log *log)
{
	bool observed[2] = {
		is_observed(ladder, END_A, log),
		is_observed(ladder, END_B, log),
	};

	bool before[2] = { false };

	for (size_t i = 0; i < ladder->arrows; i++)
		if (seg_is_early(ladder->arrow[i].seg) && ladder->arrow[i].in)
			before[!ladder->arrow[i].from] = true;
	for (size_t i = 0; i < ladder->arrows; i++) {
		struct ladder_arrow *arrow = &ladder->arrow[i];
		enum ladder_end to = !arrow->from;

		arrow->unseen = !observed[to] ||
				(seg_is_early(arrow->seg) && !before[to]);
	}
}

/**
 * ladder_make_relative() - count each end's numbers from its first
 * @ladder: the ladder; @seq and @ack of its arrows are as on the wire, and are
 *	set
 */
void ladder_make_relative(struct ladder *ladder)
{
	u32 base[2] = { 0 };
	bool seen[2] = { false };

	for (size_t i = 0; i < ladder->arrows; i++) {
		struct ladder_arrow *arrow = &ladder->arrow[i];

		if (!seen[arrow->from])
			base[arrow->from] = arrow->seq;
		seen[arrow->from] = true;
		if (!seen[!arrow->from] && strchr(arrow->flags, 'A')) {
			base[!arrow->from] = arrow->ack;
			seen[!arrow->from] = true;
		}
	}
	for (size_t i = 0; i < ladder->arrows; i++) {
		struct ladder_arrow *arrow = &ladder->arrow[i];

		arrow->seq -= base[arrow->from];
		arrow->ack -= base[!arrow->from];
	}
}
