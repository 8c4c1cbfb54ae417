// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text format of Prometheus: each metric once, HELP and TYPE before its
 * samples, labels escaped, no series twice.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "vocabulary.h"
#include "prometheus.h"
#include "record.h"

static const char stats[] =
	"total generation=3 seen=20 passed=10 dropped=5 reset=0 parked=2 released=3 purged=0 copies=1 copies_parked=0 copies_released=1 copies_purged=0 resets=4 resets_refused=6 refused=8\n"
	"skipped fragments=0 malformed=1 prefetched=0 unsplit=0 nodst=0 nomem=0\n"
	"limit name=rules now=2 peak=2 max=1024 refused=0 recycled=0\n"
	"limit name=flows now=1 peak=9 max=65536 refused=7 recycled=0\n"
	"rule id=1 matched=4 fired=4 passed=0 dropped=4 delayed=0 duplicated=0 held=0 reset=0\n"
	"rule id=12 matched=2 fired=1 passed=0 dropped=0 delayed=0 duplicated=0 held=1 reset=0\n";

static const char rules[] =
	"add id=1 seg=fin1 iif=a\\\"b drop\n"
	"add id=12 seg=ack2 hold=x max=60s seed=7\n";

static char *exposition(const char *netns)
{
	char *copy = strdup(stats), *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	prometheus_print(copy, rules, netns, out);
	fclose(out);
	free(copy);
	return text;
}

static bool has_line(const char *text, const char *line)
{
	const char *found = strstr(text, line);

	return found && (found == text || found[-1] == '\n') &&
	       found[strlen(line)] == '\n';
}

static void test_values(void)
{
	static const char * const lines[] = {
		"finject_segments_seen_total 20",
		"finject_segments_total{verdict=\"passed\"} 10",
		"finject_segments_total{verdict=\"dropped\"} 5",
		"finject_segments_parked 2",
		"finject_copies_total{verdict=\"made\"} 1",
		"finject_resets_total 4",
		"finject_resets_refused_total 6",
		"finject_refused_total 8",
		"finject_limit{name=\"flows\",what=\"peak\"} 9",
		"finject_limit_refused_total{name=\"flows\"} 7",
		"finject_skipped_total{why=\"malformed\"} 1",
		"finject_rule_matched_total{id=\"1\",rule=\"seg=fin1 iif=a\\\\\\\"b drop\"} 4",
		"finject_rule_fired_total{id=\"12\",rule=\"seg=ack2 hold=x max=60s seed=7\"} 1",
		"finject_rule_segments_total{id=\"12\",rule=\"seg=ack2 hold=x max=60s seed=7\",verdict=\"held\"} 1",
		"# TYPE finject_limit gauge",
		"# TYPE finject_segments_total counter",
	};
	char *text = exposition(NULL);

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		check(has_line(text, lines[i]), lines[i]);
	free(text);
}

static void test_netns(void)
{
	char *text = exposition("a");

	check(has_line(text, "finject_segments_seen_total{netns=\"a\"} 20"),
	      "label netns");
	check(has_line(text,
		       "finject_limit{netns=\"a\",name=\"rules\",what=\"now\"} 2"),
	      "label netns before others");
	free(text);
}

/* Every counter has a sample: each is given a value of its own. */
static void test_counters(void)
{
#define COUNTER(identifier, record, key, ...) { #record, key },
	static const char * const counters[][2] = {
		FINJECT_COUNTER_LIST(COUNTER)
	};
	size_t count = sizeof(counters) / sizeof(*counters), size;
	char *copy, *text, value[32];
	FILE *out = open_memstream(&copy, &size);

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s %s=%zu\n", counters[i][0], counters[i][1],
			1000 + i);
	fclose(out);
	out = open_memstream(&text, &size);
	prometheus_print(copy, rules, NULL, out);
	fclose(out);
	for (size_t i = 0; i < count; i++) {
		snprintf(value, sizeof(value), " %zu\n", 1000 + i);
		check(strstr(text, value), counters[i][1]);
	}
	free(copy);
	free(text);
}

/* Return the metric of a HELP, a TYPE or a sample. */
static size_t metric_of(const char *line, const char **name)
{
	*name = *line == '#' ? line + strlen("# HELP ") : line;
	return strspn(*name, "abcdefghijklmnopqrstuvwxyz_");
}

static bool is_sample(const char *line)
{
	const char *value = strrchr(line, ' ');
	const char *brace = strchr(line, '{');

	if (!value || !isdigit((unsigned char)value[1]))
		return false;
	return !brace || value[-1] == '}';
}

static void test_format(void)
{
	char *text = exposition(NULL), *rest = text, *line;
	char *all = strdup(text);
	char type[64] = "", twice[128];

	while ((line = record_line(&rest))) {
		const char *name;
		int length = metric_of(line, &name);

		if (!strncmp(line, "# TYPE ", 7)) {
			snprintf(type, sizeof(type), "%.*s", length, name);
			snprintf(twice, sizeof(twice), "# TYPE %s ", type);
			check(!strstr(strstr(all, twice) + 1, twice), twice);
		} else if (*line != '#') {
			check((int)strlen(type) == length &&
			      !strncmp(type, name, length), line);
			check(is_sample(line), line);
			*strrchr(line, ' ') = '\0';
			check(!strstr(strstr(all, line) + 1, line) ||
			      !strchr(line, '{'), line);
		}
	}
	free(text);
	free(all);
}

int main(void)
{
	test_values();
	test_netns();
	test_counters();
	test_format();
	return cases_end();
}
