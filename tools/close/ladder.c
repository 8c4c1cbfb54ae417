// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ladder.h"
#include "ladder_seen.h"

static bool is_between(const struct ladder *ladder, const struct event *event)
{
	return event_is_between(event, ladder->name[END_A],
				ladder->name[END_B]);
}

/* The end a segment came from, or whose socket it is. */
static enum ladder_end end_of(const struct ladder *ladder,
			      const struct event *event)
{
	return strcmp(event->src, ladder->name[END_A]) ? END_B : END_A;
}

static const struct event *first_of(const struct log *log, const char *class)
{
	for (size_t i = 0; i < log->count; i++)
		if (event_is_segment(&log->event[i]) &&
		    (!class || list_has(log->event[i].seg, class)))
			return &log->event[i];
	return NULL;
}

static bool name_ends(struct ladder *ladder, const struct log *log)
{
	const struct event *first = first_of(log, "fin1");

	if (!first)
		first = first_of(log, NULL);
	if (!first)
		return false;
	memcpy(ladder->name[END_A], first->src, ENDPOINT);
	memcpy(ladder->name[END_B], first->dst, ENDPOINT);
	return true;
}

/*
 * Segments are told apart by what is on the wire; two that are equal there
 * are told apart by their order.
 */
static bool is_same(const struct ladder_arrow *arrow, enum ladder_end from,
		    const struct event *event)
{
	return arrow->from == from && (u32)arrow->seq == event->seq &&
	       (u32)arrow->ack == event->ack && arrow->len == event->len &&
	       !strcmp(arrow->flags, event->flags);
}

static void read_stamp(struct ladder_arrow *arrow, const struct event *event)
{
	const char *stamp = strstr(event->more, " tsval=");

	arrow->stamped = stamp && sscanf(stamp, " tsval=%u", &arrow->stamp) == 1;
}

static struct ladder_arrow *add_arrow(struct ladder *ladder,
				      enum ladder_end from,
				      const struct event *event)
{
	struct ladder_arrow *arrow = &ladder->arrow[ladder->arrows++];

	arrow->from = from;
	memcpy(arrow->seg, event->seg, sizeof(arrow->seg));
	memcpy(arrow->nth, event->nth, sizeof(arrow->nth));
	memcpy(arrow->flags, event->flags, sizeof(arrow->flags));
	memcpy(arrow->verdict, event->verdict, sizeof(arrow->verdict));
	arrow->seq = event->seq;
	arrow->ack = event->ack;
	arrow->len = event->len;
	arrow->rule = event->rule;
	read_stamp(arrow, event);
	return arrow;
}

static void judge(struct ladder_arrow *arrow, const struct event *event,
		  bool there)
{
	static const enum ladder_fault faults[VERDICTS + 1] = {
		[VERDICT_DROP] = FAULT_LOST,
		[VERDICT_DELAY] = FAULT_PARKED,
		[VERDICT_DUPLICATE] = FAULT_COPIED,
		[VERDICT_HOLD] = FAULT_PARKED,
		[VERDICT_RESET] = FAULT_LOST,
		[VERDICTS] = FAULT_OTHER,
	};
	enum verdict verdict = event_verdict(event);

	if (verdict == VERDICT_PASS)
		return;
	arrow->there = there;
	arrow->rule = event->rule;
	memcpy(arrow->verdict, event->verdict, sizeof(arrow->verdict));
	if (faults[verdict])
		arrow->fault = faults[verdict];
}

static void departs(struct ladder *ladder, enum ladder_end from,
		    const struct event *event)
{
	struct ladder_arrow *arrow = add_arrow(ladder, from, event);

	arrow->out = event->t;
	judge(arrow, event, false);
}

static bool is_waiting(const struct ladder_arrow *arrow)
{
	return arrow->fault == FAULT_PARKED && !arrow->released;
}

/**
 * ladder_is_under_way() - check that a segment is between both ends
 * @arrow: the segment
 *
 * Return: true when it neither came nor was stopped.
 */
bool ladder_is_under_way(const struct ladder_arrow *arrow)
{
	if (arrow->in || arrow->fault == FAULT_PURGED)
		return false;
	return arrow->fault != FAULT_LOST && !is_waiting(arrow);
}

static struct ladder_arrow *find(struct ladder *ladder, enum ladder_end from,
				 const struct event *event,
				 bool (*is)(const struct ladder_arrow *))
{
	for (size_t i = 0; i < ladder->arrows; i++)
		if (is_same(&ladder->arrow[i], from, event) &&
		    is(&ladder->arrow[i]))
			return &ladder->arrow[i];
	return NULL;
}

static bool was_copied(const struct ladder_arrow *arrow)
{
	return arrow->fault == FAULT_COPIED;
}

static struct ladder_arrow *add_copy(struct ladder *ladder,
				     enum ladder_end from,
				     const struct event *event)
{
	struct ladder_arrow *original = find(ladder, from, event, was_copied);
	struct ladder_arrow *copy = add_arrow(ladder, from, event);

	copy->copy = true;
	copy->fault = FAULT_COPIED;
	if (original) {
		memcpy(copy->nth, original->nth, sizeof(copy->nth));
		memcpy(copy->verdict, original->verdict,
		       sizeof(copy->verdict));
		copy->rule = original->rule;
		copy->there = original->there;
	}
	return copy;
}

static void arrives(struct ladder *ladder, enum ladder_end from,
		    const struct event *event)
{
	struct ladder_arrow *arrow = find(ladder, from, event,
					  ladder_is_under_way);

	if (!arrow && find(ladder, from, event, was_copied))
		arrow = add_copy(ladder, from, event);
	if (!arrow)
		arrow = add_arrow(ladder, from, event);
	arrow->in = event->t;
	judge(arrow, event, true);
}

/*
 * The hooks further inside judge the same segments: a loss at `input` befalls
 * one that came, a loss at `output` one that never left.
 */
static void judged_inside(struct ladder *ladder, enum ladder_end from,
			  const struct event *event)
{
	if (event->hook == HOOK_LOCAL_OUT) {
		departs(ladder, from, event);
		ladder->arrow[ladder->arrows - 1].outward = true;
		return;
	}
	if (event_verdict(event) == VERDICT_PASS)
		return;
	for (size_t i = ladder->arrows; i--;) {
		if (!is_same(&ladder->arrow[i], from, event))
			continue;
		judge(&ladder->arrow[i], event, true);
		return;
	}
}

/* What was seen at `output` still passes `out`, at once or when released. */
static bool is_outward(const struct ladder_arrow *arrow)
{
	return arrow->outward && ladder_is_under_way(arrow);
}

static bool is_passed_on(const struct ladder_arrow *arrow)
{
	return arrow->in && !arrow->out && !arrow->through;
}

static void leaves(struct ladder *ladder, enum ladder_end from,
		   const struct event *event)
{
	struct ladder_arrow *arrow = find(ladder, from, event, is_outward);

	if (arrow) {
		arrow->outward = false;
		judge(arrow, event, false);
		return;
	}
	arrow = find(ladder, from, event, is_passed_on);
	if (arrow) {
		arrow->through = true;
		judge(arrow, event, true);
		return;
	}
	departs(ladder, from, event);
}

static bool is_before_router(const struct ladder_arrow *arrow)
{
	return ladder_is_under_way(arrow) && !arrow->routed;
}

/*
 * Beside the records of an end a router's add what its rules did to a segment,
 * and those segments that the end did not record since only the other one did.
 */
static void passes(struct ladder *ladder, const struct event *event)
{
	enum ladder_end from = end_of(ladder, event);
	struct ladder_arrow *arrow;

	if (!ladder->seen[END_A] && !ladder->seen[END_B]) {
		judged_inside(ladder, from, event);
		return;
	}
	arrow = find(ladder, from, event, is_before_router);
	if (!ladder->seen[from] &&
	    (!arrow || event->hook == HOOK_PRE_ROUTING)) {
		departs(ladder, from, event);
		arrow = &ladder->arrow[ladder->arrows - 1];
	} else if (arrow) {
		judge(arrow, event, false);
	}
	if (arrow && event->hook == HOOK_POST_ROUTING)
		arrow->routed = true;
}

/* The records of a router, beside those of an end or of another router. */
static bool is_beside(const struct ladder *ladder, const struct event *event)
{
	return event->place == PLACE_ROUTER &&
	       (ladder->seen[END_A] || ladder->seen[END_B] ||
		event->source != ladder->router);
}

/* Where nothing but `forward` was recorded, it came and left there. */
static void passes_here(struct ladder *ladder, enum ladder_end from,
			const struct event *event)
{
	struct ladder_arrow *arrow = find(ladder, from, event, is_passed_on);

	if (arrow) {
		judged_inside(ladder, from, event);
		return;
	}
	arrow = add_arrow(ladder, from, event);
	arrow->in = event->t;
	arrow->through = true;
	judge(arrow, event, true);
}

static void crosses(struct ladder *ladder, const struct event *event)
{
	enum ladder_end from = end_of(ladder, event);

	if (is_beside(ladder, event)) {
		passes(ladder, event);
		return;
	}
	switch (event->hook) {
	case HOOK_POST_ROUTING:
		leaves(ladder, from, event);
		break;
	case HOOK_PRE_ROUTING:
		arrives(ladder, from, event);
		break;
	case HOOK_FORWARD:
		passes_here(ladder, from, event);
		break;
	default:
		judged_inside(ladder, from, event);
	}
}

static void meets_fate(struct ladder *ladder, const struct event *event)
{
	enum ladder_end from = end_of(ladder, event);
	struct ladder_arrow *arrow;

	arrow = event->copy ? add_copy(ladder, from, event) :
		find(ladder, from, event, is_waiting);
	if (!arrow)
		return;
	if (event->copy)
		arrow->there = !is_beside(ladder, event) &&
			       (event->hook == HOOK_PRE_ROUTING ||
				event->hook == HOOK_LOCAL_IN);
	arrow->parked = event->parked;
	if (event->copy && arrow->there)
		arrow->in = event->t;
	else if (event->copy)
		arrow->out = event->t;
	if (event_verdict(event) == VERDICT_PURGED)
		arrow->fault = FAULT_PURGED;
	arrow->released = event->t;
}

static void enters(struct ladder *ladder, enum ladder_end end,
		   const struct event *event)
{
	struct ladder_state *state = &ladder->state[ladder->states++];
	const char *name = event->to;

	if (event_is_unknown(event))
		name = LADDER_UNKNOWN;
	else if (event_is_closed(event))
		name = "CLOSED";
	state->end = end;
	state->t = event->t;
	snprintf(state->name, sizeof(state->name), "%s", name);
}

static void socket_changes(struct ladder *ladder, const struct event *event)
{
	enum ladder_end end = end_of(ladder, event);

	if (!*ladder->start[end])
		memcpy(ladder->start[end], event->from, sizeof(event->from));
	if (!event_is_hand_over(event))
		enters(ladder, end, event);
}

static void observe(struct ladder *ladder, const struct event *event)
{
	if (event->kind == EVENT_LOST)
		ladder->lost += event->lost;
	else if (!is_between(ladder, event))
		return;
	else if (event->kind == EVENT_SEGMENT)
		crosses(ladder, event);
	else if (event->kind == EVENT_OUTCOME)
		meets_fate(ladder, event);
	else
		socket_changes(ladder, event);
}

/**
 * ladder_build() - reconstruct one connection from a log
 * @ladder: the picture
 * @log: what was observed in network namespaces, by time; the connection is
 *	that of the first FIN in it
 *
 * A segment that left and one that came are the same when sequence numbers,
 * flags and length are, in order.
 *
 * Return: false when the log has no segment.
 */
bool ladder_build(struct ladder *ladder, const struct log *log)
{
	memset(ladder, 0, sizeof(*ladder));
	if (!name_ends(ladder, log))
		return false;
	ladder_find_seen(ladder, log);
	ladder->arrow = calloc(log->count, sizeof(*ladder->arrow));
	ladder->state = calloc(log->count, sizeof(*ladder->state));
	if (!ladder->arrow || !ladder->state)
		abort();
	for (size_t i = 0; i < log->count; i++)
		observe(ladder, &log->event[i]);
	ladder_mark_unseen(ladder, log);
	ladder_make_relative(ladder);
	return true;
}

/**
 * ladder_of_close() - reconstruct one of the connections in a log
 * @ladder: the picture
 * @close: the connection
 * @log: the log it was found in
 *
 * Return: false when the log has no segment of it.
 */
bool ladder_of_close(struct ladder *ladder, const struct close *close,
		     const struct log *log)
{
	struct log part = { 0 };
	bool built;

	close_log(close, log, 0, (size_t)-1, &part);
	built = ladder_build(ladder, &part);
	log_free(&part);
	return built;
}

/**
 * ladder_free() - forget a picture
 * @ladder: the picture
 */
void ladder_free(struct ladder *ladder)
{
	free(ladder->arrow);
	free(ladder->state);
	memset(ladder, 0, sizeof(*ladder));
}

/**
 * ladder_state_find() - find when an end first came into a state
 * @ladder: the picture
 * @end: which end
 * @name: the state
 *
 * Return: that change, or NULL when it did not happen.
 */
const struct ladder_state *ladder_state_find(const struct ladder *ladder,
					     enum ladder_end end,
					     const char *name)
{
	for (size_t i = 0; i < ladder->states; i++)
		if (ladder->state[i].end == end &&
		    !strcmp(ladder->state[i].name, name))
			return &ladder->state[i];
	return NULL;
}
