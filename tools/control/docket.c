// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdlib.h>
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

	for (size_t i = 0; i < JUDGE_ENDS; i++)
		docket.end[i] = judge_log(closes, index, i, log);
	if (docket.end[1].result > docket.end[0].result)
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

/* "rule (RFC 9293, section; word)", and what else explains it. */
static void print_rule(const struct judge_rule *rule, enum judge_result result,
		       FILE *out)
{
	const char *maybe = judge_maybe(rule, result);

	fputs(rule->broken, out);
	if (*maybe)
		fprintf(out, "; %s", maybe);
	if (*rule->section)
		fprintf(out, " (RFC 9293, %s; %s)", rule->section, rule->name);
	fputc('\n', out);
}

static void print_place(const struct docket *docket, const struct event *event,
			FILE *out)
{
	char name[160];

	fprintf(out, "  at %.6f s: %s\n",
		log_seconds(event->t, close_begin(docket->close, docket->log)),
		event_name(event, name, sizeof(name)));
}

static void end_why(const struct docket *docket, size_t i, FILE *out)
{
	const struct end_verdict *end = &docket->end[i];

	fprintf(out, "  %s: ", judge_name(docket->close, i));
	print_rule(end->rule, end->result, out);
	if (end->event && end->result == JUDGE_DEPARTS)
		print_place(docket, end->event, out);
}

static void end_notes(const struct docket *docket, size_t i, FILE *out)
{
	const struct end_verdict *end = &docket->end[i];

	for (size_t j = 0; j < end->notes; j++) {
		fprintf(out, "  %s: note: ", judge_name(docket->close, i));
		print_rule(end->note[j].rule, JUDGE_OK, out);
		print_place(docket, end->note[j].event, out);
	}
}

/**
 * docket_why() - say why a close is not ok, and what is to be noted
 * @docket: it; of one that is ok only the notes are printed
 * @out: where to
 */
void docket_why(const struct docket *docket, FILE *out)
{
	for (size_t i = 0; i < JUDGE_ENDS; i++)
		if (docket->end[i].result == docket_result(docket) &&
		    docket->end[i].rule)
			end_why(docket, i, out);
	for (size_t i = 0; i < JUDGE_ENDS; i++)
		end_notes(docket, i, out);
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

static void json_rule(struct json_object *object, const struct judge_rule *rule,
		      enum judge_result result, const struct event *event)
{
	char *why = NULL;

	if (rule && asprintf(&why, "%s%s%s", rule->broken,
			     *judge_maybe(rule, result) ? "; " : "",
			     judge_maybe(rule, result)) < 0)
		abort();
	json_object_object_add(object, "rule", rule ? text(rule->name) : NULL);
	json_object_object_add(object, "section",
			       rule ? text(rule->section) : NULL);
	json_object_object_add(object, "why", text(why));
	json_object_object_add(object, "t", event ?
			       json_object_new_uint64(event->t) : NULL);
	free(why);
}

static struct json_object *json_notes(const struct end_verdict *end)
{
	struct json_object *notes = json_object_new_array();

	for (size_t i = 0; i < end->notes; i++) {
		struct json_object *note = json_object_new_object();

		json_rule(note, end->note[i].rule, JUDGE_OK,
			  end->note[i].event);
		json_object_array_add(notes, note);
	}
	return notes;
}

static struct json_object *json_end(const struct docket *docket, size_t i)
{
	const struct end_verdict *end = &docket->end[i];
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "end",
			       text(judge_name(docket->close, i)));
	json_object_object_add(object, "result", text(judge_results[end->result]));
	json_rule(object, end->rule, end->result, end->event);
	json_object_object_add(object, "notes", json_notes(end));
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
	for (size_t i = 0; i < JUDGE_ENDS; i++)
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
