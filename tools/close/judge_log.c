// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings the ends of a connection before the judge, and finds the reasons why a
 * log says too little.
 */
#include <stdlib.h>
#include <string.h>

#include "judge_log.h"
#include "judge_story.h"

JUDGE_RULE(lost, UNDECIDED, "lost", "",
	   "records were lost");
JUDGE_RULE(gap, UNDECIDED, "gap", "",
	   "a transmission is not in the log");
JUDGE_RULE(twice, UNDECIDED, "twice", "",
	   "a transmission is in the log twice: more than two namespaces?");
JUDGE_RULE(stray, UNDECIDED, "stray", "",
	   "a segment came that was not seen to leave");
JUDGE_RULE(forwarded, UNDECIDED, "forwarded", "",
	   "it was only seen on its way");
JUDGE_RULE(unseen, UNDECIDED, "unseen", "",
	   "its socket has other addresses than its segments: they are translated");
JUDGE_RULE(strange, UNDECIDED, "verdict", "",
	   "a rule did something that this tool does not know");
JUDGE_RULE(soon, UNDECIDED, "soon", "",
	   "the addresses had been used shortly before: whose segments are they?");

static const char * const counted[] = { "fin1", "ack1", "fin2", "ack2" };

/* The kernel counts each class at each crossing, from 1. */
static const struct judge_rule *
count_class(unsigned int *count, const struct event *event, const char *class)
{
	const char *seg = event->seg, *nth = event->nth;
	size_t size = strlen(class);
	unsigned int number;

	while (*seg && *nth) {
		size_t length = strcspn(seg, ",");

		if (length == size && !strncmp(seg, class, size)) {
			number = strtoul(nth, NULL, 10);
			if (number <= *count)
				return &twice;
			if (number > ++*count)
				return &gap;
		}
		seg += length + (seg[length] == ',');
		nth += strcspn(nth, ",");
		nth += *nth == ',';
	}
	return NULL;
}

static const struct judge_rule *miscounted(const struct close *close,
					   const struct log *log,
					   const char *name)
{
	unsigned int count[HOOKS][4] = { 0 };
	const struct judge_rule *rule;

	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];
		const char *local = event_local(event);

		if (event->kind != EVENT_SEGMENT || !local || strcmp(local, name))
			continue;
		for (int j = 0; j < 4; j++) {
			rule = count_class(&count[event->hook][j], event,
					   counted[j]);
			if (rule)
				return rule;
		}
	}
	return NULL;
}

/* What comes may be a part of what left: a FIN is cut off the data before it. */
static bool carries(const struct event *whole, const struct event *part)
{
	u32 end = whole->seq + whole->len, last = part->seq + part->len;

	if (!part->len && !strchr(part->flags, 'F'))
		return judge_is_same(whole, part);
	return !strcmp(whole->src, part->src) &&
	       (s32)(part->seq - whole->seq) >= 0 && (s32)(end - last) >= 0;
}

static bool leaves(const struct close *close, const struct log *log,
		   size_t from, size_t to, const struct event *segment)
{
	const u64 on_its_way = 1000000;

	for (size_t i = from; i < to; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event->t > segment->t + on_its_way)
			break;
		if (event_is_segment(event) &&
		    (event->hook == HOOK_POST_ROUTING ||
		     event->hook == HOOK_LOCAL_OUT) &&
		    carries(event, segment))
			return true;
	}
	return false;
}

/*
 * RSTs may be the module's own. What comes first and leaves afterwards is on
 * its way through a router. Payload is cut up and put together on its way.
 */
static const struct judge_rule *strayed(const struct close *close,
					const struct log *log)
{
	const struct judge_rule *rule = NULL;

	if (close->ends < 2)
		return NULL;
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event->kind != EVENT_SEGMENT ||
		    event->hook != HOOK_PRE_ROUTING ||
		    strchr(event->flags, 'R') || strchr(event->flags, 'S') ||
		    leaves(close, log, 0, i, event))
			continue;
		if (strchr(event->flags, 'F') &&
		    leaves(close, log, i + 1, close->count, event))
			return &forwarded;
		if (!event->len)
			rule = &stray;
	}
	return rule;
}

static bool is_strange(const struct close *close, const struct log *log)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event_is_segment(event) && event_verdict(event) == VERDICTS)
			return true;
	}
	return false;
}

static const struct judge_rule *miscounted_any(const struct close *close,
					       const struct log *log)
{
	const struct judge_rule *rule = NULL;

	for (size_t i = 0; i < close->ends && !rule; i++)
		rule = miscounted(close, log, close->end[i].name);
	return rule;
}

/* Who sees both ends on its way sees each transmission twice. */
static bool is_mixed(const struct close *close, const struct log *log,
		     bool on_the_way)
{
	return on_the_way &&
	       (judge_has_socket(close, log, close->name[0]) ||
		judge_has_socket(close, log, close->name[1]));
}

static const struct judge_rule *doubt_far(const struct close *close,
					  const struct log *log,
					  const struct judge_rule *path)
{
	if (is_mixed(close, log, close->forwarded || path == &forwarded))
		return &forwarded;
	return miscounted_any(close, log);
}

/* The states of a socket from before its first FIN on. */
static bool is_whole(const struct close *close, const struct log *log,
		     const char *name)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];

		if (event->kind == EVENT_SOCKET && event->flow &&
		    !strcmp(event->src, name))
			return judge_state(event->from) == STATE_ESTABLISHED;
	}
	return false;
}

/* A socket, and from its first FIN on not one segment from or to it. */
static bool is_unseen(const struct close *close, const struct log *log,
		      const char *name)
{
	for (size_t i = 0; i < close->count; i++)
		if (event_is_segment(&log->event[close->event[i]]))
			return false;
	return is_whole(close, log, name);
}

static const struct judge_rule *doubt(const struct closes *closes,
				      const struct close *close,
				      const struct log *log,
				      const struct judge_story *story)
{
	const struct judge_rule *path = strayed(close, log), *rule;

	if (closes->lost)
		return &lost;
	if (is_strange(close, log))
		return &strange;
	if (close->soon)
		return &soon;
	if (story->place != JUDGE_HERE)
		return doubt_far(close, log, path);
	if (close->forwarded || path == &forwarded)
		return &forwarded;
	if (is_unseen(close, log, story->name))
		return &unseen;
	rule = miscounted(close, log, story->name);
	return rule ? rule : path;
}

static size_t address_size(const char *name)
{
	const char *port = strrchr(name, ':');

	return port ? (size_t)(port - name) : strlen(name);
}

/*
 * A flow is watched as long as there are records of it, or of later flows of
 * the same place; one that was only seen on its way, as long as the log is.
 */
static u64 watched_until(const struct close *close, const char *name,
			 const struct log *log)
{
	u64 until = log->event[close->event[close->count - 1]].t;
	const struct close_end *end = close->end;
	size_t size;

	if (!close->ends || !end->seen)
		return log->event[log->count - 1].t;
	if (close->ends == 2 && !strcmp(end[1].name, name))
		end++;
	size = address_size(end->name);

	for (size_t i = log->count; i--;) {
		const struct event *event = &log->event[i];
		const char *local = event_local(event);

		if (event->t <= until)
			break;
		if (local && event->flow > end->flow &&
		    address_size(local) == size &&
		    !strncmp(local, end->name, size))
			return event->t;
	}
	return until;
}

/* A FIN on the SYN-ACK is the one only if no other is there: it may be missed. */
static void find_peer_fin(struct judge_end *end, const struct close *close,
			  const struct log *log, const char *name)
{
	for (size_t i = 0; i < close->count; i++) {
		const struct event *event = &log->event[close->event[i]];
		bool syn = strchr(event->flags, 'S');

		if (!event_is_segment(event) || strcmp(event->dst, name) ||
		    !strchr(event->flags, 'F') || (syn && end->peer_fin))
			continue;
		end->peer_fin = true;
		end->peer_fin_end = event->seq + event->len + 1 + syn;
		if (!syn)
			return;
	}
}

static struct end_verdict explain(const struct judge_verdict *found,
				  const struct judge_story *story)
{
	struct end_verdict verdict = {
		.result = found->result,
		.rule = found->rule,
		.notes = found->notes,
	};

	if (found->rule && story->count) {
		verdict.event = story->from[found->at];
		verdict.place = story->event[found->at].origin;
	}
	for (size_t i = 0; i < found->notes; i++)
		verdict.note[i] = (struct end_note){
			found->note[i].rule, story->from[found->note[i].at]
		};
	return verdict;
}

/* Hooks see both directions; a capture may have been made where one passes. */
static bool is_one_way(const struct judge_story *story)
{
	if (story->place != JUDGE_FAR || story->enters != HOOK_FORWARD)
		return false;
	for (size_t i = 0; i < story->count; i++)
		if (story->event[i].kind == JUDGE_CAME)
			return false;
	return true;
}

/* A close is under way when the log begins: later ones have other flows. */
static bool may_be_late(const struct closes *closes, size_t index,
			const char *name)
{
	const struct close *close = &closes->close[index];
	size_t at = close->ends == 2 && !strcmp(close->end[1].name, name);

	for (size_t i = index + 1; i < closes->count; i++)
		for (size_t j = 0; j < closes->close[i].ends; j++)
			if (closes->close[i].end[j].flow ==
			    close->end[at].flow &&
			    !strcmp(closes->close[i].end[j].name, name))
				return false;
	return true;
}

static struct end_verdict judge_story(const struct judge_story *story,
				      const struct closes *closes, size_t index,
				      const struct log *log, bool whole)
{
	const struct close *close = &closes->close[index];
	const char *peer = close->name[!strcmp(close->name[0], story->name)];
	struct judge_end known = {
		.event = story->event,
		.count = story->count,
		.place = story->place,
		.until = watched_until(close, story->name, log),
		.whole = whole,
		.late = may_be_late(closes, index, story->name),
		.witnessed = judge_has_socket(close, log, peer),
		.one_way = is_one_way(story),
	};
	struct judge_verdict found;

	if (story->place != JUDGE_HERE)
		known.whole = whole && is_whole(close, log, peer);
	find_peer_fin(&known, close, log, story->name);
	found = judge(&known);
	return explain(&found, story);
}

/**
 * judge_name() - name an end of a connection
 * @close: the connection
 * @end: 0 or 1; those that were watched where they are come first
 *
 * Return: its address and port.
 */
const char *judge_name(const struct close *close, size_t end)
{
	if (end < close->ends)
		return close->end[end].name;
	if (!close->ends)
		return close->name[end];
	return close->name[!strcmp(close->name[0], close->end[0].name)];
}

/**
 * judge_log() - judge one end of a connection
 * @closes: the connections in the log
 * @index: which of them
 * @end: which of its ends, as judge_name() counts them
 * @log: the log
 *
 * When a log is known to be incomplete by the kernel's own account, nothing
 * that is missing in it is held against anyone. A record that is missing
 * without such account leaves undecided what the judge finds no fault with.
 *
 * Return: the verdict. @event points into @log.
 */
struct end_verdict judge_log(const struct closes *closes, size_t index,
			     size_t end, const struct log *log)
{
	const struct close *close = &closes->close[index];
	struct end_verdict verdict = { 0 };
	const struct judge_rule *reason;
	struct judge_story story;

	judge_story_tell(&story, close, log, judge_name(close, end));
	reason = doubt(closes, close, log, &story);
	if (!reason || reason == &gap || reason == &stray)
		verdict = judge_story(&story, closes, index, log,
				      reason != &gap);
	judge_story_free(&story);
	if (reason && verdict.result == JUDGE_OK) {
		verdict.result = JUDGE_UNDECIDED;
		verdict.rule = reason;
	}
	return verdict;
}
