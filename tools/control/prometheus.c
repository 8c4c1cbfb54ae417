// SPDX-License-Identifier: GPL-2.0-only
/*
 * The records of `stats` in the text format of Prometheus, version 0.0.4:
 * all samples of a metric stand together below its HELP and TYPE.
 */
#include <stdlib.h>
#include <string.h>

#include "vocabulary.h"
#include "prometheus.h"
#include "record.h"

/* Keys with a blank behind each: of the record `skipped`, of actions. */
#define IN_total(key)
#define IN_skipped(key) key " "
#define SKIPPED(identifier, record, key, ...) IN_##record(key)
#define ACTION(identifier, key) key " "

/**
 * struct metric - one metric and the records it is taken from
 * @name: its name
 * @type: `counter` or `gauge`
 * @help: what it counts
 * @word: first word of the records that have it
 * @label: the label that tells its samples of one record apart, or NULL
 * @keys: the record's keys, blanks between them; the label's value is the key.
 *	`key=value` gives the label another value
 */
struct metric {
	const char *name;
	const char *type;
	const char *help;
	const char *word;
	const char *label;
	const char *keys;
};

static const struct metric metrics[] = {
	{ "finject_segments_seen_total", "counter",
	  "Segments of closes that were judged.", "total", NULL, "seen" },
	{ "finject_segments_total", "counter",
	  "Segments of closes by what became of them.", "total", "verdict",
	  "passed dropped reset released purged" },
	{ "finject_segments_parked", "gauge",
	  "Segments that are parked now.", "total", NULL, "parked" },
	{ "finject_copies_total", "counter",
	  "Copies of segments: made, and what became of them.", "total",
	  "verdict", "copies=made copies_released=released copies_purged=purged" },
	{ "finject_copies_parked", "gauge",
	  "Copies of segments that are parked now.", "total", NULL,
	  "copies_parked" },
	{ "finject_resets_total", "counter",
	  "RST segments made and handed over.", "total", NULL, "resets" },
	{ "finject_resets_refused_total", "counter",
	  "RST segments made that could not be handed over.", "total", NULL,
	  "resets_refused" },
	{ "finject_refused_total", "counter",
	  "Segments and copies sent on that the next hop refused.",
	  "total", NULL, "refused" },
	{ "finject_rules_generation", "gauge",
	  "How often the rules have changed.", "total", NULL, "generation" },
	{ "finject_limit", "gauge",
	  "Use of what is bounded: now, at its peak, and at most.", "limit",
	  "what", "now peak max" },
	{ "finject_limit_refused_total", "counter",
	  "How often a limit was met.", "limit", NULL, "refused" },
	{ "finject_limit_recycled_total", "counter",
	  "How often the oldest made room at a limit.", "limit", NULL,
	  "recycled" },
	{ "finject_skipped_total", "counter",
	  "Segments left alone, by the reason.", "skipped", "why",
	  FINJECT_COUNTER_LIST(SKIPPED) },
	{ "finject_rule_matched_total", "counter",
	  "Segments that a rule matched.", "rule", NULL, "matched" },
	{ "finject_rule_fired_total", "counter",
	  "Segments that a rule fired on.", "rule", NULL, "fired" },
	{ "finject_rule_segments_total", "counter",
	  "Segments that a rule fired on, by its verdict.", "rule", "verdict",
	  FINJECT_ACTION_LIST(ACTION) },
};

enum { METRICS = sizeof(metrics) / sizeof(*metrics), NAME = 32 };

struct exposition {
	struct record *record;
	size_t records;
	const char *rules;
	const char *netns;
	FILE *out;
	bool first;
};

static void label(struct exposition *e, const char *name, const char *value,
		  size_t length)
{
	fprintf(e->out, "%c%s=\"", e->first ? '{' : ',', name);
	e->first = false;
	for (; length; length--, value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', e->out);
		if (*value == '\n')
			fputs("\\n", e->out);
		else
			fputc(*value, e->out);
	}
	fputc('"', e->out);
}

/* The rule's line without `add id=N`. */
static void rule_label(struct exposition *e, const char *id)
{
	char begin[NAME];
	const char *line = e->rules;
	int length = snprintf(begin, sizeof(begin), "add id=%s ", id);

	while (line && strncmp(line, begin, length)) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (line)
		label(e, "rule", line + length, strcspn(line + length, "\n"));
}

static void sample(struct exposition *e, const struct metric *metric,
		   const struct record *record, const char *key,
		   const char *kind)
{
	const char *value = record_get(record, key);
	const char *name = record_get(record, "name");
	const char *id = record_get(record, "id");

	if (!value)
		return;
	fputs(metric->name, e->out);
	e->first = true;
	if (e->netns)
		label(e, "netns", e->netns, strlen(e->netns));
	if (name)
		label(e, "name", name, strlen(name));
	if (id) {
		label(e, "id", id, strlen(id));
		rule_label(e, id);
	}
	if (metric->label)
		label(e, metric->label, kind, strlen(kind));
	fprintf(e->out, "%s %s\n", e->first ? "" : "}", value);
}

static void samples(struct exposition *e, const struct metric *metric,
		    const struct record *record)
{
	const char *keys = metric->keys;
	char key[NAME];
	char *kind;

	while (*keys) {
		int length = strcspn(keys, " ");

		snprintf(key, sizeof(key), "%.*s", length, keys);
		kind = strchr(key, '=');
		if (kind)
			*kind++ = '\0';
		sample(e, metric, record, key, kind ? kind : key);
		keys += length;
		keys += *keys == ' ';
	}
}

static void family(struct exposition *e, const struct metric *metric)
{
	fprintf(e->out, "# HELP %s %s\n# TYPE %s %s\n", metric->name,
		metric->help, metric->name, metric->type);
	for (size_t i = 0; i < e->records; i++)
		if (!strcmp(e->record[i].word, metric->word))
			samples(e, metric, &e->record[i]);
}

/**
 * prometheus_print() - print counters for node_exporter's textfile collector
 * @stats: text of the file `stats`; taken apart in place
 * @rules: text of the file `rules`
 * @netns: what to call the network namespace, or NULL for no such label
 * @out: where to
 */
void prometheus_print(char *stats, const char *rules, const char *netns, FILE *out)
{
	struct exposition e = {
		.rules = rules,
		.netns = netns,
		.out = out,
	};

	e.record = record_all(stats, &e.records);
	for (int i = 0; i < METRICS; i++)
		family(&e, &metrics[i]);
	free(e.record);
}
