// SPDX-License-Identifier: GPL-2.0-only
/*
 * The segments that the closes of one run consist of.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "closes.h"
#include "fault.h"
#include "sightings.h"

static unsigned int nth_of(const struct event *event, const char *class)
{
	const char *seg = event->seg, *nth = event->nth;

	while (*seg && *nth) {
		size_t length = strcspn(seg, ",");

		if (length == strlen(class) && !strncmp(seg, class, length))
			return strtoul(nth, NULL, 10);
		seg += length + (seg[length] == ',');
		nth += strcspn(nth, ",");
		nth += *nth == ',';
	}
	return 0;
}

static const char *class_of(const struct event *event)
{
	for (size_t i = 0; point_classes[i]; i++)
		if (list_has(event->seg, point_classes[i]))
			return point_classes[i];
	return NULL;
}

static unsigned int port_of(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? strtoul(colon + 1, NULL, 10) : 0;
}

static void add(struct json_object *list, const char *class, unsigned int nth,
		const struct event *event, size_t close)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "seg", json_object_new_string(class));
	json_object_object_add(object, "nth", json_object_new_int(nth));
	json_object_object_add(object, "sport",
			       json_object_new_int(port_of(event->src)));
	json_object_object_add(object, "dport",
			       json_object_new_int(port_of(event->dst)));
	json_object_object_add(object, "close", json_object_new_int(close));
	json_object_array_add(list, object);
}

/* It crosses several hooks, and is met at the first. */
static bool was_met(const struct close *close, const struct log *log, size_t end)
{
	const struct event *event = &log->event[close->event[end]];

	for (size_t i = 0; i < end; i++) {
		const struct event *other = &log->event[close->event[i]];

		if (other->kind == event->kind &&
		    !strcmp(other->seg, event->seg) &&
		    !strcmp(other->nth, event->nth) &&
		    !strcmp(other->src, event->src))
			return true;
	}
	return false;
}

/**
 * sightings() - list the segments of the closes of a run
 * @closes: the closes
 * @log: the log they are in
 *
 * Return: an array of JSON, POINTS segments at most, for the caller to put.
 */
struct json_object *sightings(const struct closes *closes,
			      const struct log *log)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < closes->count; i++) {
		const struct close *close = &closes->close[i];

		for (size_t j = 0; j < close->count; j++) {
			const struct event *event = &log->event[close->event[j]];
			const char *class;

			if (event->kind != EVENT_SEGMENT || event->copy)
				continue;
			class = class_of(event);
			if (!class || was_met(close, log, j) ||
			    json_object_array_length(list) == POINTS)
				continue;
			add(list, class, nth_of(event, class), event, i);
		}
	}
	return list;
}
