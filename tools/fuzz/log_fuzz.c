// SPDX-License-Identifier: GPL-2.0-only
/*
 * Untrusted logs, as `finject check` and `finject report` read them. An input
 * is the text of one file; lines that are not records are skipped.
 *
 * A log that was read prints to a log that reads and prints the same. Every
 * close in it can be judged and drawn, in text, SVG and HTML. Records of other
 * connections, and of no loss, change no verdict.
 */
#include <string.h>

#include "read_log.h"
#include "derive.h"
#include "fuzz.h"
#include "history_log.h"
#include "judge_log.h"
#include "ladder.h"
#include "ladder_text.h"
#include "record.h"
#include "report_page.h"
#include "svg.h"
#include "term.h"

static char *print_log(const struct log *log, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	log_print(log, out);
	fclose(out);
	return text;
}

static void claim_reads_as_printed(const struct log *log)
{
	struct log again = { 0 };
	size_t size, size_again;
	char *text = print_log(log, &size), *twice;

	read_log(&again, text, size);
	twice = print_log(&again, &size_again);
	CLAIM(log->count == again.count);
	CLAIM(size == size_again && !memcmp(text, twice, size));
	free(text);
	free(twice);
	log_free(&again);
}

static void claim_ordered(const struct log *log)
{
	size_t i;

	for (i = 1; i < log->count; i++)
		CLAIM(log->event[i - 1].t <= log->event[i].t);
}

/* Rules can be derived from any close. */
static void claim_rules(const struct close *close, const struct log *log)
{
	struct derived_rules rules;
	struct history history;
	struct ladder built;
	size_t i;

	if (!ladder_of_close(&built, close, log))
		return;
	history_build(&history, &built, log->event[log->count - 1].t);
	derive_rules(&rules, &history);
	for (i = 0; i < rules.count; i++)
		CLAIM(!strncmp(rules.rule[i].text, "add seg=", 8));
	derive_free(&rules);
	history_free(&history);
	ladder_free(&built);
}

static void claim_verdict(const struct closes *closes, size_t index,
			  const struct log *log)
{
	const struct close *close = &closes->close[index];
	size_t i;

	CLAIM(close->ends <= 2);
	for (i = 0; i < close->count; i++)
		CLAIM(close->event[i] < log->count);
	for (i = 0; i < JUDGE_ENDS; i++) {
		struct end_verdict end = judge_log(closes, index, i, log);

		CLAIM(end.result <= JUDGE_DEPARTS);
		CLAIM(!end.event || end.place < close->count);
		CLAIM(end.result == JUDGE_OK || end.rule);
	}
	claim_rules(close, log);
}

static const char foreign[] = "[2001:db8:f::1]:9";

/*
 * It leaves its end, and is not forwarded: that would tell of a router. The
 * number of its flow is its own.
 */
static struct event foreign_event(u64 t, size_t number)
{
	struct event event = {
		.kind = number % 5 ? EVENT_SEGMENT : EVENT_LOST,
		.t = t, .flow = number + (1ULL << 40),
		.hook = HOOK_POST_ROUTING,
		.seg = "fin1", .nth = "1", .flags = "FA", .seq = 0xf0f0f0f0,
		.verdict = "pass",
		.dst = "[2001:db8:f::2]:9",
	};

	memcpy(event.src, foreign, sizeof(foreign));
	return event;
}

static struct log with_foreign(const struct log *log)
{
	struct log noisy = { .both = log->both, .sources = log->sources };
	size_t i;

	for (i = 0; i < log->count; i++) {
		*log_add(&noisy) = foreign_event(log->event[i].t, i);
		*log_add(&noisy) = log->event[i];
	}
	return noisy;
}

static void claim_same(const struct end_verdict *a, const struct end_verdict *b)
{
	size_t i;

	CLAIM(a->result == b->result && a->rule == b->rule);
	CLAIM(a->notes == b->notes);
	for (i = 0; i < a->notes; i++)
		CLAIM(a->note[i].rule == b->note[i].rule);
}

static size_t next_own(const struct closes *closes, size_t i)
{
	while (i < closes->count &&
	       (!strcmp(closes->close[i].name[0], foreign) ||
		!strcmp(closes->close[i].name[1], foreign)))
		i++;
	CLAIM(i < closes->count);
	return i;
}

static void claim_unmoved(const struct closes *closes, const struct log *log,
			  struct log *noisy)
{
	struct closes others;
	size_t i, j, k = 0;

	closes_split(&others, noisy);
	for (i = 0; i < closes->count; i++, k++) {
		k = next_own(&others, k);
		for (j = 0; j < JUDGE_ENDS; j++) {
			struct end_verdict a = judge_log(closes, i, j, log);
			struct end_verdict b = judge_log(&others, k, j, noisy);

			claim_same(&a, &b);
		}
	}
	closes_free(&others);
	noisy->sources = (struct log_sources){ 0 };
	log_free(noisy);
}

static char *page(const struct closes *closes, const struct log *log)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	report_page(closes, log, NULL, out);
	fclose(out);
	return text;
}

static char *ladder(const struct log *log, bool svg)
{
	static const struct svg_about about = {
		.title = "a close",
		.alone = true,
	};
	static const struct term plain = { .utf8 = true };
	struct ladder ladder;
	char *text = NULL;
	size_t size;
	FILE *out;

	if (!ladder_build(&ladder, log))
		return NULL;
	out = open_memstream(&text, &size);
	if (svg)
		svg_ladder(&ladder, &about, out);
	else
		ladder_text(&ladder, &plain, out);
	fclose(out);
	ladder_free(&ladder);
	return text;
}

/* No byte of a log is a control character of the terminal. */
static void claim_no_control(const char *text)
{
	for (; text && *text; text++)
		CLAIM((unsigned char)*text >= ' ' ? *text != 0x7f :
						    *text == '\n');
}

/* No text of a log becomes a tag: there is no script but @own. */
static void claim_scripts(const char *text, size_t own)
{
	size_t found = 0;

	while (text && (text = strstr(text, "<script"))) {
		text++;
		found++;
	}
	CLAIM(found == own);
}

static void claim_drawn(const struct log *log)
{
	char *text = ladder(log, false), *svg = ladder(log, true);

	claim_no_control(text);
	claim_scripts(svg, 0);
	free(text);
	free(svg);
}

static void claim_shown(const struct closes *closes, const struct log *log)
{
	char *html = page(closes, log);
	size_t i;

	claim_scripts(html, 1);
	free(html);
	for (i = 0; i < closes->count; i++) {
		struct log part = { 0 };

		close_log(&closes->close[i], log, 0, (size_t)-1, &part);
		claim_drawn(&part);
		log_free(&part);
	}
	claim_drawn(log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log log = { 0 }, noisy;
	struct closes closes;
	size_t i;

	read_log(&log, (const char *)data, size);
	claim_reads_as_printed(&log);
	log_sort(&log);
	claim_ordered(&log);
	noisy = with_foreign(&log);
	closes_split(&closes, &log);
	for (i = 0; i < closes.count; i++)
		claim_verdict(&closes, i, &log);
	claim_unmoved(&closes, &log, &noisy);
	claim_shown(&closes, &log);
	closes_free(&closes);
	log_free(&log);
	return 0;
}
