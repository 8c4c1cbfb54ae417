// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdlib.h>

#include "closes.h"
#include "derive.h"
#include "finject.h"
#include "history_log.h"
#include "json_record.h"
#include "log_file.h"
#include "record.h"
#include "witness.h"

static bool has_flow(const struct close *close, u64 flow)
{
	for (size_t i = 0; i < close->ends; i++)
		if (close->end[i].flow == flow)
			return true;
	for (size_t i = 0; i < close->routers; i++)
		if (close->router[i].flow == flow)
			return true;
	return false;
}

static u64 flow_of(const struct close *close)
{
	return close->ends ? close->end[0].flow : close->router[0].flow;
}

static int list(const struct closes *closes)
{
	fail("the log has %zu closes; choose one with --flow:", closes->count);
	for (size_t i = 0; i < closes->count; i++)
		fprintf(stderr, "  --flow %llu  %s  %s\n",
			flow_of(&closes->close[i]), closes->close[i].name[0],
			closes->close[i].name[1]);
	return USAGE;
}

/* The one with the flow, or the only one. */
static int choose(const struct options *opt, const struct closes *closes,
		  const struct close **close)
{
	u64 flow;

	if (!closes->count) {
		fail("there is no close in the log");
		return USAGE;
	}
	if (!opt->flow && closes->count > 1)
		return list(closes);
	*close = &closes->close[0];
	if (!opt->flow)
		return DONE;
	if (!number_parse(opt->flow, &flow)) {
		fail("`%s' is no number of a flow", opt->flow);
		return USAGE;
	}
	for (size_t i = 0; i < closes->count; i++) {
		*close = &closes->close[i];
		if (has_flow(*close, flow))
			return DONE;
	}
	fail("no close in the log has flow=%llu", flow);
	return USAGE;
}

static int print_json(const struct close *close, const struct log *log,
		      const struct derived_rules *rules,
		      const struct history *history)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "src",
			       json_object_new_string(close->name[0]));
	json_object_object_add(object, "dst",
			       json_object_new_string(close->name[1]));
	json_object_object_add(object, "seen", witness_json(close, log));
	json_object_object_add(object, "rules", derive_json(rules, history));
	return json_print(object, stdout);
}

static int print_text(const struct close *close, const struct log *log,
		      const struct derived_rules *rules,
		      const struct history *history)
{
	printf("# close of %s and %s, ", close->name[0], close->name[1]);
	witness_text(close, log, stdout);
	putchar('\n');
	derive_text(rules, history, stdout);
	return DONE;
}

static int print(const struct options *opt, const struct close *close,
		 const struct log *log)
{
	u64 until = log->event[log->count - 1].t;
	struct derived_rules rules;
	struct history history;
	struct ladder ladder;
	int status;

	if (!ladder_of_close(&ladder, close, log))
		return fail("no segment of this close is in the log");
	history_build(&history, &ladder, until);
	derive_rules(&rules, &history);
	status = (opt->json ? print_json : print_text)(close, log, &rules,
						       &history);
	derive_free(&rules);
	history_free(&history);
	ladder_free(&ladder);
	return status;
}

/**
 * verb_rules_from() - print the rules that make a close of a log again
 * @opt: options; @opt->flow: number of the flow, when the log has several closes
 * @argc: number of words
 * @argv: names of the logs, see log_files()
 *
 * Return: exit status.
 */
int verb_rules_from(const struct options *opt, int argc, char **argv)
{
	const struct close *close = NULL;
	struct log log = { 0 };
	struct closes closes;
	int status = log_files(&log, argc, argv);

	if (status)
		return status;
	closes_split(&closes, &log);
	status = choose(opt, &closes, &close);
	if (!status)
		status = print(opt, close, &log);
	closes_free(&closes);
	log_free(&log);
	return status;
}
