// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "fault.h"

/* A RTO is 200 ms at least; 500 ms is longer than that of a near peer. */
static const struct fault known[] = {
	{ "drop", false, "nth=%n drop" },
	{ "drop-all", true, "nth=%n- drop" },
	{ "delay-rto", false, "nth=%n delay=500ms" },
	{ "delay-patience", true, "nth=%n- delay=%p" },
	{ "duplicate", false, "nth=%n duplicate=1" },
	{ "duplicate-late", false, "nth=%n duplicate=1 gap=3s" },
	{ "hold", true, "nth=%n- hold=explore max=%m" },
	{ "reset-sender", false, "nth=%n reset=sender" },
	{ "reset-receiver", false, "nth=%n reset=receiver" },
	{ "reset-both", false, "nth=%n reset=both" },
	{ "simultaneous", true, "hold=explore gather=2 max=2s per=flow" },
};

/* What --only may name. */
enum term { TERM_SEG, TERM_NTH, TERM_FLOW, TERM_PORT, TERM_FAULT, TERMS };

static const char * const terms[TERMS + 1] = {
	"seg", "nth", "flow", "port", "fault", ""
};

enum { FAULT_NAME = 32 };

const char * const point_classes[] = {
	"fin1", "fin2", "rst", "data", "ack1", "ack2", NULL
};

enum { KNOWN = sizeof(known) / sizeof(*known) };

static bool is_simultaneous(const struct fault *fault)
{
	return !strcmp(fault->name, "simultaneous");
}

static int number(struct json_object *object, const char *key)
{
	return json_object_get_int(json_object_object_get(object, key));
}

static bool has_port(struct json_object *run, int port)
{
	struct json_object *list = json_object_object_get(run, "segments");

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *one = json_object_array_get_idx(list, i);

		if (number(one, "sport") == port || number(one, "dport") == port)
			return true;
	}
	return false;
}

static bool is_stable(struct json_object **runs, size_t count, int port)
{
	for (size_t i = 0; i < count; i++)
		if (!has_port(runs[i], port))
			return false;
	return true;
}

/* Servers have one port in each run, and one below those of clients. */
static void port_choose(struct json_object *one, struct json_object **runs,
			size_t count, struct point *point)
{
	int sport = number(one, "sport"), dport = number(one, "dport");
	bool by_source = is_stable(runs, count, sport);
	bool by_destination = is_stable(runs, count, dport);

	if (by_source && by_destination) {
		by_source = sport < dport;
		by_destination = !by_source;
	}
	if (by_source)
		snprintf(point->port, sizeof(point->port), "sport=%d", sport);
	else if (by_destination)
		snprintf(point->port, sizeof(point->port), "dport=%d", dport);
}

static bool is_same(const struct point *a, const struct point *b)
{
	return !strcmp(a->seg, b->seg) && a->nth == b->nth &&
	       !strcmp(a->port, b->port);
}

static struct point point_of(struct json_object *one, struct json_object **runs,
			     size_t count)
{
	struct json_object *seg = json_object_object_get(one, "seg");
	struct point point = { .nth = number(one, "nth") };

	snprintf(point.seg, sizeof(point.seg), "%s", json_object_get_string(seg));
	port_choose(one, runs, count, &point);
	return point;
}

/* Return: number of connections of a run that have it. */
static unsigned int times_in(struct json_object *run, const struct point *point,
			     struct json_object **runs, size_t count)
{
	struct json_object *list = json_object_object_get(run, "segments");
	unsigned int times = 0;

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct point other = point_of(json_object_array_get_idx(list, i),
					      runs, count);

		times += is_same(&other, point);
	}
	return times;
}

static void add(struct points *points, struct point *point,
		struct json_object **runs, size_t count)
{
	unsigned int most = 0;

	for (size_t i = 0; i < points->count; i++)
		if (is_same(&points->point[i], point))
			return;
	for (size_t i = 0; i < count; i++) {
		unsigned int times = times_in(runs[i], point, runs, count);

		if (times > most)
			most = times < CONNECTIONS ? times : CONNECTIONS;
	}
	for (unsigned int i = 0; i < most && points->count < POINTS; i++) {
		point->flow = most > 1 ? i + 1 : 0;
		points->point[points->count++] = *point;
	}
}

static void learn_from(struct points *points, struct json_object *run,
		       struct json_object **runs, size_t count)
{
	struct json_object *list = json_object_object_get(run, "segments");

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct point point = point_of(json_object_array_get_idx(list, i),
					      runs, count);

		add(points, &point, runs, count);
	}
}

/**
 * points_learn() - find the segments that are there in any run
 * @points: filled in
 * @runs: results of runs without a fault
 * @count: their number
 *
 * Which end closes first may be chance.
 * A connection is told from others by the port that is the same in each run;
 * those of one port by which of them comes to send the segment first.
 */
void points_learn(struct points *points, struct json_object **runs,
		  size_t count)
{
	points->count = 0;
	for (size_t i = 0; i < count; i++)
		learn_from(points, runs[i], runs, count);
}

/**
 * point_name() - name a point
 * @point: it
 * @text: filled in
 * @size: room in @text
 */
void point_name(const struct point *point, char *text, size_t size)
{
	int length = snprintf(text, size, "%s #%u %s", point->seg, point->nth,
			      point->port);

	if (point->flow && length < (int)size)
		snprintf(text + length, size - length, " flow=%u", point->flow);
}

/* Words that only one of both FINs meets. */
static bool is_one_way(const char *match)
{
	return strstr(match, "sport=") || strstr(match, "dport=") ||
	       strstr(match, "by=") || strstr(match, "src=") ||
	       strstr(match, "dst=");
}

/**
 * faults_list() - list the faults, those of the user last
 * @setting: what holds for all runs
 * @faults: filled in
 * @room: number of those that fit
 *
 * Return: their number.
 */
size_t faults_list(const struct setting *setting, struct fault *faults,
		   size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < KNOWN && count < room; i++)
		if (!is_simultaneous(&known[i]) || !is_one_way(setting->match))
			faults[count++] = known[i];
	for (size_t i = 0; i < setting->opt->fault_count && count < room; i++)
		faults[count++] = (struct fault){
			.name = setting->opt->faults[i],
			.each = true,
			.words = setting->opt->faults[i],
		};
	return count;
}

/**
 * fault_is_own() - find out whether a fault is the user's own
 * @fault: the fault
 *
 * Return: true when it is.
 */
bool fault_is_own(const struct fault *fault)
{
	return fault->name == fault->words;
}

/**
 * fault_fits() - find out whether a fault makes sense at a point
 * @fault: the fault
 * @point: the point
 *
 * Return: true when it does.
 */
bool fault_fits(const struct fault *fault, const struct point *point)
{
	return !is_simultaneous(fault) ||
	       (!strcmp(point->seg, "fin1") && point->nth == 1);
}

/* Return: whether @value is in the list, words with commas between them. */
static bool is_listed(const char *list, size_t length, const char *value)
{
	while (length) {
		size_t word = strcspn(list, ",");

		if (word > length)
			word = length;
		if (word == strlen(value) && !strncmp(list, value, word))
			return true;
		length -= word + (word < length);
		list += word + 1;
	}
	return false;
}

/* Return: which of the terms it is, or the number of them. */
static size_t term_kind(const char *term)
{
	size_t kind = 0, length = strcspn(term, "= ");

	while (kind < TERMS && (strlen(terms[kind]) != length ||
				strncmp(term, terms[kind], length)))
		kind++;
	return kind;
}

static void value_of(const struct fault *fault, const struct point *point,
		     size_t kind, char *value, size_t size)
{
	const char *port = strchr(point->port, '=');

	if (kind == TERM_SEG)
		snprintf(value, size, "%s", point->seg);
	else if (kind == TERM_NTH)
		snprintf(value, size, "%u", point->nth);
	else if (kind == TERM_FLOW)
		snprintf(value, size, "%u", point->flow);
	else if (kind == TERM_PORT)
		snprintf(value, size, "%s", port ? port + 1 : "0");
	else
		snprintf(value, size, "%s",
			 fault_is_own(fault) ? "own" : fault->name);
}

/**
 * fault_term() - write what a term of --only has to say for a fault to be meant
 * @fault: the fault
 * @point: its point
 * @key: the term's name
 * @out: where to
 */
void fault_term(const struct fault *fault, const struct point *point,
		const char *key, FILE *out)
{
	char value[FAULT_NAME];

	value_of(fault, point, term_kind(key), value, sizeof(value));
	fputs(value, out);
}

static bool term_holds(const char *term, size_t length,
		       const struct fault *fault, const struct point *point)
{
	size_t kind = term_kind(term), skip = strlen(terms[kind]) + 1;
	char value[FAULT_NAME];

	value_of(fault, point, kind, value, sizeof(value));
	return is_listed(term + skip, length - skip, value) ||
	       (kind == TERM_FAULT &&
		is_listed(term + skip, length - skip, fault->name));
}

static bool is_class(const char *word, size_t length)
{
	for (size_t i = 0; point_classes[i]; i++)
		if (strlen(point_classes[i]) == length &&
		    !strncmp(word, point_classes[i], length))
			return true;
	return false;
}

static bool is_fault(const char *word, size_t length,
		     const struct fault *faults, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *name = faults[i].name;

		if ((strlen(name) == length && !strncmp(word, name, length)) ||
		    (fault_is_own(&faults[i]) && length == 3 &&
		     !strncmp(word, "own", 3)))
			return true;
	}
	return false;
}

static int term_check(const char *term, size_t length,
		      const struct fault *faults, size_t count)
{
	size_t kind = term_kind(term), at;

	if (kind == TERMS || term[strlen(terms[kind])] != '=') {
		fail("--only knows seg=, nth=, flow=, port= and fault=, not `%.*s'",
		     (int)length, term);
		return USAGE;
	}
	at = strlen(terms[kind]) + 1;
	while (at < length) {
		const char *word = term + at;
		size_t end = strcspn(word, ", ");

		if ((kind == TERM_SEG && !is_class(word, end)) ||
		    (kind == TERM_FAULT && !is_fault(word, end, faults, count))) {
			fail("--only: there is no %s `%.*s'", kind == TERM_SEG ?
			     "segment" : "fault", (int)end, word);
			return USAGE;
		}
		at += end + 1;
	}
	return DONE;
}

/**
 * fault_only_check() - check what the user asked for
 * @only: terms, as fault_is_wanted() has them
 * @faults: all faults
 * @count: their number
 *
 * Return: DONE, or USAGE after a sentence.
 */
int fault_only_check(const char *only, const struct fault *faults, size_t count)
{
	int status = DONE;

	while (!status && only && *only) {
		size_t length = strcspn(only, " ");

		if (length)
			status = term_check(only, length, faults, count);
		only += length + (only[length] == ' ');
	}
	return status;
}

/**
 * fault_is_wanted() - find out whether the user asked for a fault
 * @only: terms with blanks between them, or NULL; all must hold
 * @fault: the fault
 * @point: the point
 *
 * Return: true when it is wanted.
 */
bool fault_is_wanted(const char *only, const struct fault *fault,
		     const struct point *point)
{
	while (only && *only) {
		size_t length = strcspn(only, " ");

		if (length && !term_holds(only, length, fault, point))
			return false;
		only += length + (only[length] == ' ');
	}
	return true;
}

static void put_time(FILE *out, u64 span)
{
	if (span % SEC)
		fprintf(out, "%llums", span / MSEC);
	else
		fprintf(out, "%llus", span / SEC);
}

static void put_words(FILE *out, const char *words, const struct point *point,
		      const struct setting *setting)
{
	for (; *words; words++) {
		if (!strncmp(words, "%n", 2))
			fprintf(out, "%u", point->nth);
		else if (!strncmp(words, "%p", 2))
			put_time(out, setting->patience);
		else if (!strncmp(words, "%m", 2))
			put_time(out, 2 * setting->limit + 60 * SEC);
		else
			fputc(*words, out);
		words += *words == '%' && words[1] && strchr("npm", words[1]);
	}
}

/**
 * fault_rule() - put a fault at a point, as a rule
 * @fault: the fault
 * @point: the point
 * @setting: what holds for all runs
 * @text: filled in
 * @size: room in @text
 */
void fault_rule(const struct fault *fault, const struct point *point,
		const struct setting *setting, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");
	char key[8];

	if (!out)
		return;
	snprintf(key, sizeof(key), "%.6s", point->port);
	fprintf(out, "seg=%s", is_simultaneous(fault) ? "fin" : point->seg);
	if (is_simultaneous(fault) && strstr(setting->match, "port="))
		; /* the user's, for both FINs */
	else if (is_simultaneous(fault) && *point->port)
		fprintf(out, " %s", point->port + 1);
	else if (*point->port && !strstr(setting->match, key))
		fprintf(out, " %s", point->port);
	if (*setting->match)
		fprintf(out, " %s", setting->match);
	if (point->flow && !strstr(setting->match, "flow=") &&
	    !strstr(fault->words, "flow="))
		fprintf(out, " flow=%u", point->flow);
	fputc(' ', out);
	put_words(out, fault->words, point, setting);
	if (!fault->each)
		fprintf(out, " times=1");
	fclose(out);
}
