// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "derive.h"
#include "grow.h"
#include "ladder_label.h"

/*
 * The class by which a rule finds a segment. Of several the FIN is the rarest,
 * and the ACK the one that most others are, too.
 */
static unsigned int class_of(const struct sending *sending)
{
	static const unsigned int classes[] = {
		CLASS_RST, CLASS_FIN, CLASS_DATA, CLASS_ACK,
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (sending_has(sending, classes[i]))
			return classes[i];
	return 0;
}

static const char *class_name(unsigned int class, enum ladder_end from)
{
	switch (class) {
	case CLASS_FIN:
		return from == END_A ? "fin1" : "fin2";
	case CLASS_ACK:
		return from == END_A ? "ack2" : "ack1";
	case CLASS_DATA:
		return from == END_A ? "data by=active" : "data by=passive";
	default:
		return "rst";
	}
}

/* Where rules are, a copy that one of them made is not counted. */
static unsigned int nth_of(const struct history *history, size_t index,
			   unsigned int class)
{
	const struct sending *sending = &history->sending[index];
	unsigned int nth = 0;

	for (size_t i = 0; i <= index; i++) {
		const struct sending *at = &history->sending[i];

		nth += at->from == sending->from && !at->copy &&
		       sending_has(at, class);
	}
	return nth;
}

static void put_span(FILE *out, u64 span)
{
	if (span < 1000000)
		fprintf(out, "%lluus", span / 1000);
	else
		fprintf(out, "%llums", (span + 500000) / 1000000);
}

static void put_action(const struct sending *sending, FILE *out)
{
	switch (sending->fate) {
	case FATE_LATE:
		fputs("delay=", out);
		put_span(out, sending->span);
		break;
	case FATE_DOUBLED:
		fprintf(out, "duplicate=%u", sending->copies);
		if (sending->span >= 1000000) {
			fputs(" gap=", out);
			put_span(out, sending->span);
		}
		break;
	case FATE_RESET:
		fprintf(out, "reset=%s", sending->reset);
		break;
	default:
		fputs("drop", out);
	}
}

static void put_nth(const struct derived *rule, FILE *out)
{
	if (rule->last->last && rule->nth == 1)
		return;
	fprintf(out, " nth=%u", rule->nth);
	if (rule->last->last)
		fputc('-', out);
	else if (rule->count > 1)
		fprintf(out, "-%u", rule->nth + rule->count - 1);
}

static void write_rule(struct derived *rule)
{
	const struct sending *first = rule->first;
	FILE *out = fmemopen(rule->text, sizeof(rule->text), "w");

	if (!out)
		abort();
	fprintf(out, "add seg=%s", class_name(class_of(first), first->from));
	put_nth(rule, out);
	fputc(' ', out);
	put_action(first, out);
	fclose(out);
}

static bool has_fault(const struct sending *sending)
{
	return !sending->copy && sending->fate != FATE_PASSED &&
	       class_of(sending);
}

static struct derived *rule_add(struct derived_rules *rules)
{
	rules->rule = grow(rules->rule, rules->count, &rules->room,
			   sizeof(*rules->rule));
	memset(&rules->rule[rules->count], 0, sizeof(*rules->rule));
	return &rules->rule[rules->count++];
}

/* Those that are lost one after the other need one rule. */
static bool extend(struct derived_rules *rules, const struct sending *sending,
		   unsigned int nth)
{
	for (size_t i = rules->count; i--;) {
		struct derived *rule = &rules->rule[i];

		if (rule->last->from != sending->from ||
		    class_of(rule->last) != class_of(sending))
			continue;
		if (rule->last->fate != FATE_LOST ||
		    sending->fate != FATE_LOST ||
		    rule->nth + rule->count != nth)
			return false;
		rule->last = sending;
		rule->count++;
		return true;
	}
	return false;
}

/**
 * derive_rules() - write the rules for a close
 * @rules: set; they point into @history
 * @history: the close
 *
 * The rules are good for the network namespace of either end, and for a router
 * between: each segment passes there, and is counted there once.
 */
void derive_rules(struct derived_rules *rules, const struct history *history)
{
	memset(rules, 0, sizeof(*rules));
	for (size_t i = 0; i < history->count; i++) {
		const struct sending *at = &history->sending[i];
		unsigned int nth = nth_of(history, i, class_of(at));
		struct derived *rule;

		if (!has_fault(at) || extend(rules, at, nth))
			continue;
		rule = rule_add(rules);
		rule->first = at;
		rule->last = at;
		rule->count = 1;
		rule->nth = nth;
	}
	for (size_t i = 0; i < rules->count; i++)
		write_rule(&rules->rule[i]);
}

static const char * const fates[FATES] = {
	[FATE_PASSED] = "passed",
	[FATE_LOST] = "lost",
	[FATE_LATE] = "late",
	[FATE_DOUBLED] = "doubled",
	[FATE_RESET] = "reset",
};

static const char *label_of(const struct sending *sending, char *text,
			    size_t size)
{
	if (sending->arrow)
		ladder_label(sending->arrow, text, size);
	else
		snprintf(text, size, "%s, not seen",
			 class_name(class_of(sending), sending->from));
	return text;
}

static void put_why(const struct derived *rule, const struct history *history,
		    FILE *out)
{
	char label[128];

	fprintf(out, "# %.3f s: %s, %s: %s\n",
		history_seconds(history, rule->first->sent),
		label_of(rule->first, label, sizeof(label)),
		fates[rule->first->fate], rule->first->why);
	if (rule->count > 1)
		fprintf(out, "# to %.3f s: %s\n",
			history_seconds(history, rule->last->sent),
			label_of(rule->last, label, sizeof(label)));
	if (*rule->first->other)
		fprintf(out, "#   or: %s\n", rule->first->other);
}

/* What one observer cannot tell. */
static void put_limits(const struct history *history, FILE *out)
{
	static const char tells[] =
		"# only where a segment that came tells of it\n";

	if (history->hidden[END_A] && history->hidden[END_B])
		fprintf(out,
			"# one place, at neither end: what was lost or late before shows\n%s",
			tells);
	else if (history->hidden[END_A] || history->hidden[END_B])
		fprintf(out, "# one place: what was lost or late between %s and it shows\n%s",
			history->ladder->name[history->hidden[END_B]], tells);
}

/**
 * derive_text() - print rules, and why they are there
 * @rules: the rules
 * @history: the close
 * @out: where to: comments and rules, as `restore` and `run -r` read them
 */
void derive_text(const struct derived_rules *rules,
		 const struct history *history, FILE *out)
{
	for (size_t i = 0; i < rules->count; i++) {
		put_why(&rules->rule[i], history, out);
		fprintf(out, "%s\n", rules->rule[i].text);
	}
	if (!rules->count)
		fputs("# no fault shows\n", out);
	put_limits(history, out);
}

static struct json_object *text(const char *value)
{
	return *value ? json_object_new_string(value) : NULL;
}

static struct json_object *json_rule(const struct derived *rule,
				     const struct history *history)
{
	struct json_object *object = json_object_new_object();
	char label[128];

	json_object_object_add(object, "rule", text(rule->text));
	json_object_object_add(object, "t",
			       json_object_new_uint64(rule->first->sent));
	json_object_object_add(object, "segment",
			       text(label_of(rule->first, label,
					     sizeof(label))));
	json_object_object_add(object, "count",
			       json_object_new_int(rule->count));
	json_object_object_add(object, "fate", text(fates[rule->first->fate]));
	json_object_object_add(object, "recorded",
			       json_object_new_boolean(rule->first->known));
	json_object_object_add(object, "why", text(rule->first->why));
	json_object_object_add(object, "or", text(rule->first->other));
	return object;
}

/**
 * derive_json() - rules, and why they are there, as JSON
 * @rules: the rules
 * @history: the close
 *
 * Return: an array, for the caller to put.
 */
struct json_object *derive_json(const struct derived_rules *rules,
				const struct history *history)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < rules->count; i++)
		json_object_array_add(array, json_rule(&rules->rule[i],
						       history));
	return array;
}

/**
 * derive_free() - forget rules
 * @rules: them
 */
void derive_free(struct derived_rules *rules)
{
	free(rules->rule);
	memset(rules, 0, sizeof(*rules));
}
