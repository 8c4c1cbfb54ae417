// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "finject.h"
#include "json_record.h"
#include "judge_log.h"
#include "ladder.h"
#include "ladder_text.h"
#include "log_file.h"
#include "term.h"

/* A ladder of more than WHOLE observations is cut around the point. */
enum {
	WHOLE = 80,
	BEFORE = 40,
	AFTER = 20,
};

/**
 * struct docket - one connection before the judge
 * @close: the connection
 * @log: the log it is in
 * @end: the verdict for each end that was watched
 * @worst: the one of them that counts
 */
struct docket {
	const struct close *close;
	const struct log *log;
	struct end_verdict end[2];
	size_t worst;
};

static struct docket hear(const struct closes *closes, size_t index,
			  const struct log *log)
{
	struct docket docket = { &closes->close[index], log, {}, 0 };

	for (size_t i = 0; i < docket.close->ends; i++)
		docket.end[i] = judge_log(closes, index, i, log);
	if (docket.close->ends == 2 &&
	    docket.end[1].result > docket.end[0].result)
		docket.worst = 1;
	if (docket.end[0].result == JUDGE_DEPARTS &&
	    docket.end[1].result == JUDGE_DEPARTS)
		docket.worst = docket.end[1].place < docket.end[0].place;
	return docket;
}

static const char *event_name(const struct event *event, char *text,
			      size_t size)
{
	if (event->kind == EVENT_SOCKET)
		snprintf(text, size, "%s to %s", event->from, event->to);
	else if (strchr(event->flags, 'A'))
		snprintf(text, size, "%s #%s %s seq=%llu ack=%llu", event->seg,
			 event->nth, event->flags, event->seq, event->ack);
	else
		snprintf(text, size, "%s #%s %s seq=%llu", event->seg,
			 event->nth, event->flags, event->seq);
	return text;
}

static void draw(const struct docket *docket, const struct term *term)
{
	size_t at = docket->end[docket->worst].place;
	size_t from = at > BEFORE ? at - BEFORE : 0, to = at + AFTER;
	struct log part = { 0 };
	struct ladder ladder;

	if (docket->close->count <= WHOLE) {
		from = 0;
		to = WHOLE;
	}
	close_log(docket->close, docket->log, from, to, &part);
	if (ladder_build(&ladder, &part)) {
		if (to < docket->close->count)
			ladder.now = part.event[part.count - 1].t;
		putchar('\n');
		ladder_text(&ladder, term, stdout);
		putchar('\n');
		ladder_free(&ladder);
	}
	log_free(&part);
}

static void print_why(const struct docket *docket, size_t i)
{
	const struct end_verdict *end = &docket->end[i];
	char name[160];

	printf("  %s: %s", docket->close->end[i].name, end->rule->broken);
	if (*end->rule->section)
		printf(" (RFC 9293, %s; %s)", end->rule->section,
		       end->rule->name);
	putchar('\n');
	if (end->event && end->result == JUDGE_DEPARTS)
		printf("  at %.6f s: %s\n",
		       log_seconds(end->event->t, close_begin(docket->close,
							      docket->log)),
		       event_name(end->event, name, sizeof(name)));
}

static void print_docket(const struct docket *docket, const struct term *term)
{
	enum judge_result result = docket->end[docket->worst].result;

	printf("%-9s  %s  %s\n", judge_results[result], docket->close->name[0],
	       docket->close->name[1]);
	for (size_t i = 0; i < docket->close->ends; i++)
		if (docket->end[i].result == result && docket->end[i].rule)
			print_why(docket, i);
	if (result == JUDGE_DEPARTS)
		draw(docket, term);
}

static struct json_object *text(const char *value)
{
	return value && *value ? json_object_new_string(value) : NULL;
}

static struct json_object *json_end(const struct docket *docket, size_t i)
{
	const struct end_verdict *end = &docket->end[i];
	const struct judge_rule *rule = end->rule;
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "end", text(docket->close->end[i].name));
	json_object_object_add(object, "result", text(judge_results[end->result]));
	json_object_object_add(object, "rule", rule ? text(rule->name) : NULL);
	json_object_object_add(object, "section",
			       rule ? text(rule->section) : NULL);
	json_object_object_add(object, "why", rule ? text(rule->broken) : NULL);
	json_object_object_add(object, "t", end->event ?
			       json_object_new_uint64(end->event->t) : NULL);
	return object;
}

static struct json_object *json_docket(const struct docket *docket)
{
	struct json_object *object = json_object_new_object();
	struct json_object *ends = json_object_new_array();

	json_object_object_add(object, "src", text(docket->close->name[0]));
	json_object_object_add(object, "dst", text(docket->close->name[1]));
	json_object_object_add(object, "t",
			       json_object_new_uint64(close_begin(docket->close, docket->log)));
	json_object_object_add(object, "result", text(judge_results
			       [docket->end[docket->worst].result]));
	for (size_t i = 0; i < docket->close->ends; i++)
		json_object_array_add(ends, json_end(docket, i));
	json_object_object_add(object, "ends", ends);
	return object;
}

static int print_json(const struct closes *closes, const struct log *log,
		      size_t *count)
{
	struct json_object *object = json_object_new_object();
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < closes->count; i++) {
		struct docket docket = hear(closes, i, log);

		count[docket.end[docket.worst].result]++;
		json_object_array_add(list, json_docket(&docket));
	}
	json_object_object_add(object, "closes", list);
	for (int i = JUDGE_OK; i <= JUDGE_DEPARTS; i++)
		json_object_object_add(object, judge_results[i],
				       json_object_new_uint64(count[i]));
	json_object_object_add(object, "lost",
			       json_object_new_uint64(closes->lost));
	return json_print(object, stdout);
}

static int print_text(const struct options *opt, const struct closes *closes,
		      const struct log *log, size_t *count)
{
	struct term term = term_of(stdout, opt->ascii);

	for (size_t i = 0; i < closes->count; i++) {
		struct docket docket = hear(closes, i, log);

		count[docket.end[docket.worst].result]++;
		print_docket(&docket, &term);
	}
	printf("%zu close%s: %zu ok, %zu departs, %zu undecided\n",
	       closes->count, closes->count == 1 ? "" : "s", count[JUDGE_OK],
	       count[JUDGE_DEPARTS], count[JUDGE_UNDECIDED]);
	return DONE;
}

/**
 * verb_check() - hold each close of a log against RFC 9293
 * @opt: options
 * @argc: number of words
 * @argv: the log's name, or none, or `-`, for standard input
 *
 * Return: exit status; REFUSED also when a close departs from the RFC.
 */
int verb_check(const struct options *opt, int argc, char **argv)
{
	size_t count[JUDGE_DEPARTS + 1] = { 0 };
	struct log log = { 0 };
	struct closes closes;
	int status = log_file(&log, argc ? argv[0] : "-");

	if (status)
		return status;
	closes_split(&closes, &log);
	status = opt->json ? print_json(&closes, &log, count) :
		print_text(opt, &closes, &log, count);
	closes_free(&closes);
	log_free(&log);
	return count[JUDGE_DEPARTS] ? REFUSED : status;
}
