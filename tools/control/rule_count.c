// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "record.h"
#include "rule_count.h"
#include "text.h"
#include "why.h"

static const char verb[] = "add ";
static const char ended[] =
	"it ended before the command (timeout=, or it was removed), and no record tells of it";

static void add(struct rule_counts *counts, size_t *room, const char *line)
{
	size_t skip = strncmp(line, verb, strlen(verb)) ? 0 : strlen(verb);
	struct rule_count *rule;

	counts->rule = grow(counts->rule, counts->count, room,
			    sizeof(*counts->rule));
	rule = &counts->rule[counts->count++];
	*rule = (struct rule_count){ .id = text_id(line) };
	rule->text = strndup(line + skip, strcspn(line, "\n") - skip);
	if (!rule->text)
		abort();
}

/**
 * rule_counts_find() - find the rules of a run among all
 * @counts: all zero; they are put there
 * @rules: text of the file `rules` now
 * @before: the same before the run added its rules
 * @commands: with these lines; a rule that they name by id is theirs also when
 *	there was one of that id
 */
void rule_counts_find(struct rule_counts *counts, const char *rules,
		      const char *before, const char *commands)
{
	size_t room = 0;

	while (*rules) {
		u64 id = text_id(rules);

		if (id && (!text_find(before, id) || text_find(commands, id)))
			add(counts, &room, rules);
		rules += strcspn(rules, "\n");
		rules += *rules == '\n';
	}
}

static struct rule_count *find(const struct rule_counts *counts, u64 id)
{
	for (size_t i = 0; i < counts->count; i++)
		if (counts->rule[i].id == id)
			return &counts->rule[i];
	return NULL;
}

/**
 * rule_counts_read() - read how often each rule matched and fired
 * @counts: the rules
 * @stats: text of the file `stats`; taken apart in place
 * @recorder: what to ask of rules that are gone
 */
void rule_counts_read(struct rule_counts *counts, char *stats,
		      const struct recorder *recorder)
{
	struct record record;
	char *line;

	for (size_t i = 0; i < counts->count; i++) {
		counts->rule[i].gone = true;
		counts->rule[i].fired = recorder_fired(recorder,
						       counts->rule[i].id);
	}
	while ((line = record_line(&stats))) {
		struct rule_count *rule;

		if (!record_parse(&record, line) ||
		    strcmp(record.word, "rule"))
			continue;
		rule = find(counts, record_number(&record, "id"));
		if (!rule)
			continue;
		rule->gone = false;
		rule->matched = record_number(&record, "matched");
		rule->fired = record_number(&record, "fired");
	}
}

/**
 * rule_counts_wait() - look for a segment that a rule will let go on soon
 * @counts: the rules
 * @held: text of the file `held`; taken apart in place
 * @span: how soon, ns
 *
 * Return: whether one of them has parked such a segment.
 */
bool rule_counts_wait(const struct rule_counts *counts, char *held, u64 span)
{
	struct record record;
	char *line;

	while ((line = record_line(&held)))
		if (record_parse(&record, line) &&
		    !strcmp(record.word, "parked") &&
		    find(counts, record_number(&record, "rule")) &&
		    record_number(&record, "due") <= span)
			return true;
	return false;
}

/**
 * rule_counts_ask() - ask why those rules did not fire that did not
 * @counts: the rules
 * @why: text of the file `why`
 */
void rule_counts_ask(struct rule_counts *counts, const char *why)
{
	for (size_t i = 0; i < counts->count; i++) {
		struct rule_count *rule = &counts->rule[i];
		char *text = strdup(why);
		size_t size;
		FILE *out;

		free(rule->why);
		rule->why = NULL;
		out = open_memstream(&rule->why, &size);
		if (!text || !out)
			abort();
		why_sentence(text, rule->id, out);
		fclose(out);
		free(text);
	}
}

/**
 * rule_count_why() - say why a rule did not fire, as far as it is known
 * @rule: the rule
 * @out: where to
 */
void rule_count_why(const struct rule_count *rule, FILE *out)
{
	if (rule->gone)
		fprintf(out, "never fired: %s", ended);
	else
		fputs(rule->why && *rule->why ? rule->why : "never fired",
		      out);
}

/**
 * rule_counts_free() - forget the rules
 * @counts: them
 */
void rule_counts_free(struct rule_counts *counts)
{
	for (size_t i = 0; i < counts->count; i++) {
		free(counts->rule[i].text);
		free(counts->rule[i].why);
	}
	free(counts->rule);
	memset(counts, 0, sizeof(*counts));
}
