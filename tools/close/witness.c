// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <string.h>

#include "witness.h"

/**
 * witness_source() - name a source of a log
 * @log: the log
 * @source: index in the log's @sources
 *
 * Return: name of the network namespace, or of the file; "" when the log knows
 * neither.
 */
const char *witness_source(const struct log *log, unsigned int source)
{
	const char *name = log_source_get(&log->sources, source)->name;

	return strcmp(name, "-") ? name : "";
}

static void put_source(const struct log *log, unsigned int source, FILE *out)
{
	const char *name = witness_source(log, source);

	if (*name)
		fprintf(out, " (%s)", name);
}

static size_t ends_seen(const struct close *close)
{
	size_t count = 0;

	for (size_t i = 0; i < close->ends; i++)
		count += close->end[i].seen;
	return count;
}

/**
 * witness_text() - print where a connection was seen
 * @close: the connection
 * @log: the log it was found in
 * @out: where to
 *
 * It is one sentence without an end: "seen at 192.0.2.1:4000 and on a router".
 */
void witness_text(const struct close *close, const struct log *log, FILE *out)
{
	size_t ends = ends_seen(close), left = ends + close->routers;

	fputs("seen", out);
	for (size_t i = 0; i < ends; i++) {
		fprintf(out, "%s at %s", i ? left == 1 ? " and" : "," : "",
			close->end[i].name);
		put_source(log, close->end[i].source, out);
		left--;
	}
	for (size_t i = 0; i < close->routers; i++) {
		fprintf(out, "%s on a router", ends + i ? left == 1 ? " and" :
			"," : "");
		put_source(log, close->router[i].source, out);
		left--;
	}
	if (close->translated)
		fputs(", with NAT between both ends", out);
}

static void json_add(struct json_object *array, const struct log *log,
		     const char *place, const char *end, unsigned int source,
		     u64 flow)
{
	struct json_object *object = json_object_new_object();
	const char *name = witness_source(log, source);

	json_object_object_add(object, "place", json_object_new_string(place));
	json_object_object_add(object, "end",
			       end ? json_object_new_string(end) : NULL);
	json_object_object_add(object, "source", *name ?
			       json_object_new_string(name) : NULL);
	json_object_object_add(object, "flow", json_object_new_uint64(flow));
	json_object_array_add(array, object);
}

/**
 * witness_json() - list where a connection was seen
 * @close: the connection
 * @log: the log it was found in
 *
 * Return: an array, for the caller to put.
 */
struct json_object *witness_json(const struct close *close,
				 const struct log *log)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < close->ends; i++)
		if (close->end[i].seen)
			json_add(array, log, "end", close->end[i].name,
				 close->end[i].source, close->end[i].flow);
	for (size_t i = 0; i < close->routers; i++)
		json_add(array, log, "router", NULL, close->router[i].source,
			 close->router[i].flow);
	return array;
}
