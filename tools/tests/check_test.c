// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge finds no fault in real closes, and finds every fault that is
 * planted in them. The faults are planted mechanically, wherever possible: each
 * is one that a stack might commit, not just a damaged file.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge_log.h"
#include "log_file.h"

static const u64 ms = 1000000;
static const u64 s = 1000000000;

static enum judge_result judge_all(struct log *log, const char **why)
{
	enum judge_result worst = JUDGE_OK;
	struct closes closes;

	closes_split(&closes, log);
	for (size_t i = 0; i < closes.count; i++) {
		for (size_t j = 0; j < JUDGE_ENDS; j++) {
			struct end_verdict v = judge_log(&closes, i, j, log);

			if (v.result <= worst)
				continue;
			worst = v.result;
			*why = v.rule->name;
		}
	}
	closes_free(&closes);
	return worst;
}

static bool is_segment(const struct event *e)
{
	return e->kind == EVENT_SEGMENT || e->kind == EVENT_OUTCOME;
}

static bool has(const struct event *e, char flag)
{
	return is_segment(e) && strchr(e->flags, flag);
}

/* What an end sends leaves its own namespace, and enters a router. */
static bool at_router;

static bool is_sent(const struct event *e)
{
	return e->kind == EVENT_SEGMENT &&
	       e->hook == (at_router ? HOOK_PRE_ROUTING : HOOK_POST_ROUTING);
}

static bool is_came(const struct event *e)
{
	if (e->hook != (at_router ? HOOK_POST_ROUTING : HOOK_PRE_ROUTING))
		return false;
	return (e->kind == EVENT_SEGMENT &&
		(!strcmp(e->verdict, "pass") ||
		 !strcmp(e->verdict, "duplicate"))) ||
	       (e->kind == EVENT_OUTCOME && !strcmp(e->verdict, "released"));
}

static u32 end_of(const struct event *e)
{
	return e->seq + e->len + !!strchr(e->flags, 'F');
}

static bool is_same(const struct event *a, const struct event *b)
{
	return is_segment(a) && is_segment(b) && a->seq == b->seq &&
	       a->ack == b->ack && a->len == b->len &&
	       !strcmp(a->flags, b->flags) && !strcmp(a->src, b->src);
}

/* Return the first FIN of an end. */
static const struct event *fin_of(const struct log *log, const char *src)
{
	for (size_t i = 0; i < log->count; i++)
		if (is_sent(&log->event[i]) && has(&log->event[i], 'F') &&
		    !strcmp(log->event[i].src, src))
			return &log->event[i];
	return NULL;
}

static bool covers(const struct log *log, const struct event *e)
{
	const struct event *fin = fin_of(log, e->dst);

	return has(e, 'A') && fin && (s32)(e->ack - end_of(fin)) >= 0;
}

static void forget(struct log *log, size_t at)
{
	memmove(&log->event[at], &log->event[at + 1],
		(log->count - at - 1) * sizeof(*log->event));
	log->count--;
}

static bool is_change(const struct event *e)
{
	return e->kind == EVENT_SOCKET && !event_is_hand_over(e);
}

static const struct event *next_change(const struct log *log, size_t at)
{
	const struct event *e = &log->event[at];

	for (size_t i = at + 1; i < log->count; i++)
		if (is_change(&log->event[i]) &&
		    !strcmp(log->event[i].src, e->src))
			return &log->event[i];
	return NULL;
}

static const struct event *last_change(const struct log *log, size_t at)
{
	for (size_t i = at; i--;)
		if (is_change(&log->event[i]) &&
		    !strcmp(log->event[i].src, log->event[at].src))
			return &log->event[i];
	return NULL;
}

static u64 log_end(const struct log *log)
{
	return log->event[log->count - 1].t;
}

/* Plant a fault; return false where that is impossible. */
typedef bool plant_fn(struct log *log, size_t at);

static const char * const states[] = {
	"ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "CLOSING", "CLOSE_WAIT",
	"LAST_ACK", "SYN_RECV", "LISTEN",
};

/* A change leads to another state; the next change still starts as before. */
static bool change_altered(struct log *log, size_t at)
{
	struct event *e = &log->event[at];
	size_t i = at % 8;

	if (!is_change(e) ||
	    (!strcmp(e->from, "ESTABLISHED") && !next_change(log, at)))
		return false;
	while (!strcmp(states[i], e->to) || !strcmp(states[i], e->from))
		i = (i + 1) % 8;
	strcpy(e->to, states[i]);
	return true;
}

static bool change_removed(struct log *log, size_t at)
{
	struct event *e = &log->event[at];

	if (!is_change(e) || !next_change(log, at))
		return false;
	forget(log, at);
	return true;
}

/* LAST_ACK stays although the ACK of the FIN came. */
static bool last_change_removed(struct log *log, size_t at)
{
	struct event *e = &log->event[at];
	bool acked = false;

	if (!is_change(e) || next_change(log, at) ||
	    strcmp(e->from, "LAST_ACK") || log_end(log) < e->t + 2 * s)
		return false;
	for (size_t i = 0; i < at; i++)
		if (is_came(&log->event[i]) && covers(log, &log->event[i]) &&
		    !strcmp(log->event[i].dst, e->src))
			acked = log->event[i].t + ms > e->t;
	if (acked)
		forget(log, at);
	return acked;
}

static bool changes_swapped(struct log *log, size_t at)
{
	struct event *e = &log->event[at];
	struct event *before = (struct event *)last_change(log, at);
	struct event kept = *e;

	if (!is_change(e) || !before)
		return false;
	strcpy(e->from, before->from);
	strcpy(e->to, before->to);
	strcpy(before->from, kept.from);
	strcpy(before->to, kept.to);
	return true;
}

static bool is_by_segment(const struct event *e)
{
	return is_change(e) &&
	       (!strcmp(e->to, "CLOSE_WAIT") || !strcmp(e->to, "CLOSING") ||
		!strcmp(e->to, "FIN_WAIT2"));
}

/* A state is left before the segment that causes it has arrived. */
static bool change_too_early(struct log *log, size_t at)
{
	struct event *e = &log->event[at];

	if (!is_by_segment(e))
		return false;
	for (size_t i = 0; i < at; i++) {
		struct event *cause = &log->event[i];

		if (!is_came(cause) || strcmp(cause->dst, e->src) ||
		    !(strcmp(e->to, "FIN_WAIT2") ? !!has(cause, 'F') :
		      covers(log, cause)))
			continue;
		e->t = cause->t - 1;
		return true;
	}
	return false;
}

/* Return whether an end left LAST_ACK too early for a timeout. */
static bool is_prompt(const struct log *log, size_t at)
{
	for (size_t i = at; i--;)
		if (is_sent(&log->event[i]) && has(&log->event[i], 'F') &&
		    !strcmp(log->event[i].src, log->event[at].src))
			return log->event[at].t < log->event[i].t + ms;
	return false;
}

/* No ACK of its FIN arrives at an end, which behaves as if one had. */
static bool acks_removed(struct log *log, size_t at)
{
	char end[ENDPOINT];
	bool found = false;

	if (!is_change(&log->event[at]) ||
	    (strcmp(log->event[at].to, "FIN_WAIT2") &&
	     (strcmp(log->event[at].from, "LAST_ACK") || !is_prompt(log, at))))
		return false;
	strcpy(end, log->event[at].src);
	for (size_t i = log->count; i--;) {
		struct event *e = &log->event[i];

		if (!is_came(e) || strcmp(e->dst, end))
			continue;
		if (has(e, 'R'))
			return false;
		if (!covers(log, e))
			continue;
		forget(log, i);
		found = true;
	}
	return found;
}

/* No FIN arrives at an end, which behaves as if one had. */
static bool fins_removed(struct log *log, size_t at)
{
	char end[ENDPOINT];
	bool found = false;

	if (!is_change(&log->event[at]) ||
	    (strcmp(log->event[at].to, "CLOSE_WAIT") &&
	     strcmp(log->event[at].to, "CLOSING")))
		return false;
	strcpy(end, log->event[at].src);
	for (size_t i = log->count; i--;) {
		if (!is_came(&log->event[i]) ||
		    strcmp(log->event[i].dst, end) ||
		    !has(&log->event[i], 'F'))
			continue;
		forget(log, i);
		found = true;
	}
	return found;
}

static bool ack_beyond(struct log *log, size_t at)
{
	struct event *e = &log->event[at];

	if (!is_sent(e) || !covers(log, e))
		return false;
	e->ack += 1 + at;
	return true;
}

/* The ACK of a FIN is too low by one. */
static bool ack_short(struct log *log, size_t at)
{
	struct event whole = log->event[at];
	bool found = false;

	if (!is_sent(&whole) || !covers(log, &whole) || has(&whole, 'R'))
		return false;
	for (size_t i = 0; i < at; i++)
		found |= is_sent(&log->event[i]) &&
			 covers(log, &log->event[i]) &&
			 !strcmp(log->event[i].src, whole.src);
	log->event[at].ack--;
	return found;
}

static bool fin_moved(struct log *log, size_t at)
{
	struct event *e = &log->event[at];

	if (!is_sent(e) || !has(e, 'F') || fin_of(log, e->src) == e)
		return false;
	e->seq++;
	return true;
}

static bool fin_without_ack(struct log *log, size_t at)
{
	struct event *e = &log->event[at];

	if (!is_sent(e) || has(e, 'R') || !has(e, 'A'))
		return false;
	strcpy(e->flags, has(e, 'F') ? "F" : "P");
	return true;
}

/* An octet of data is sent in the place of the FIN. */
static bool data_as_fin(struct log *log, size_t at)
{
	struct event e = log->event[at];

	if (!is_sent(&e) || !has(&e, 'F'))
		return false;
	e.t++;
	e.seq = end_of(&e) - 1;
	e.len = 1;
	strcpy(e.flags, "PA");
	strcpy(e.seg, "data");
	strcpy(e.nth, "1");
	*log_add(log) = e;
	return true;
}

/* Data is sent behind the FIN. */
static bool data_after_fin(struct log *log, size_t at)
{
	struct event e = log->event[at];

	if (!is_sent(&e) || !has(&e, 'F'))
		return false;
	e.t++;
	e.seq = end_of(&e);
	e.len = 10;
	strcpy(e.flags, "PA");
	strcpy(e.seg, "data");
	strcpy(e.nth, "1");
	*log_add(log) = e;
	return true;
}

/* A FIN is retransmitted long after its ACK arrived. */
static bool fin_after_ack(struct log *log, size_t at)
{
	struct event *e = &log->event[at], fin;
	const struct event *sent;

	if (!is_came(e) || e->kind == EVENT_OUTCOME || !covers(log, e) ||
	    has(e, 'R'))
		return false;
	sent = fin_of(log, e->dst);
	for (size_t i = at + 1; i < log->count; i++)
		if (has(&log->event[i], 'R'))
			return false;
	fin = *sent;
	fin.t = log_end(log) + 100 * ms;
	for (size_t i = 0; i < log->count; i++)
		if (is_sent(&log->event[i]) &&
		    !strcmp(log->event[i].src, fin.src))
			fin.ack = log->event[i].ack;
	strcpy(fin.seg, "data");
	strcpy(fin.nth, "1");
	*log_add(log) = fin;
	return true;
}

static bool is_closed(const struct log *log, size_t at, const char *end)
{
	for (size_t i = at; i--;)
		if (is_change(&log->event[i]) &&
		    !strcmp(log->event[i].src, end))
			return !strcmp(log->event[i].to, "CLOSE") &&
			       strcmp(log->event[i].from, "FIN_WAIT2") &&
			       strcmp(log->event[i].from, "CLOSING") &&
			       log->event[at].t > log->event[i].t + 20 * ms;
	return false;
}

/* A closed end sends something else than a RST. */
static bool rst_altered(struct log *log, size_t at)
{
	struct event *e = &log->event[at];

	if (!is_sent(e) || !has(e, 'R') || !is_closed(log, at, e->src))
		return false;
	strcpy(e->flags, "A");
	e->ack = fin_of(log, e->dst) ? end_of(fin_of(log, e->dst)) : e->ack;
	return true;
}

static bool rst_misnumbered(struct log *log, size_t at)
{
	struct event *e = &log->event[at];

	if (!is_sent(e) || strcmp(e->flags, "R") || !fin_of(log, e->src) ||
	    fin_of(log, e->src) > e)
		return false;
	e->seq += 70000 + at;
	return true;
}

/* A segment arrives at a closed end, and is not answered. */
static bool rst_removed(struct log *log, size_t at)
{
	struct event *e = &log->event[at];
	u64 t = e->t;
	char end[ENDPOINT];
	bool found = false;

	if (!is_came(e) || has(e, 'R') || !is_closed(log, at, e->dst) ||
	    log_end(log) < t + s)
		return false;
	strcpy(end, e->dst);
	for (size_t i = log->count; i--;) {
		e = &log->event[i];
		if (e->t < t || e->t > t + s || !has(e, 'R') ||
		    strcmp(e->src, end) || !is_sent(e))
			continue;
		forget(log, i);
		found = true;
	}
	return found && log_end(log) > t + s;
}

static const struct event *wait_of(const struct log *log, size_t at)
{
	for (size_t i = at; i--;)
		if (is_change(&log->event[i]) &&
		    !strcmp(log->event[i].to, "TIME_WAIT") &&
		    !strcmp(log->event[i].src, log->event[at].src))
			return &log->event[i];
	return NULL;
}

static bool has_rst(const struct log *log)
{
	for (size_t i = 0; i < log->count; i++)
		if (has(&log->event[i], 'R'))
			return true;
	return false;
}

static bool wait_cut_short(struct log *log, size_t at)
{
	struct event *e = &log->event[at];
	const struct event *wait = wait_of(log, at);

	if (!event_is_closed(e) || strcmp(e->from, "TIME_WAIT") || !wait ||
	    has_rst(log))
		return false;
	e->t = wait->t + 30 * s;
	return true;
}

/* There is no time-wait socket where there should be one. */
static bool wait_removed(struct log *log, size_t at)
{
	struct event *wait = &log->event[at];

	if (!is_change(wait) || has_rst(log) || strcmp(wait->to, "TIME_WAIT"))
		return false;
	strcpy(wait->to, "CLOSE");
	strcpy(wait->cause, "overflow");
	for (size_t i = log->count; --i > at;)
		if (is_change(&log->event[i]) &&
		    !strcmp(log->event[i].src, log->event[at].src))
			forget(log, i);
	return true;
}

/* A retransmitted FIN is not acknowledged again. */
static bool answer_removed(struct log *log, size_t at)
{
	struct event asks = log->event[at], gone;
	unsigned int before = 0, answers = 0;

	if (!is_came(&asks) || !has(&asks, 'F') || has_rst(log) ||
	    log_end(log) < asks.t + s)
		return false;
	for (size_t i = 0; i < log->count; i++) {
		const struct event *e = &log->event[i];

		if (e->t >= asks.t)
			break;
		before += is_came(e) && has(e, 'F') && !strcmp(e->dst, asks.dst);
		answers += is_sent(e) && covers(log, e) &&
			   !strcmp(e->src, asks.dst);
	}
	if (!before || answers != 1)
		return false;
	memset(&gone, 0, sizeof(gone));
	for (size_t i = at; i < log->count; i++) {
		struct event *e = &log->event[i];

		if (!is_sent(e) || strcmp(e->src, asks.dst))
			continue;
		if (e->t > asks.t + 600 * ms)
			break;
		if (*gone.src || e->t > asks.t + 10 * ms)
			return false;
		gone = *e;
		forget(log, i--);
	}
	for (size_t i = log->count; i-- && *gone.src;)
		if (is_came(&log->event[i]) && log->event[i].t >= gone.t &&
		    is_same(&log->event[i], &gone))
			forget(log, i);
	return *gone.src;
}

/* One of many retransmissions is missing; later ones are renumbered. */
static bool retransmission_removed(struct log *log, size_t at)
{
	struct event *e = &log->event[at], gone = *e;
	unsigned int number = strtoul(e->nth, NULL, 10);

	if (!is_sent(e) || strcmp(e->seg, "fin1") || number < 5 ||
	    strcmp(e->verdict, "drop"))
		return false;
	for (size_t i = 0; i < log->count; i++)
		if (is_came(&log->event[i]))
			return false;
	forget(log, at);
	for (size_t i = at; i < log->count; i++)
		if (is_sent(&log->event[i]) &&
		    !strcmp(log->event[i].seg, gone.seg))
			snprintf(log->event[i].nth, sizeof(log->event[i].nth),
				 "%u", number++);
	return true;
}

/* @seen: a router sees it as well as the end's own namespace */
static const struct {
	const char *name;
	plant_fn *plant;
	bool seen;
} plants[] = {
	{ "a change altered", change_altered, false },
	{ "a change removed", change_removed, false },
	{ "the last change removed", last_change_removed, false },
	{ "changes swapped", changes_swapped, false },
	{ "a change too early", change_too_early, false },
	{ "ACKs removed", acks_removed, false },
	{ "FINs removed", fins_removed, false },
	{ "an ACK beyond", ack_beyond, true },
	{ "an ACK goes back", ack_short, false },
	{ "a FIN moved", fin_moved, true },
	{ "no ACK", fin_without_ack, true },
	{ "data after FIN", data_after_fin, true },
	{ "data as FIN", data_as_fin, true },
	{ "a FIN after its ACK", fin_after_ack, false },
	{ "a RST altered", rst_altered, false },
	{ "a RST misnumbered", rst_misnumbered, false },
	{ "a RST removed", rst_removed, false },
	{ "TIME_WAIT cut short", wait_cut_short, false },
	{ "TIME_WAIT removed", wait_removed, false },
	{ "an answer removed", answer_removed, false },
	{ "a retransmission removed", retransmission_removed, false },
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum { PLANTS = ARRAY_SIZE(plants) };

static unsigned int planted[PLANTS], caught[PLANTS], sides;

/* An end whose socket has other addresses than its segments is not accused. */
static int test_unseen(void)
{
	static const struct event changes[] = {
		{ .kind = EVENT_SOCKET, .t = 1, .flow = 1, .src = "a:1",
		  .dst = "b:2", .from = "ESTABLISHED", .to = "FIN_WAIT1" },
		{ .kind = EVENT_SOCKET, .t = 2, .flow = 1, .src = "a:1",
		  .dst = "b:2", .from = "FIN_WAIT1", .to = "FIN_WAIT2" },
	};
	struct log log = { 0 };
	const char *why = "";
	int wrong;

	*log_add(&log) = changes[0];
	*log_add(&log) = changes[1];
	wrong = judge_all(&log, &why) != JUDGE_UNDECIDED ||
		strcmp(why, "unseen");
	if (wrong)
		printf("a socket without segments: %s\n", why);
	log_free(&log);
	return wrong;
}

static struct log copy(const struct log *log)
{
	struct log other = { 0 };

	for (size_t i = 0; i < log->count; i++)
		*log_add(&other) = log->event[i];
	return other;
}

static void plant_one(const struct log *log, size_t at, int i,
		      const char *name)
{
	struct log other = copy(log);
	const char *why = "";
	enum judge_result result;

	if ((plants[i].seen || !at_router) && plants[i].plant(&other, at)) {
		log_sort(&other);
		result = judge_all(&other, &why);
		planted[i]++;
		caught[i] += result == JUDGE_DEPARTS;
		if (result != JUDGE_DEPARTS)
			printf("%s: %s at %zu: %s %s\n", name, plants[i].name,
			       at, result ? "undecided" : "ok", why);
	}
	log_free(&other);
}

/* With a rule at `output`, the log has an end's segments twice. */
static bool is_plain(const struct log *log)
{
	for (size_t i = 0; i < log->count; i++)
		if (is_segment(&log->event[i]) &&
		    log->event[i].hook == HOOK_LOCAL_OUT)
			return false;
	return true;
}

static bool has_socket(const struct log *log)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->event[i].kind == EVENT_SOCKET)
			return true;
	return false;
}

/* Once a close is over, a SYN on its addresses says nothing of it. */
static int test_reuse(const struct log *log, const char *name)
{
	struct event syn = *fin_of(log, log->event[0].src);
	struct log other = copy(log);
	const char *why = "";
	int wrong;

	syn.t = log_end(log) + s;
	strcpy(syn.seg, "syn");
	strcpy(syn.nth, "1");
	strcpy(syn.flags, "S");
	*log_add(&other) = syn;
	syn.t += s;
	strcpy(syn.nth, "2");
	*log_add(&other) = syn;
	wrong = judge_all(&other, &why) != JUDGE_OK;
	if (wrong)
		printf("%s: not ok once its port is reused: %s\n", name, why);
	log_free(&other);
	return wrong;
}

/* In a capture both ends of a close are judged, also one that sends but RSTs. */
static int test_capture(void)
{
	struct event rst = {
		.kind = EVENT_SEGMENT, .t = 1, .flow = 1, .seg = "rst",
		.hook = HOOK_FORWARD, .src = "a:1", .dst = "b:2", .nth = "1",
		.flags = "R", .seq = 500, .verdict = "pass",
	};
	struct log log = { 0 };
	const char *why = "";
	int wrong;

	*log_add(&log) = rst;
	rst.t = 1000;
	strcpy(rst.src, "b:2");
	strcpy(rst.dst, "a:1");
	strcpy(rst.flags, "RA");
	rst.seq = 0;
	rst.ack = 500;
	*log_add(&log) = rst;
	wrong = judge_all(&log, &why) != JUDGE_DEPARTS ||
		strcmp(why, "rst-answered");
	if (wrong)
		printf("a RST for a RST in a capture: %s\n", why);
	log_free(&log);
	return wrong;
}

/* A SYN alone is no close. */
static int test_lone_syn(void)
{
	struct event syn = {
		.kind = EVENT_SEGMENT, .t = 1, .flow = 1, .seg = "syn",
		.hook = HOOK_POST_ROUTING, .src = "a:1", .dst = "b:2",
		.nth = "1", .flags = "S", .verdict = "pass",
	};
	struct closes closes;
	struct log log = { 0 };
	int wrong;

	*log_add(&log) = syn;
	closes_split(&closes, &log);
	wrong = closes.count != 0;
	if (wrong)
		printf("a lone SYN is a close\n");
	closes_free(&closes);
	log_free(&log);
	return wrong;
}

/* The log of one namespace: the faults in the other one are not in it. */
static struct log side_of(const struct log *log, const char *end)
{
	struct log side = { 0 };

	for (size_t i = 0; i < log->count; i++) {
		const char *local = event_local(&log->event[i]);

		if (local && !strcmp(local, end))
			*log_add(&side) = log->event[i];
	}
	return side;
}

static int test_side(const struct log *log, const char *end, const char *name)
{
	struct log side = side_of(log, end);
	const char *why = "";
	int wrong = judge_all(&side, &why) == JUDGE_DEPARTS;

	sides++;
	if (wrong)
		printf("%s: accused where only %s was recorded: %s\n", name,
		       end, why);
	log_free(&side);
	return wrong;
}

/*
 * A router between both namespaces sees what leaves them, and passes it on; a
 * capture sees it once.
 */
static void add_crossing(struct log *log, const struct event *left,
			 bool capture)
{
	struct event e = *left;

	e.kind = EVENT_SEGMENT;
	strcpy(e.verdict, "pass");
	strcpy(e.seg, "data");
	strcpy(e.nth, "1");
	e.hook = capture ? HOOK_FORWARD : HOOK_PRE_ROUTING;
	*log_add(log) = e;
	if (capture)
		return;
	e.hook = HOOK_POST_ROUTING;
	e.t++;
	*log_add(log) = e;
}

static int test_middle(const struct log *log, const char *name, bool capture)
{
	struct log middle = { 0 };
	const char *why = "";
	int wrong;

	for (size_t i = 0; i < log->count; i++) {
		const struct event *e = &log->event[i];

		if (is_segment(e) && !strcmp(e->verdict, "reset"))
			return 0;
	}
	for (size_t i = 0; i < log->count; i++) {
		const struct event *e = &log->event[i];

		if (is_segment(e) && e->hook == HOOK_POST_ROUTING &&
		    (!strcmp(e->verdict, "pass") ||
		     !strcmp(e->verdict, "duplicate") ||
		     !strcmp(e->verdict, "released")))
			add_crossing(&middle, e, capture);
	}
	log_sort(&middle);
	wrong = judge_all(&middle, &why) == JUDGE_DEPARTS;
	sides++;
	if (wrong)
		printf("%s: accused %s: %s\n", name,
		       capture ? "in a capture" : "at a router", why);
	log_free(&middle);
	return wrong;
}

static int test_log(const char *name)
{
	struct log log = { 0 };
	int wrong = 0;
	const char *why = "";
	enum judge_result result;
	bool plain;

	if (log_file(&log, name))
		return 1;
	at_router = !has_socket(&log);
	result = judge_all(&log, &why);
	if (result == JUDGE_DEPARTS)
		printf("%s: is real, and departs: %s\n", name, why);
	plain = result == JUDGE_OK && is_plain(&log);
	for (size_t at = 0; plain && at < log.count; at++)
		for (int i = 0; i < PLANTS; i++)
			plant_one(&log, at, i, name);
	if (plain && !at_router && !has_rst(&log))
		wrong = test_reuse(&log, name);
	if (!at_router) {
		wrong += test_side(&log, log.event[0].src, name);
		wrong += test_side(&log, log.event[0].dst, name);
		wrong += test_middle(&log, name, false);
		wrong += test_middle(&log, name, true);
	}
	log_free(&log);
	return wrong || result == JUDGE_DEPARTS;
}

static int tell(size_t logs, int accused)
{
	unsigned int all = 0, found = 0;

	for (int i = 0; i < PLANTS; i++) {
		all += planted[i];
		found += caught[i];
		if (!planted[i] || planted[i] != caught[i])
			printf("%s: %u planted, %u caught\n", plants[i].name,
			       planted[i], caught[i]);
	}
	printf("check: %zu real logs, %u of a part, %d accused; %u faults planted, %u missed\n",
	       logs, sides, accused, all, all - found);
	return accused || all != found;
}

int main(int argc, char **argv)
{
	int accused = test_lone_syn() + test_unseen() + test_capture();
	glob_t found;

	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			accused += test_log(argv[i]);
		return tell(argc - 1, accused);
	}
	if (glob("tests/ladder/*.log", 0, NULL, &found) ||
	    glob("tests/check/*.log", GLOB_APPEND, NULL, &found))
		return 1;
	for (size_t i = 0; i < found.gl_pathc; i++)
		accused += test_log(found.gl_pathv[i]);
	accused = tell(found.gl_pathc, accused);
	globfree(&found);
	return accused;
}
