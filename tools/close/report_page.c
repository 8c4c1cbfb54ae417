// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page: a table of all closes, then each with its drawing. It needs
 * nothing but itself: no script, no font, no network.
 */
#include <string.h>

#include "judge_log.h"
#include "ladder.h"
#include "page.h"
#include "report_page.h"
#include "svg.h"

/**
 * struct tally - one close in numbers
 * @segments: that were sent
 * @lost: of them
 * @parked: of them
 * @copies: made by a rule
 * @took: from the first to the last observation, ns
 * @result: what the judge says
 */
struct tally {
	unsigned int segments;
	unsigned int lost;
	unsigned int parked;
	unsigned int copies;
	u64 took;
	enum judge_result result;
};

static struct tally tally(const struct closes *closes, size_t index,
			  const struct log *log, const struct ladder *ladder)
{
	const struct close *close = &closes->close[index];
	u64 begin = close_begin(close, log);
	struct tally t = { 0 };

	if (begin)
		t.took = log->event[close->event[close->count - 1]].t - begin;
	for (size_t i = 0; i < ladder->arrows; i++) {
		const struct ladder_arrow *arrow = &ladder->arrow[i];

		t.copies += arrow->copy;
		t.segments += !arrow->copy;
		t.parked += !arrow->copy && arrow->parked;
		t.lost += arrow->fault == FAULT_LOST ||
			  arrow->fault == FAULT_PURGED;
	}
	for (size_t i = 0; i < closes->close[index].ends; i++) {
		struct end_verdict v = judge_log(closes, index, i, log);

		if (v.result > t.result)
			t.result = v.result;
	}
	return t;
}

/* What is wider than the page scrolls on its own, by keys as well. */
static void open_region(const char *name, FILE *out)
{
	fprintf(out, "<div class=\"wide\" tabindex=\"0\" role=\"region\"");
	fprintf(out, " aria-label=\"%s\">\n", name);
}

static void cell(const char *text, FILE *out)
{
	fputs("<td class=\"text\">", out);
	svg_text(text, out);
	fputs("</td>", out);
}

static void print_row(const struct closes *closes, size_t index,
		      const struct log *log, FILE *out)
{
	const struct close *close = &closes->close[index];
	struct ladder ladder;
	struct tally t;
	char span[32];

	if (!ladder_of_close(&ladder, &closes->close[index], log))
		return;
	t = tally(closes, index, log, &ladder);
	fprintf(out, "<tr><td><a href=\"#close-%zu\">%zu</a></td>", index + 1,
		index + 1);
	fprintf(out, "<td class=\"text %s\">%s</td>", judge_results[t.result],
		judge_results[t.result]);
	cell(close->name[0], out);
	cell(close->name[1], out);
	fprintf(out, "<td>%s</td><td>%u</td><td>%u</td><td>%u</td><td>%u</td></tr>\n",
		svg_span(t.took, span, sizeof(span)), t.segments, t.lost,
		t.parked, t.copies);
	ladder_free(&ladder);
}

static void print_verdicts(const struct closes *closes, size_t index,
			   const struct log *log, FILE *out)
{
	for (size_t i = 0; i < closes->close[index].ends; i++) {
		struct end_verdict v = judge_log(closes, index, i, log);

		if (!v.rule)
			continue;
		fprintf(out, "<p><span class=\"%s\">%s</span>: ",
			judge_results[v.result], judge_results[v.result]);
		svg_text(closes->close[index].end[i].name, out);
		fprintf(out, ": %s", v.rule->broken);
		if (*v.rule->section)
			fprintf(out, " (RFC 9293, %s)", v.rule->section);
		fputs("</p>\n", out);
	}
}

static void print_close(const struct closes *closes, size_t index,
			const struct log *log, FILE *out)
{
	struct ladder ladder;
	char title[200], name[40];

	if (!ladder_of_close(&ladder, &closes->close[index], log))
		return;
	snprintf(title, sizeof(title), "%zu. %s and %s", index + 1,
		 ladder.name[END_A], ladder.name[END_B]);
	fprintf(out, "<section id=\"close-%zu\">\n<h2>", index + 1);
	svg_text(title, out);
	fputs("</h2>\n", out);
	print_verdicts(closes, index, log, out);
	snprintf(name, sizeof(name), "drawing %zu", index + 1);
	open_region(name, out);
	svg_ladder(&ladder, title, false, out);
	fputs("</div>\n<p><a href=\"#top\">all closes</a></p>\n</section>\n",
	      out);
	ladder_free(&ladder);
}

static void print_style(const struct closes *closes, const struct log *log,
			FILE *out)
{
	fputs(page_css, out);
	fputs(ladder_css, out);
}

static void print_title(const struct closes *closes, const struct log *log,
			FILE *out)
{
	fprintf(out, "%zu close%s", closes->count,
		closes->count == 1 ? "" : "s");
}

static void print_lost(const struct closes *closes, const struct log *log,
		       FILE *out)
{
	if (closes->lost)
		fprintf(out, "<p class=\"departs\">%llu records were lost.</p>\n",
			closes->lost);
}

static void print_rows(const struct closes *closes, const struct log *log,
		       FILE *out)
{
	for (size_t i = 0; i < closes->count; i++)
		print_row(closes, i, log, out);
}

static void print_closes(const struct closes *closes, const struct log *log,
			 FILE *out)
{
	for (size_t i = 0; i < closes->count; i++)
		print_close(closes, i, log, out);
}

/* What stands in page.html as {{name}}. */
static const struct {
	const char *name;
	void (*print)(const struct closes *closes, const struct log *log,
		      FILE *out);
} parts[] = {
	{ "{{style}}", print_style },
	{ "{{title}}", print_title },
	{ "{{lost}}", print_lost },
	{ "{{rows}}", print_rows },
	{ "{{closes}}", print_closes },
};

/**
 * report_page() - print the page
 * @closes: the closes
 * @log: the log they are in
 * @out: where to
 */
void report_page(const struct closes *closes, const struct log *log, FILE *out)
{
	const char *text = page_html, *mark;

	while ((mark = strstr(text, "{{"))) {
		fwrite(text, 1, mark - text, out);
		text = strstr(mark, "}}") + 2;
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			if (!strncmp(mark, parts[i].name, text - mark))
				parts[i].print(closes, log, out);
	}
	fputs(text, out);
}
