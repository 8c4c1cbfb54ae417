// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "watched.h"

static const u64 s = 1000000000;
static const u64 settle = 200000000;

/* Longer than TIME_WAIT and than the pause between two retransmissions. */
enum { SILENT_S = 130 };

/**
 * watched_init() - begin without a close
 * @set: where they will be
 */
void watched_init(struct watched_set *set)
{
	memset(set, 0, sizeof(*set));
	TAILQ_INIT(&set->under_way);
	TAILQ_INIT(&set->over);
	TAILQ_INIT(&set->past);
}

static unsigned int hash(const char *name)
{
	unsigned int sum = 5381;

	while (*name)
		sum = sum * 33 + (unsigned char)*name++;
	return sum;
}

/* The same for both directions. */
static struct watched **bucket_of(struct watched_set *set, const char *a,
				  const char *b)
{
	return &set->bucket[(hash(a) + hash(b)) % WATCHED_BUCKETS];
}

/* A number of its own in this namespace is another incarnation. */
static struct watched *find(struct watched_set *set, int view,
			    const struct event *event)
{
	struct watched *found = NULL;
	struct watched *one = *bucket_of(set, event->src, event->dst);

	for (; one; one = one->chain) {
		if (!event_is_between(event, one->end[0].name,
				      one->end[1].name))
			continue;
		if (one->id[view] == event->flow)
			return one;
		if (!one->id[view] && one->phase == WATCHED_UNDER_WAY &&
		    (!found || one->serial > found->serial))
			found = one;
	}
	return found;
}

static struct watched_queue *queue_of(struct watched_set *set,
				      const struct watched *one)
{
	switch (one->phase) {
	case WATCHED_UNDER_WAY:
		return &set->under_way;
	case WATCHED_OVER:
		return &set->over;
	default:
		return &set->past;
	}
}

static void enqueue(struct watched_set *set, struct watched *one,
		    enum watched_phase phase)
{
	one->phase = phase;
	TAILQ_INSERT_TAIL(queue_of(set, one), one, place);
}

static void requeue(struct watched_set *set, struct watched *one,
		    enum watched_phase phase)
{
	TAILQ_REMOVE(queue_of(set, one), one, place);
	enqueue(set, one, phase);
}

static void text_free(struct watched_set *set, struct watched *one)
{
	set->bytes -= one->room;
	free(one->text);
	one->text = NULL;
	one->length = 0;
	one->room = 0;
}

static void forget(struct watched_set *set, struct watched *one)
{
	text_free(set, one);
	set->kept--;
	requeue(set, one, WATCHED_PAST);
}

/* Return: false when there is none that may be forgotten. */
static bool forget_oldest(struct watched_set *set)
{
	struct watched *one = TAILQ_FIRST(&set->over);

	if (one && one == set->keep)
		one = TAILQ_NEXT(one, place);
	if (one)
		forget(set, one);
	return one;
}

static void unchain(struct watched_set *set, struct watched *one)
{
	struct watched **at = bucket_of(set, one->end[0].name,
					one->end[1].name);

	while (*at && *at != one)
		at = &(*at)->chain;
	if (*at)
		*at = one->chain;
}

static struct watched *make_room(struct watched_set *set)
{
	struct watched *one;

	if (set->used < WATCHED)
		return &set->one[set->used++];
	if (TAILQ_EMPTY(&set->past) && !forget_oldest(set))
		return NULL;
	one = TAILQ_FIRST(&set->past);
	TAILQ_REMOVE(&set->past, one, place);
	unchain(set, one);
	memset(one, 0, sizeof(*one));
	return one;
}

/*
 * Numbers of flows rise. What found no room once is not followed later, when
 * its beginning is missing.
 */
static struct watched *begin(struct watched_set *set, int view,
			     const struct event *event)
{
	struct watched *one, **bucket;

	if (event->flow <= set->top[view])
		return NULL;
	one = make_room(set);
	if (!one) {
		set->top[view] = event->flow;
		set->missed[view]++;
		return NULL;
	}
	memcpy(one->end[0].name, event->src, ENDPOINT);
	memcpy(one->end[1].name, event->dst, ENDPOINT);
	one->end[0].view = -1;
	one->end[1].view = -1;
	one->serial = ++set->serial;
	one->first = event->t;
	one->lost = set->lost;
	bucket = bucket_of(set, event->src, event->dst);
	one->chain = *bucket;
	*bucket = one;
	enqueue(set, one, WATCHED_UNDER_WAY);
	return one;
}

static bool grow_text(struct watched_set *set, struct watched *one, size_t size)
{
	size_t room = one->room ? one->room + one->room / 2 : 1024;
	char *text;

	while (room < size)
		room += room / 2;
	while (set->bytes + room - one->room > WATCHED_BYTES)
		if (one->phase != WATCHED_UNDER_WAY || !forget_oldest(set))
			return false;
	text = realloc(one->text, room);
	if (!text)
		return false;
	set->bytes += room - one->room;
	one->text = text;
	one->room = room;
	return true;
}

static void keep_line(struct watched_set *set, struct watched *one,
		      const char *line)
{
	size_t size = one->length + strlen(line) + 2;

	if (one->phase == WATCHED_PAST)
		return;
	if (one->cut || size > WATCHED_CLOSE_BYTES ||
	    (size > one->room && !grow_text(set, one, size))) {
		one->cut = true;
		return;
	}
	one->length += sprintf(one->text + one->length, "%s\n", line);
}

static void set_state(struct watched_end *end, const char *state)
{
	snprintf(end->state, sizeof(end->state), "%s", state);
}

static void socket_changes(struct watched *one, int view,
			   const struct event *event)
{
	struct watched_end *end = &one->end[strcmp(event->src,
						   one->end[0].name) != 0];

	end->view = view;
	end->gone = event_is_closed(event);
	set_state(end, end->gone ? "CLOSED" : event->to);
}

/* As in its ladder: A sent the first FIN; without one, the first segment. */
static void name_ends(struct watched *one, const struct event *event)
{
	bool fin = list_has(event->seg, "fin1");

	if (one->fin || (one->segment && !fin))
		return;
	if (strcmp(event->src, one->end[0].name)) {
		struct watched_end end = one->end[0];

		one->end[0] = one->end[1];
		one->end[1] = end;
	}
	one->segment = true;
	one->fin = fin;
}

static void segment_crosses(struct watched *one, const struct event *event)
{
	enum verdict verdict = event_verdict(event);

	name_ends(one, event);
	if (verdict == VERDICT_PASS)
		return;
	one->faults++;
	one->parked += verdict == VERDICT_DELAY || verdict == VERDICT_HOLD;
}

/* Is it one of those that are counted? With flow= that may turn out late. */
static void count(struct watched_set *set, struct watched *one, bool before)
{
	if (one->phase == WATCHED_UNDER_WAY)
		set->count += watched_is_wanted(set, one) - before;
}

/**
 * watched_take() - take a record into account
 * @set: the closes
 * @view: number of the namespace it came from
 * @event: the record
 * @line: its text
 *
 * Return: the close it is about; NULL when it is about none, or about one that
 * there is no room for.
 */
struct watched *watched_take(struct watched_set *set, int view,
			     const struct event *event, const char *line)
{
	struct watched *one;
	bool before;

	if (event->kind == EVENT_LOST)
		set->lost += event->lost;
	if (event->kind == EVENT_LOST)
		return NULL;
	one = find(set, view, event);
	before = one && watched_is_wanted(set, one);
	if (!one)
		one = begin(set, view, event);
	if (!one)
		return NULL;
	one->id[view] = event->flow;
	count(set, one, before);
	if (event->t > one->last)
		one->last = event->t;
	if (event->kind == EVENT_SOCKET)
		socket_changes(one, view, event);
	else if (event->kind == EVENT_SEGMENT)
		segment_crosses(one, event);
	else if (!event->copy && one->parked)
		one->parked--;
	keep_line(set, one, line);
	return one;
}

/**
 * watched_state() - record the state of an end that has told nothing yet
 * @set: the closes
 * @one: the close
 * @end: the end
 * @now: when inet_diag showed it, ns
 * @state: the state
 */
void watched_state(struct watched_set *set, struct watched *one, int end,
		   u64 now, const char *state)
{
	struct watched_end *e = &one->end[end];
	char line[256];

	snprintf(line, sizeof(line),
		 "sk t=%llu flow=0 src=%s dst=%s from=%s to=%s socket=full cause=-",
		 now, e->name, one->end[!end].name, state, state);
	keep_line(set, one, line);
	one->last = now;
	set_state(e, state);
}

/**
 * watched_is_wanted() - check that a close is to be shown
 * @set: the closes
 * @one: the close
 *
 * Return: true when it is, false when flow= asks for another one.
 */
bool watched_is_wanted(const struct watched_set *set,
		       const struct watched *one)
{
	return !set->flow || one->id[0] == set->flow;
}

/**
 * watched_is_over() - check that nothing of a close is left
 * @one: the close
 *
 * Return: true when no socket is, as far as can be seen.
 */
bool watched_is_over(const struct watched *one)
{
	bool seen = false;

	for (int i = 0; i < 2; i++) {
		if (one->end[i].view < 0)
			continue;
		if (!one->end[i].gone)
			return false;
		seen = true;
	}
	return seen;
}

/* Where no socket is seen, as on a router, silence says that it is over. */
static bool is_finished(const struct watched *one, u64 now)
{
	u64 silent = now > one->last ? now - one->last : 0;

	if (watched_is_over(one))
		return silent >= settle &&
		       (!one->parked || silent >= SILENT_S * s);
	return one->end[0].view < 0 && one->end[1].view < 0 && !one->parked &&
	       silent >= SILENT_S * s;
}

/* The state that an end was in already says nothing to the judge. */
static void drop_starts(struct log *log)
{
	size_t kept = 0;

	for (size_t i = 0; i < log->count; i++)
		if (log->event[i].kind != EVENT_SOCKET || log->event[i].flow)
			log->event[kept++] = log->event[i];
	log->count = kept;
}

static void judge_closes(struct watched *one, const struct closes *closes,
			 const struct log *log)
{
	for (size_t i = 0; i < closes->count; i++)
		for (size_t j = 0; j < JUDGE_ENDS; j++) {
			struct end_verdict verdict = judge_log(closes, i, j,
							       log);

			if (verdict.result <= one->verdict.result)
				continue;
			one->verdict = verdict;
			one->judged = strcmp(judge_name(&closes->close[i], j),
					     one->end[0].name) != 0;
		}
}

static void judge_one(struct watched_set *set, struct watched *one)
{
	struct log log = { 0 };
	struct closes closes;

	watched_log(set, one, &log);
	drop_starts(&log);
	closes_split(&closes, &log);
	judge_closes(one, &closes, &log);
	one->verdict.event = NULL;
	if (!closes.count || (one->cut &&
			      one->verdict.result == JUDGE_OK))
		one->verdict.result = JUDGE_UNDECIDED;
	closes_free(&closes);
	log_free(&log);
}

static void finish(struct watched_set *set, struct watched *one, u64 now)
{
	bool wanted = watched_is_wanted(set, one);

	if (wanted)
		judge_one(set, one);
	one->lost = set->lost - one->lost;
	one->over = now;
	requeue(set, one, WATCHED_OVER);
	set->kept++;
	set->count -= wanted;
	set->finished[one->verdict.result] += wanted;
}

static void forget_some(struct watched_set *set, u64 now)
{
	struct watched *one = TAILQ_FIRST(&set->over), *next;

	for (; one; one = next) {
		next = TAILQ_NEXT(one, place);
		if (one == set->keep)
			continue;
		if (set->kept <= WATCHED_FINISHED &&
		    now < one->over + WATCHED_FINISHED_S * s)
			break;
		forget(set, one);
	}
}

/**
 * watched_sweep() - find the closes that have finished, and judge them
 * @set: the closes
 * @now: the time, ns
 * @finished: called for each that is wanted, while its records are still
 *	there; or NULL
 * @arg: for that function
 *
 * Those that finished long ago are forgotten.
 */
void watched_sweep(struct watched_set *set, u64 now, watched_fn *finished,
		   void *arg)
{
	struct watched *one = TAILQ_FIRST(&set->under_way), *next;

	for (; one; one = next) {
		next = TAILQ_NEXT(one, place);
		if (!is_finished(one, now))
			continue;
		finish(set, one, now);
		if (finished && watched_is_wanted(set, one))
			finished(one, arg);
	}
	forget_some(set, now);
}

/**
 * watched_log() - get the records of a close
 * @set: the closes
 * @one: the close
 * @log: they are put here, by time
 */
void watched_log(const struct watched_set *set, const struct watched *one,
		 struct log *log)
{
	u64 lost = one->phase == WATCHED_UNDER_WAY ? set->lost - one->lost :
						     one->lost;
	char *text = strndup(one->text ? one->text : "", one->length);
	char *rest = text, *line;

	if (!text)
		abort();
	memset(log, 0, sizeof(*log));
	while ((line = record_line(&rest)))
		log_line(log, line);
	free(text);
	if (lost) {
		struct event *event = log_add(log);

		event->kind = EVENT_LOST;
		event->lost = lost;
	}
	log->both = set->both;
	log_sort(log);
}

/**
 * watched_missed() - count the closes that found no room
 * @set: the closes
 *
 * Return: their number; one that is seen in both namespaces counts once.
 */
u64 watched_missed(const struct watched_set *set)
{
	return set->missed[0] > set->missed[1] ? set->missed[0] :
						 set->missed[1];
}

/**
 * watched_free() - forget all closes
 * @set: the closes
 */
void watched_free(struct watched_set *set)
{
	for (size_t i = 0; i < set->used; i++)
		free(set->one[i].text);
	watched_init(set);
}
