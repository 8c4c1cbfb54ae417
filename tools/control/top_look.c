// SPDX-License-Identifier: GPL-2.0-only
/*
 * The looks of `finject top`. Of what another host says nothing is believed: a
 * value of another type than it should have is none, and text is printed in
 * ASCII.
 */
#include <ctype.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "json_record.h"
#include "record.h"
#include "table.h"
#include "top.h"

enum { RATES = 5, WORD = 256, WHY = TOP_SAID + 32 };

static const char * const counters[RATES] = {
	"seen", "dropped", "parked", "reset", "copies",
};

static void put(struct json_object *object, const char *key, u64 value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

static void put_double(struct json_object *object, const char *key,
		       const char *format, double value)
{
	char text[400];

	snprintf(text, sizeof(text), format, value);
	json_object_object_add(object, key,
			       json_object_new_double_s(value, text));
}

static struct json_object *member(struct json_object *object, const char *key,
				  enum json_type type)
{
	struct json_object *found = NULL;

	if (json_object_object_get_ex(object, key, &found) &&
	    json_object_is_type(found, type))
		return found;
	return NULL;
}

static u64 number(struct json_object *object, const char *key)
{
	return json_object_get_uint64(member(object, key, json_type_int));
}

/* Counters that should be 0: refusals, segments left alone, full tables. */
static void add_trouble(struct json_object *trouble,
			const struct record *record)
{
	const char *limit = record_get(record, "name");
	bool skipped = !strcmp(record->word, "skipped");
	char name[WORD];

	for (unsigned int i = 0; i < record->count; i++) {
		const char *key = record->pair[i].key;
		u64 value = record_number(record, key);

		if (!value || !strcmp(key, "others") ||
		    (!skipped && !strstr(key, "refused")))
			continue;
		snprintf(name, sizeof(name), "%s%s", limit ? limit : key,
			 limit ? "_full" : "");
		put(trouble, name, value);
	}
}

static void add_stats(struct json_object *row, char *stats)
{
	struct json_object *trouble = json_object_new_object();
	struct record record;
	char *line;

	json_object_object_add(row, "trouble", trouble);
	while ((line = record_line(&stats))) {
		const char *limit;

		if (!record_parse(&record, line))
			continue;
		/* those of the rules are many, and all behind the rest */
		if (!strcmp(record.word, "rule"))
			break;
		limit = record_get(&record, "name");
		if (limit && !strcmp(limit, "flows"))
			put(row, "flows", record_number(&record, "now"));
		if (!strcmp(record.word, "total"))
			json_object_object_add(row, "total",
					       json_record(&record, false));
		add_trouble(trouble, &record);
	}
}

/**
 * top_row() - say what is known of a namespace
 * @record: its record of the file `namespaces`
 * @name: its name, or ""
 * @stats: text of its file `stats`, taken apart in place; NULL when it cannot
 *	be entered
 * @now: when that was read, ns
 *
 * Return: the object, for the caller to put.
 */
struct json_object *top_row(const struct record *record, const char *name,
			    char *stats, u64 now)
{
	static const char * const later[] = {
		"flows", "total", "rates", "trouble"
	};
	struct json_object *row = json_record(record, false);

	json_object_object_add(row, "name", *name ?
			       json_object_new_string(name) : NULL);
	put(row, "t", now);
	for (size_t i = 0; i < sizeof(later) / sizeof(*later); i++)
		json_object_object_add(row, later[i], NULL);
	if (stats)
		add_stats(row, stats);
	return row;
}

/* Those that were parked, whatever became of them. */
static u64 counted(struct json_object *total, const char *counter)
{
	u64 value = number(total, counter);

	if (!strcmp(counter, "parked"))
		value += number(total, "released") + number(total, "purged");
	return value;
}

/* Return: the namespace of that number, NULL when it is not there. */
static struct json_object *find(struct json_object *look, u64 inum)
{
	size_t count = look ? json_object_array_length(look) : 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *row = json_object_array_get_idx(look, i);

		if (number(row, "inum") == inum)
			return row;
	}
	return NULL;
}

/**
 * top_rates() - find out how much was counted since the last look
 * @row: a namespace
 * @last: that look, or NULL
 *
 * A counter that is less than it was began anew at 0.
 */
void top_rates(struct json_object *row, struct json_object *last)
{
	struct json_object *before = find(last, number(row, "inum")), *rates;
	struct json_object *total = member(row, "total", json_type_object);
	struct json_object *old = member(before, "total", json_type_object);
	u64 now = number(row, "t"), then = number(before, "t");

	if (!total || !old || now <= then)
		return;
	rates = json_object_new_object();
	for (int i = 0; i < RATES; i++) {
		u64 value = counted(total, counters[i]);
		u64 less = counted(old, counters[i]);

		put_double(rates, counters[i], "%.1f",
			   (value < less ? value : value - less) * 1e9 /
			   (now - then));
	}
	json_object_object_add(row, "rates", rates);
}

/**
 * top_take() - read what top_json() printed on another host
 * @host: the host; it gets the look
 * @line: the line
 *
 * Return: false when it is no such line.
 */
bool top_take(struct top_host *host, const char *line)
{
	struct json_object *object = json_tokener_parse(line);
	struct json_object *look = member(object, "namespaces",
					  json_type_array);
	bool taken = look && json_object_array_length(look) <= TOP_NAMESPACES;

	if (taken) {
		json_object_put(host->look);
		host->look = json_object_get(look);
	}
	json_object_put(object);
	return taken;
}

/* It must not command the terminal, nor, as a cell, be taken for two. */
static const char *printable(const char *text, bool cell, char *room,
			     size_t size)
{
	size_t at = 0;

	for (; *text && at + 1 < size; text++)
		room[at++] = isgraph((unsigned char)*text) ||
			(*text == ' ' && !cell) ? *text : '?';
	room[at] = '\0';
	return room;
}

/* Return: why the host has no rows, NULL when it has. */
static const char *absence(const struct top_host *host, u64 now, char *room,
			   size_t size)
{
	char said[TOP_SAID];

	printable(host->said, false, said, sizeof(said));
	if (host->ended)
		snprintf(room, size, "ended: %s", said);
	else if (!host->heard)
		snprintf(room, size, "no answer yet%s%s", *said ? ": " : "",
			 said);
	else if (host->patience && now > host->heard + host->patience)
		snprintf(room, size, "silent for %.0f s",
			 (now - host->heard) / 1e9);
	else
		return NULL;
	return room;
}

/**
 * top_json() - print the last look at a host as a line
 * @host: the host
 * @now: the time, ns
 * @out: where to
 */
void top_json(const struct top_host *host, u64 now, FILE *out)
{
	struct json_object *object = json_object_new_object();
	char room[WHY], here[WORD] = "";
	const char *why = absence(host, now, room, sizeof(room));
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	gethostname(here, sizeof(here) - 1);
	put_double(object, "time", "%.3f", time.tv_sec + time.tv_nsec / 1e9);
	json_object_object_add(object, "host",
			       json_object_new_string(host->name ? host->name :
								   here));
	if (why)
		json_object_object_add(object, "error",
				       json_object_new_string(why));
	json_object_object_add(object, "namespaces", why || !host->look ?
			       json_object_new_array() :
			       json_object_get(host->look));
	json_print_line(object, out);
}

/**
 * struct line - a line of the table
 * @host: the host
 * @row: the namespace
 * @name: what it is called
 */
struct line {
	const struct top_host *host;
	struct json_object *row;
	char name[64];
};

/* Return: -1 when it is not known. */
static double rate(struct json_object *row, const char *counter)
{
	struct json_object *rates = member(row, "rates", json_type_object);
	struct json_object *found = member(rates, counter, json_type_double);
	double value = json_object_get_double(found);

	return found && value >= 0 && value < 1e15 ? value : -1;
}

static int by_activity(const void *a, const void *b)
{
	const struct line *left = a, *right = b;
	double first = rate(left->row, "seen");
	double second = rate(right->row, "seen");

	if (first != second)
		return first > second ? -1 : 1;
	if (left->host != right->host)
		return left->host < right->host ? -1 : 1;
	return strcmp(left->name, right->name);
}

static void print_numbers(struct json_object *row, FILE *out)
{
	static const char * const keys[] = {
		"rules", "flows", "parked", "readers"
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (member(row, keys[i], json_type_int))
			fprintf(out, " %s=%llu", keys[i], number(row, keys[i]));
		else
			fprintf(out, " %s=-", keys[i]);
	for (int i = 0; i < RATES; i++)
		if (rate(row, counters[i]) >= 0)
			fprintf(out, " %s/s=%.1f", counters[i],
				rate(row, counters[i]));
		else
			fprintf(out, " %s/s=-", counters[i]);
}

static void print_note(struct json_object *row, FILE *out)
{
	struct json_object *trouble = member(row, "trouble", json_type_object);
	const char *before_it = "";
	char room[WORD];

	fputs(" note=", out);
	if (!trouble || !json_object_object_length(trouble)) {
		fputs(trouble ? "-\n" : "unreachable\n", out);
		return;
	}
	json_object_object_foreach(trouble, key, value) {
		fprintf(out, "%s%s:%llu", before_it,
			printable(key, true, room, sizeof(room)),
			(u64)json_object_get_uint64(value));
		before_it = ",";
	}
	fputc('\n', out);
}

/* As a record, of which the table is made. */
static void print_line(const struct line *line, FILE *out)
{
	char room[WORD];

	fputs("top", out);
	if (line->host->name)
		fprintf(out, " host=%s", printable(line->host->name, true,
						   room, sizeof(room)));
	fprintf(out, " namespace=%s", line->name);
	print_numbers(line->row, out);
	print_note(line->row, out);
}

static void name_line(struct line *line)
{
	struct json_object *name = member(line->row, "name", json_type_string);

	if (name && json_object_get_string_len(name))
		printable(json_object_get_string(name), true, line->name,
			  sizeof(line->name));
	else
		snprintf(line->name, sizeof(line->name), "%llu",
			 number(line->row, "inum"));
}

/* Return: the rows of all hosts, sorted, for the caller to free. */
static struct line *collect(const struct top_host *hosts, size_t count,
			    u64 now, size_t *lines)
{
	struct line *line = calloc(count * TOP_NAMESPACES, sizeof(*line));
	char why[WHY];

	if (!line)
		abort();
	*lines = 0;
	for (size_t i = 0; i < count; i++) {
		bool absent = absence(&hosts[i], now, why, sizeof(why));
		struct json_object *look = absent ? NULL : hosts[i].look;
		size_t rows = look ? json_object_array_length(look) : 0;

		for (size_t k = 0; k < rows; k++) {
			line[*lines].host = &hosts[i];
			line[*lines].row = json_object_array_get_idx(look, k);
			name_line(&line[(*lines)++]);
		}
	}
	qsort(line, *lines, sizeof(*line), by_activity);
	return line;
}

/**
 * top_table() - print the last looks at all hosts
 * @hosts: the hosts
 * @count: their number
 * @now: the time, ns
 * @out: where to
 */
void top_table(const struct top_host *hosts, size_t count, u64 now, FILE *out)
{
	char why[WHY], room[WORD], *text;
	size_t lines, size;
	struct line *line = collect(hosts, count, now, &lines);
	FILE *records = open_memstream(&text, &size);

	if (!records)
		abort();
	for (size_t i = 0; i < lines; i++)
		print_line(&line[i], records);
	fclose(records);
	table_print(text, "no namespace has rules, parked segments or readers",
		    out);
	for (size_t i = 0; i < count; i++)
		if (hosts[i].name && absence(&hosts[i], now, why, sizeof(why)))
			fprintf(out, "%s: %s\n",
				printable(hosts[i].name, false, room,
					  sizeof(room)), why);
	free(text);
	free(line);
}
