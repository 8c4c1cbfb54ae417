// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the cases of a batch went: what the judge says, what the programs read,
 * what is left, and whether the counters agree with the records.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge_log.h"
#include "ladder_text.h"
#include "matrix_judge.h"
#include "svg.h"
#include "term.h"

/**
 * struct seen - what the records say of a connection
 * @closes: numbers of its closes in the log
 * @count: their number; addresses are not used again in a batch, but a late
 *	segment may begin another one
 * @fired: how often each of its rules fired
 * @flow: the flow that each hook saw last
 * @here: how often each rule fired there in that flow
 * @most: the most often that it fired at one hook in one flow: there nth counts
 * @fin: to each end the other one's FIN was delivered
 * @rst: to each end a RST was delivered
 * @fin_t: when the FIN was first delivered, ns
 */
struct seen {
	size_t closes[4];
	size_t count;
	u64 fired[2];
	u64 flow[HOOKS];
	u64 here[2][HOOKS];
	u64 most[2];
	bool fin[2];
	bool rst[2];
	u64 fin_t[2];
};

/**
 * matrix_find() - say what is not as it should be, unless it is worse already
 * @one: the case
 * @result: how bad it is
 * @format: what
 */
void matrix_find(struct matrix_case *one, enum matrix_result result,
		 const char *format, ...)
{
	va_list args;

	if (one->result >= result)
		return;
	one->result = result;
	free(one->why);
	one->why = NULL;
	va_start(args, format);
	if (vasprintf(&one->why, format, args) < 0)
		abort();
	va_end(args);
}

static bool is_of(const char *a, const char *b, const struct matrix_link *link)
{
	const char *at[2] = { link->at[0].text, link->at[1].text };

	return (!strcmp(a, at[0]) && !strcmp(b, at[1])) ||
	       (!strcmp(a, at[1]) && !strcmp(b, at[0]));
}

static int class_find(const char *name, size_t size)
{
	for (int i = 0; i < CLASSES; i++) {
		const char *class = matrix_words[KEY_CLASS].values[i];

		if (strlen(class) == size && !strncmp(class, name, size))
			return i;
	}
	return -1;
}

/* Which classes a record of A has, and whether they are the first of them. */
static void note_classes(struct matrix_case *one, const struct event *event)
{
	const char *seg = event->seg, *nth = event->nth;

	while (*seg) {
		size_t size = strcspn(seg, ",");
		int class = class_find(seg, size);

		if (class >= 0) {
			one->reached |= matrix_bit(class, false);
			if (atoi(nth) >= 2)
				one->reached |= matrix_bit(class, true);
		}
		seg += size + !!seg[size];
		nth += strcspn(nth, ",");
		nth += *nth == ',';
	}
}

static void note_delivered(struct seen *seen, const struct matrix_link *link,
			   const struct event *event)
{
	int to = !strcmp(event->dst, link->at[HOST_B].text);
	bool rst = list_has(event->seg, "rst");

	if (rst) {
		seen->rst[to] = true;
	} else if (strchr(event->flags, 'F')) {
		if (!seen->fin[to])
			seen->fin_t[to] = event->t;
		seen->fin[to] = true;
	}
}

/* Did this record bring a segment to its end? */
static bool is_delivery(const struct event *event, bool at_a, bool to_a)
{
	const char *verdict = event->verdict;

	if (at_a != to_a)
		return false;
	if (event->kind == EVENT_OUTCOME)
		return !strcmp(verdict, "released");
	return !strcmp(verdict, "pass") || !strcmp(verdict, "duplicate");
}

static void note_fired(struct seen *seen, const struct event *event, int rule,
		       bool fired)
{
	u64 *here = &seen->here[rule][event->hook];

	if (seen->flow[event->hook] != event->flow)
		*here = 0;
	*here += fired;
	seen->fired[rule] += fired;
	if (*here > seen->most[rule])
		seen->most[rule] = *here;
}

static void note_event(struct seen *seen, struct matrix_link *link, size_t index,
		       const struct event *event, const struct log *log)
{
	const struct log_source *source = log_source_get(&log->sources,
							 event->source);
	bool at_a = !strcmp(source->name, "A");
	bool to_a = !strcmp(event->dst, link->at[HOST_A].text);

	if (!event_is_segment(event))
		return;
	if (is_delivery(event, at_a, to_a))
		note_delivered(seen, link, event);
	if (!at_a || event->kind != EVENT_SEGMENT)
		return;
	note_classes(link->one, event);
	for (int i = 0; i < 2; i++)
		note_fired(seen, event, i,
			   event->rule == matrix_rule_id(index, i));
	seen->flow[event->hook] = event->flow;
}

static void note_close(struct seen *seen, struct matrix_link *link, size_t index,
		       const struct closes *closes, size_t number,
		       const struct log *log)
{
	const struct close *close = &closes->close[number];

	if (seen->count < sizeof(seen->closes) / sizeof(*seen->closes))
		seen->closes[seen->count++] = number;
	for (size_t i = 0; i < close->count; i++)
		note_event(seen, link, index, &log->event[close->event[i]], log);
}

static void judge_closes(const struct seen *seen, struct matrix_case *one,
			 const struct closes *closes, const struct log *log)
{
	for (size_t i = 0; i < seen->count; i++) {
		const struct close *close = &closes->close[seen->closes[i]];

		for (size_t end = 0; end < close->ends; end++) {
			struct end_verdict said = judge_log(closes,
							    seen->closes[i],
							    end, log);

			if (said.result == JUDGE_OK || !said.rule)
				continue;
			matrix_find(one, said.result == JUDGE_DEPARTS ?
				    MATRIX_DEPARTS : MATRIX_UNDECIDED,
				    "%s: %s (%s)", judge_name(close, end),
				    said.rule->broken, said.rule->name);
			if (!one->rule || said.result == JUDGE_DEPARTS)
				one->rule = said.rule->name;
		}
	}
	if (closes->lost)
		matrix_find(one, MATRIX_BROKEN, "records were lost");
}

static bool has_action(const struct matrix_case *one, enum matrix_action action)
{
	return (one->fault[0] != NO_FAULT &&
		fault_action(one->fault[0]) == action) ||
	       (one->fault[1] != NO_FAULT &&
		fault_action(one->fault[1]) == action);
}

/* What TCP promises to a program, whatever happens on the way. */
static void judge_program(const struct seen *seen, struct matrix_link *link,
			  enum host host)
{
	const struct matrix_end *end = &link->end[host];
	const struct matrix_end *other = &link->end[!host];
	struct matrix_case *one = link->one;
	char name = 'A' + host;

	if (end->altered || end->came > other->sent)
		matrix_find(one, MATRIX_PROGRAM,
			    "%c read other bytes than were sent", name);
	if (end->eof && end->came != other->sent)
		matrix_find(one, MATRIX_PROGRAM,
			    "%c read the end of file after %llu of %llu bytes",
			    name, end->came, other->sent);
	if (end->eof && !seen->fin[host])
		matrix_find(one, MATRIX_PROGRAM,
			    "%c read an end of file, and no FIN came", name);
	if ((end->error == ECONNRESET || end->error == EPIPE) &&
	    !seen->rst[host] && !has_action(one, ACTION_RESET))
		matrix_find(one, MATRIX_PROGRAM, "%c read %s, and no RST came",
			    name, strerrorname_np(end->error));
	if (end->error && end->error != ECONNRESET && end->error != EPIPE &&
	    (end->error != ETIMEDOUT || one->fault[0] == NO_FAULT))
		matrix_find(one, MATRIX_PROGRAM, "%c read %s", name,
			    strerrorname_np(end->error));
	if (end->gave_up && seen->fin[host] && seen->fin_t[host] < end->gave_up &&
	    end->came == other->sent)
		matrix_find(one, MATRIX_PROGRAM,
			    "%c read nothing, and a FIN had come", name);
}

/* Without a fault there is one way to end. */
static void judge_undisturbed(struct matrix_link *link, enum host host)
{
	const struct matrix_end *end = &link->end[host];
	enum matrix_how how = matrix_how(link->one->close);
	bool aborted = how == HOW_UNREAD || how == HOW_LINGER0;

	if (link->one->fault[0] != NO_FAULT ||
	    (end->closes && how != HOW_SHUTDOWN))
		return;
	if (aborted ? end->error != ECONNRESET : !end->eof || end->error)
		matrix_find(link->one, MATRIX_PROGRAM,
			    "%c read %s, without any fault", 'A' + host,
			    end->error ? strerrorname_np(end->error) :
			    end->eof ? "an end of file" : "nothing");
}

static void judge_rule(const struct seen *seen, struct matrix_link *link, int i)
{
	struct matrix_case *one = link->one;
	u64 fired = seen->fired[i], most = seen->most[i];
	char name[32];

	matrix_fault_name(one->fault[i], name, sizeof(name));
	if (fired != link->fired[i])
		matrix_find(one, MATRIX_COUNTERS,
			    "%s fired %llu times, and %llu times in records",
			    name, link->fired[i], fired);
	if (fault_nth(one->fault[i]) != NTH_ALL && most > 1)
		matrix_find(one, MATRIX_COUNTERS,
			    "%s fired %llu times at one hook", name, most);
	if (!fired)
		matrix_find(one, MATRIX_NOT_BOTH, "%s met nothing", name);
}

static void judge_rules(const struct seen *seen, struct matrix_link *link)
{
	for (int i = 0; i < 2; i++)
		if (link->one->fault[i] != NO_FAULT)
			judge_rule(seen, link, i);
}

static void draw(const struct seen *seen, struct matrix_case *one,
		 const struct closes *closes, const struct log *log)
{
	struct term term = { .utf8 = false, .colour = false };
	struct svg_about about = { .title = one->why ? one->why : "" };
	size_t size[2];
	FILE *text = open_memstream(&one->drawing, &size[0]);
	FILE *svg = open_memstream(&one->picture, &size[1]);
	struct ladder ladder;

	for (size_t i = 0; i < seen->count; i++) {
		if (!ladder_of_close(&ladder, &closes->close[seen->closes[i]],
				     log))
			continue;
		ladder_text(&ladder, &term, text);
		svg_ladder(&ladder, &about, svg);
		ladder_free(&ladder);
	}
	fclose(text);
	fclose(svg);
}

static void judge_link(struct matrix_bed *bed, size_t index,
		       const struct closes *closes, bool draws)
{
	struct matrix_link *link = &bed->link[index];
	struct matrix_case *one = link->one;
	struct log *log = &bed->run.log;
	struct seen seen = { .count = 0 };

	one->result = MATRIX_OK;
	one->reached = 0;
	for (size_t i = 0; i < closes->count; i++)
		if (is_of(closes->close[i].name[0], closes->close[i].name[1],
			  link))
			note_close(&seen, link, index, closes, i, log);
	if (!seen.count)
		matrix_find(one, MATRIX_BROKEN, "it has no record");
	judge_closes(&seen, one, closes, log);
	judge_rules(&seen, link);
	for (int host = HOST_A; host <= HOST_B; host++) {
		judge_program(&seen, link, host);
		judge_undisturbed(link, host);
		if (!link->end[host].gone)
			matrix_find(one, MATRIX_LEFT, "%c has a socket left",
				    'A' + host);
	}
	if (*bed->counters)
		matrix_find(one, MATRIX_COUNTERS, "%s", bed->counters);
	if (*bed->left)
		matrix_find(one, MATRIX_LEFT, "%s", bed->left);
	if (draws && matrix_is_bad(one->result))
		draw(&seen, one, closes, log);
}

/**
 * matrix_judge() - say how each case of a batch went
 * @bed: the bed, after matrix_bed_run()
 * @draws: draw the closes of those that are not as they should be
 */
void matrix_judge(struct matrix_bed *bed, bool draws)
{
	struct closes closes;

	closes_split(&closes, &bed->run.log);
	for (size_t i = 0; i < bed->links; i++)
		judge_link(bed, i, &closes, draws);
	closes_free(&closes);
}
