// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <string.h>

#include "docket.h"
#include "json_record.h"
#include "ladder.h"
#include "ladder_text.h"
#include "refuse.h"
#include "witness.h"

/* A ladder of more than WHOLE observations is cut around the point. */
enum {
	WHOLE = 80,
	BEFORE = 40,
	AFTER = 20,
};

/**
 * docket_hear() - judge one close
 * @closes: the closes of a log
 * @index: which of them
 * @log: the log
 *
 * Return: the verdicts.
 */
struct docket docket_hear(const struct closes *closes, size_t index,
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

/**
 * docket_result() - what the judge says of a close
 * @docket: it
 *
 * Return: the worse of the results of both ends.
 */
enum judge_result docket_result(const struct docket *docket)
{
	return docket->end[docket->worst].result;
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

static void draw(const struct docket *docket, const struct term *term,
		 FILE *out)
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
		fputc('\n', out);
		ladder_text(&ladder, term, out);
		fputc('\n', out);
		ladder_free(&ladder);
	}
	log_free(&part);
}

static void end_why(const struct docket *docket, size_t i, FILE *out)
{
	const struct end_verdict *end = &docket->end[i];
	char name[160];

	fprintf(out, "  %s: %s", docket->close->end[i].name, end->rule->broken);
	if (*end->rule->section)
		fprintf(out, " (RFC 9293, %s; %s)", end->rule->section,
			end->rule->name);
	fputc('\n', out);
	if (end->event && end->result == JUDGE_DEPARTS)
		fprintf(out, "  at %.6f s: %s\n",
			log_seconds(end->event->t, close_begin(docket->close,
							       docket->log)),
			event_name(end->event, name, sizeof(name)));
}

/**
 * docket_why() - say why a close is not ok
 * @docket: it; of one that is ok nothing is printed
 * @out: where to
 */
void docket_why(const struct docket *docket, FILE *out)
{
	for (size_t i = 0; i < docket->close->ends; i++)
		if (docket->end[i].result == docket_result(docket) &&
		    docket->end[i].rule)
			end_why(docket, i, out);
}

static void print_docket(const struct docket *docket, const struct term *term,
			 FILE *out)
{
	enum judge_result result = docket_result(docket);

	fprintf(out, "%-9s  %s  %s\n", judge_results[result],
		docket->close->name[0], docket->close->name[1]);
	if (docket->close->routers || docket->close->translated) {
		fputs("  ", out);
		witness_text(docket->close, docket->log, out);
		fputc('\n', out);
	}
	docket_why(docket, out);
	if (result == JUDGE_DEPARTS)
		draw(docket, term, out);
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
	json_object_object_add(object, "result",
			       text(judge_results[docket_result(docket)]));
	for (size_t i = 0; i < docket->close->ends; i++)
		json_object_array_add(ends, json_end(docket, i));
	json_object_object_add(object, "ends", ends);
	json_object_object_add(object, "seen", witness_json(docket->close, docket->log));
	json_object_object_add(object, "translated",
			       json_object_new_boolean(docket->close->translated));
	return object;
}

static void count(struct verdicts *verdicts, const struct docket *docket)
{
	verdicts->of[docket_result(docket)]++;
	verdicts->closes++;
}

/**
 * dockets_json() - judge all closes of a log, and print the verdicts as JSON
 * @closes: the closes
 * @log: the log
 * @out: where to
 * @verdicts: set to the numbers of closes
 *
 * Return: DONE or REFUSED.
 */
int dockets_json(const struct closes *closes, const struct log *log,
		 FILE *out, struct verdicts *verdicts)
{
	struct json_object *object = json_object_new_object();
	struct json_object *list = json_object_new_array();

	*verdicts = (struct verdicts){ 0 };
	for (size_t i = 0; i < closes->count; i++) {
		struct docket docket = docket_hear(closes, i, log);

		count(verdicts, &docket);
		json_object_array_add(list, json_docket(&docket));
	}
	json_object_object_add(object, "closes", list);
	for (int i = JUDGE_OK; i <= JUDGE_DEPARTS; i++)
		json_object_object_add(object, judge_results[i],
				       json_object_new_uint64(verdicts->of[i]));
	json_object_object_add(object, "lost",
			       json_object_new_uint64(closes->lost));
	return json_print(object, out);
}

/**
 * dockets_text() - judge all closes of a log, and print the verdicts
 * @closes: the closes
 * @log: the log
 * @term: what may be printed
 * @out: where to
 *
 * Return: the numbers of closes.
 */
struct verdicts dockets_text(const struct closes *closes,
			     const struct log *log, const struct term *term,
			     FILE *out)
{
	struct verdicts verdicts = { 0 };

	for (size_t i = 0; i < closes->count; i++) {
		struct docket docket = docket_hear(closes, i, log);

		count(&verdicts, &docket);
		print_docket(&docket, term, out);
	}
	fprintf(out, "%zu close%s: %zu ok, %zu departs, %zu undecided\n",
		closes->count, closes->count == 1 ? "" : "s",
		verdicts.of[JUDGE_OK], verdicts.of[JUDGE_DEPARTS],
		verdicts.of[JUDGE_UNDECIDED]);
	return verdicts;
}
