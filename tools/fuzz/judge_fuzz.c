// SPDX-License-Identifier: GPL-2.0-only
/*
 * What cannot matter to the judge does not: the words for the closes of a log are
 * the same when records of a foreign connection, unknown records and blank lines
 * come between its own, when all happens later by a constant, and when the ends
 * count from other initial sequence numbers. An input is the text of a log.
 */
#include <string.h>

#include "read_log.h"
#include "fuzz.h"
#include "judge_log.h"
#include "record.h"

#define FOREIGN_A "203.0.113.1:40000"
#define FOREIGN_B "203.0.113.2:80"

static bool is_foreign(const char *name)
{
	return !strcmp(name, FOREIGN_A) || !strcmp(name, FOREIGN_B);
}

static void print_words(const struct closes *closes, size_t index,
			const struct log *log, FILE *out)
{
	const struct close *close = &closes->close[index];
	bool swap = strcmp(judge_name(close, 0), judge_name(close, 1)) > 0;
	size_t i;

	for (i = 0; i < JUDGE_ENDS; i++) {
		struct end_verdict end = judge_log(closes, index, i ^ swap, log);

		fprintf(out, "%s %s %s\n", judge_name(close, i ^ swap),
			judge_results[end.result],
			end.rule ? end.rule->name : "-");
	}
}

/* Return the words for the ends of all closes but the foreign one, by name. */
static char *words_of(struct log *log)
{
	struct closes closes;
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	log_sort(log);
	closes_split(&closes, log);
	for (i = 0; i < closes.count; i++)
		if (!is_foreign(closes.close[i].name[0]))
			print_words(&closes, i, log, out);
	fclose(out);
	closes_free(&closes);
	return text;
}

static void claim_same(struct log *log, const char *words, const char *after)
{
	char *again = words_of(log);

	if (strcmp(words, again))
		fprintf(stderr, "after %s:\n%snot\n%s", after, again, words);
	CLAIM(!strcmp(words, again));
	free(again);
	log_free(log);
}

/*
 * What the foreign records tell of their namespace: nothing, that it forwards, or
 * that it forwards and has sockets.
 */
enum foreign { COMES, PASSES, ENDS };

/*
 * A connection of which nothing else is here, at times at which something
 * happened: the log says no more than before of how long it was watched.
 */
static void add_foreign(struct log *log, size_t at, enum foreign kind)
{
	struct event *event = log_add(log);
	u64 t = log->event[at].t;

	if (at % 3 || kind != ENDS)
		*event = (struct event){
			.kind = EVENT_SEGMENT, .flow = 1UL << 40, .t = t,
			.hook = at % 2 && kind != COMES ?
				HOOK_POST_ROUTING : HOOK_PRE_ROUTING,
			.seg = "fin1", .nth = "1", .flags = "FA",
			.src = FOREIGN_A, .dst = FOREIGN_B, .seq = 1000 + at,
			.ack = 1, .verdict = "pass",
		};
	else
		*event = (struct event){
			.kind = EVENT_SOCKET, .flow = 1UL << 40, .t = t,
			.src = FOREIGN_B, .dst = FOREIGN_A,
			.from = "ESTABLISHED", .to = "CLOSE_WAIT",
			.socket = "full", .cause = "-",
		};
}

static void log_with_foreign(struct log *log, const char *text, size_t size,
			     enum foreign kind)
{
	size_t count, i;

	read_log(log, text, size);
	count = log->count;
	for (i = 0; i < count; i++)
		if (log->event[i].kind != EVENT_LOST)
			add_foreign(log, i, kind);
}

static void claim_foreign(const char *text, size_t size, const char *words,
			  enum foreign kind)
{
	struct log log = { 0 };

	log_with_foreign(&log, text, size, kind);
	claim_same(&log, words, "foreign records");
}

/* Is each line of the accused one of those before? */
static bool is_accused_before(const char *words, const char *before)
{
	char line[256];

	for (; *words; words += strcspn(words, "\n") + 1) {
		if (sscanf(words, "%255[^\n]", line) == 1 &&
		    strstr(line, " departs ") && !strstr(before, line))
			return false;
	}
	return true;
}

/*
 * What a namespace is, a router or not, its other connections tell, too. So they may
 * decide what was undecided, or the reverse. Where all was decided, nobody else is
 * accused.
 */
static void claim_accused(const char *text, size_t size, const char *words,
			  enum foreign kind)
{
	struct log log = { 0 };
	char *after;

	log_with_foreign(&log, text, size, kind);
	after = words_of(&log);
	if (!is_accused_before(after, words))
		fprintf(stderr, "after foreign flows:\n%snot\n%s", after, words);
	CLAIM(is_accused_before(after, words));
	free(after);
	log_free(&log);
}

static void claim_blank(const char *text, size_t size, const char *words)
{
	static const char between[] = "\n\nunknown t=1 flow=1 src=1 dst=2\n\n";
	struct log log = { 0 };
	char *more = NULL;
	size_t all, i;
	FILE *out = open_memstream(&more, &all);

	for (i = 0; i < size; i++) {
		fputc(text[i], out);
		if (text[i] == '\n')
			fputs(between, out);
	}
	fclose(out);
	read_log(&log, more, all);
	free(more);
	claim_same(&log, words, "blank lines and unknown records");
}

static void claim_later(const char *text, size_t size, const char *words)
{
	const u64 hour = 3600ULL * 1000000000;
	struct log log = { 0 };
	bool fits = true;
	size_t i;

	read_log(&log, text, size);
	for (i = 0; i < log.count; i++) {
		/* a time of 0 stands for none, and none is near the end */
		fits &= log.event[i].t && log.event[i].t < 1ULL << 62;
		log.event[i].t += hour;
	}
	if (fits)
		claim_same(&log, words, "an hour");
	else
		log_free(&log);
}

/*
 * Of both ends. The number of <SEQ=0><ACK=...><CTL=RST,ACK> counts from nothing.
 */
static void claim_recounted(const char *text, size_t size, const char *words)
{
	const u32 more = 0xc0000001;
	struct log log = { 0 };
	bool fits = true;
	size_t i;

	read_log(&log, text, size);
	for (i = 0; i < log.count; i++) {
		struct event *event = &log.event[i];
		bool acks = strchr(event->flags, 'A');

		if (!event_is_segment(event))
			continue;
		fits &= event->seq <= UINT32_MAX && event->ack <= UINT32_MAX;
		if (!acks || !strchr(event->flags, 'R') || event->seq)
			event->seq = (u32)(event->seq + more);
		if (acks)
			event->ack = (u32)(event->ack + more);
	}
	if (fits)
		claim_same(&log, words, "other initial sequence numbers");
	else
		log_free(&log);
}

/*
 * Of one connection, and not of the foreign one. Records of several names are
 * joined by their numbers.
 */
static bool is_lone(const struct log *log)
{
	const struct event *first = NULL;
	size_t i;

	for (i = 0; i < log->count; i++) {
		const struct event *event = &log->event[i];

		if (event->kind == EVENT_LOST)
			continue;
		if (!first)
			first = event;
		if (!event_is_between(event, first->src, first->dst) ||
		    !*event->src || !*event->dst ||
		    is_foreign(event->src) || is_foreign(event->dst))
			return false;
	}
	return true;
}

/* Each record has its connection's names and number. */
static bool is_named(const struct log *log)
{
	for (size_t i = 0; i < log->count; i++) {
		const struct event *event = &log->event[i];

		if (event->kind == EVENT_LOST)
			continue;
		if (!*event->src || !*event->dst || !event->flow ||
		    is_foreign(event->src) || is_foreign(event->dst))
			return false;
	}
	return true;
}

/*
 * With more than one close on the same addresses, or a transmission in it twice,
 * a log may be of any namespaces; other records help to guess which.
 */
static bool is_one_close(const char *words)
{
	const char *line = words;
	size_t lines = 0;

	while ((line = strchr(line, '\n'))) {
		line++;
		lines++;
	}
	return lines == JUDGE_ENDS && !strstr(words, "undecided twice");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct log log = { 0 };
	char *words;
	bool lone, named;

	read_log(&log, text, size);
	lone = is_lone(&log);
	named = is_named(&log);
	words = words_of(&log);
	claim_blank(text, size, words);
	claim_later(text, size, words);
	if (lone && is_one_close(words))
		claim_foreign(text, size, words, ENDS);
	if (named)
		claim_foreign(text, size, words, COMES);
	if (named && !strstr(words, " undecided ")) {
		claim_accused(text, size, words, PASSES);
		claim_accused(text, size, words, ENDS);
	}
	if (lone)
		claim_recounted(text, size, words);
	log_free(&log);
	free(words);
	return 0;
}
