// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records as columns: one table for records that begin with the same word,
 * its header made of their keys. The columns are the same on a terminal and
 * in a pipe.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "refuse.h"
#include "json_record.h"
#include "record.h"
#include "table.h"

static const char * const times[] = { "age", "due", "idle" };

static bool is_time(const char *key)
{
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		if (!strcmp(times[i], key))
			return true;
	return false;
}

static const char *cell(const struct record *record, unsigned int column,
			char *room, size_t size)
{
	const char *value = record->pair[column].value;
	u64 number;

	if (!value)
		return "yes";
	if (!is_time(record->pair[column].key) ||
	    !number_parse(value, &number))
		return value;
	snprintf(room, size, "%.3fs", number / 1e9);
	return room;
}

static size_t width_of(const struct record *records, size_t count,
		       unsigned int column)
{
	size_t width = strlen(records->pair[column].key);
	char room[32];

	for (size_t i = 0; i < count; i++) {
		size_t length;

		if (column >= records[i].count)
			continue;
		length = strlen(cell(&records[i], column, room, sizeof(room)));
		if (length > width)
			width = length;
	}
	return width;
}

static void columns(const struct record *records, size_t count, FILE *out)
{
	size_t width[RECORD_WORDS] = { 0 };
	char room[32];

	for (unsigned int c = 0; c < records->count; c++) {
		bool last = c + 1 == records->count;

		width[c] = last ? 0 : width_of(records, count, c);
		fprintf(out, "%-*s%s", (int)width[c], records->pair[c].key,
			last ? "\n" : "  ");
	}
	for (size_t i = 0; i < count; i++)
		for (unsigned int c = 0; c < records[i].count; c++)
			fprintf(out, "%-*s%s",
				c < records->count ? (int)width[c] : 0,
				cell(&records[i], c, room, sizeof(room)),
				c + 1 == records[i].count ? "\n" : "  ");
}

/* A record that stands alone reads better downwards. */
static void downwards(const struct record *record, FILE *out)
{
	char room[32];

	for (unsigned int c = 0; c < record->count; c++)
		fprintf(out, "%-15s  %s\n", record->pair[c].key,
			cell(record, c, room, sizeof(room)));
}

static bool alone(const struct record *record)
{
	return !strcmp(record->word, "total") ||
	       !strcmp(record->word, "skipped");
}

static int by_id(const void *a, const void *b)
{
	u64 left = record_number(a, "id"), right = record_number(b, "id");

	return left < right ? -1 : left > right;
}

/**
 * table_records() - print records as columns
 * @records: the records
 * @count: number of records
 * @empty: what to say when there is none
 * @out: where to
 */
void table_records(const struct record *records, size_t count,
		   const char *empty, FILE *out)
{
	size_t first, end;

	if (!count)
		fprintf(out, "%s\n", empty);
	for (first = 0; first < count; first = end) {
		for (end = first + 1; end < count; end++)
			if (strcmp(records[end].word, records[first].word))
				break;
		if (first)
			fputc('\n', out);
		if (alone(&records[first]))
			downwards(&records[first], out);
		else
			columns(&records[first], end - first, out);
	}
}

/* The kernel walks over a hash table; people want the oldest close first. */
static struct record *in_order(char *text, size_t *count)
{
	struct record *records = record_all(text, count);

	if (*count && !strcmp(records->word, "flow"))
		qsort(records, *count, sizeof(*records), by_id);
	return records;
}

/**
 * table_print() - print records as columns
 * @text: the records; taken apart in place
 * @empty: what to say when there is none
 * @out: where to
 */
void table_print(char *text, const char *empty, FILE *out)
{
	size_t count;
	struct record *records = in_order(text, &count);

	table_records(records, count, empty, out);
	free(records);
}

/**
 * table_json() - print records as one JSON array
 * @text: the records; taken apart in place
 * @out: where to
 *
 * Return: DONE or REFUSED.
 */
int table_json(char *text, FILE *out)
{
	struct json_object *array = json_object_new_array();
	size_t count;
	struct record *records = in_order(text, &count);

	for (size_t i = 0; i < count; i++)
		json_object_array_add(array, json_record(&records[i], false));
	free(records);
	return json_print(array, out);
}
