// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page: a table of all closes, what departs first, each with its drawing.
 * It needs nothing but itself: no font, no network, and a script only to sort
 * and to filter.
 */
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "report_page.h"
#include "report_row.h"
#include "svg.h"

/**
 * struct page - a page in the making
 * @closes: what it shows
 * @log: the log they are in
 * @row: those that can be drawn, in the order of the table
 * @rows: their number
 * @result: how many of each result
 * @faults: all that was done to them
 * @out: where to
 */
struct page {
	const struct closes *closes;
	const struct log *log;
	struct report_row *row;
	size_t rows;
	size_t result[JUDGE_DEPARTS + 1];
	struct report_faults faults;
	FILE *out;
};

static int by_result(const void *left, const void *right)
{
	const struct report_row *a = left, *b = right;

	if (a->tally.result != b->tally.result)
		return a->tally.result > b->tally.result ? -1 : 1;
	return a->index < b->index ? -1 : 1;
}

static void page_fill(struct page *page)
{
	page->row = calloc(page->closes->count + 1, sizeof(*page->row));
	if (!page->row)
		abort();
	for (size_t i = 0; i < page->closes->count; i++) {
		struct report_row *row = &page->row[page->rows];

		row->index = i;
		if (!ladder_of_close(&row->ladder, &page->closes->close[i],
				     page->log))
			continue;
		tally_close(&row->tally, page->closes, i, page->log,
			    &row->ladder);
		page->result[row->tally.result]++;
		page->rows++;
		for (size_t j = 0; j < row->tally.faults; j++)
			report_faults_add(&page->faults, &row->tally.fault[j]);
	}
	qsort(page->row, page->rows, sizeof(*page->row), by_result);
}

static void page_free(struct page *page)
{
	for (size_t i = 0; i < page->rows; i++) {
		ladder_free(&page->row[i].ladder);
		tally_free(&page->row[i].tally);
	}
	free(page->row);
	free(page->faults.fault);
}

static void print_style(const struct page *page)
{
	fputs(page_css, page->out);
	fputs(ladder_css, page->out);
}

static void print_script(const struct page *page)
{
	fputs(page_js, page->out);
}

static void print_title(const struct page *page)
{
	fprintf(page->out, "%zu close%s", page->rows,
		page->rows == 1 ? "" : "s");
}

static void print_counts(const struct page *page)
{
	for (int i = JUDGE_DEPARTS; i >= JUDGE_OK; i--)
		fprintf(page->out, "<span class=\"%s\">%zu %s</span>%s",
			judge_results[i], page->result[i], judge_results[i],
			i ? ", " : "");
}

static void print_lost(const struct page *page)
{
	if (page->closes->lost)
		fprintf(page->out, "<p class=\"departs\">%llu records were lost.</p>\n",
			page->closes->lost);
}

static void print_faults(const struct page *page)
{
	report_faults_print(&page->faults, page->out);
}

static void print_rows(const struct page *page)
{
	for (size_t i = 0; i < page->rows; i++)
		report_row(&page->row[i], page->closes, page->log,
			   &page->faults, page->out);
}

/* What stands in page.html as {{name}}. */
static const struct {
	const char *name;
	void (*print)(const struct page *page);
} parts[] = {
	{ "{{style}}", print_style },
	{ "{{script}}", print_script },
	{ "{{title}}", print_title },
	{ "{{counts}}", print_counts },
	{ "{{lost}}", print_lost },
	{ "{{faults}}", print_faults },
	{ "{{rows}}", print_rows },
};

/**
 * report_page() - print the page
 * @closes: the closes
 * @log: the log they are in
 * @rules: what its rules say, or NULL
 * @out: where to
 */
void report_page(const struct closes *closes, const struct log *log,
		 const struct rule_texts *rules, FILE *out)
{
	struct page page = { .closes = closes, .log = log, .out = out };
	const char *text = page_html, *mark;

	page.faults.rules = rules;
	page_fill(&page);
	while ((mark = strstr(text, "{{"))) {
		fwrite(text, 1, mark - text, out);
		text = strstr(mark, "}}") + 2;
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			if (!strncmp(mark, parts[i].name, text - mark))
				parts[i].print(&page);
	}
	fputs(text, out);
	page_free(&page);
}
