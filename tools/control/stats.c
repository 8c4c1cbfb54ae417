// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "finject.h"
#include "json_record.h"
#include "prometheus.h"
#include "record.h"
#include "stats.h"
#include "table.h"

static struct json_object *array_in(struct json_object *all, const char *key)
{
	struct json_object *array;

	if (json_object_object_get_ex(all, key, &array))
		return array;
	array = json_object_new_array();
	json_object_object_add(all, key, array);
	return array;
}

/**
 * stats_json() - print the counters as one object
 * @text: text of the file `stats`; taken apart in place
 * @out: where to
 *
 * Return: DONE or REFUSED.
 */
int stats_json(char *text, FILE *out)
{
	struct json_object *all = json_object_new_object();
	struct record record;
	char *line;

	while ((line = record_line(&text))) {
		struct json_object *object;

		if (!record_parse(&record, line))
			continue;
		object = json_record(&record, false);
		if (!strcmp(record.word, "limit"))
			json_object_array_add(array_in(all, "limits"), object);
		else if (!strcmp(record.word, "rule"))
			json_object_array_add(array_in(all, "rules"), object);
		else
			json_object_object_add(all, record.word, object);
	}
	array_in(all, "limits");
	array_in(all, "rules");
	return json_print(all, out);
}

static int print_prometheus(char *text, const char *netns)
{
	char *rules = ctl_read("rules");

	if (!rules)
		return REFUSED;
	prometheus_print(text, rules, netns, stdout);
	free(rules);
	return DONE;
}

/**
 * verb_stats() - print the counters: totals, limits, by rule
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_stats(const struct options *opt, int argc, char **argv)
{
	int status = DONE;
	char *text;

	if (opt->prometheus && opt->json)
		return fail("JSON or Prometheus, not both");
	if (ctl_open(opt->netns))
		return REFUSED;
	text = ctl_read("stats");
	if (!text)
		return REFUSED;
	if (opt->prometheus)
		status = print_prometheus(text, opt->netns);
	else if (opt->json)
		status = stats_json(text, stdout);
	else
		table_print(text, "nothing was counted", stdout);
	free(text);
	return status;
}
