// SPDX-License-Identifier: GPL-2.0-only
/*
 * What page.js fills in on demand stands in a noscript element: to a browser
 * that runs scripts it is text, and costs nothing; to one that runs none it is
 * there.
 */
#include <stdlib.h>
#include <string.h>

#include "ladder_rows.h"
#include "report_row.h"
#include "svg.h"
#include "witness.h"

static char letter_of(const struct ladder *ladder, const char *name)
{
	return strcmp(ladder->name[END_A], name) ? 'B' : 'A';
}

/* The time from which the drawing counts. */
static u64 begin_of(const struct ladder *ladder)
{
	size_t count;
	struct ladder_row *rows = ladder_rows(ladder, &count);
	u64 begin = count ? rows[0].t : 0;

	free(rows);
	return begin;
}

static void print_reason(const struct report_row *row, char end,
			 const struct judge_rule *rule,
			 const struct event *event, FILE *out)
{
	fprintf(out, "<p>%c: %s%s", end,
		rule->result == JUDGE_OK ? "note: " : "", rule->broken);
	if (!event && rule->maybe)
		fprintf(out, "; %s", rule->maybe);
	if (event)
		fprintf(out, ", at %.6f s",
			log_seconds(event->t, begin_of(&row->ladder)));
	if (*rule->section)
		fprintf(out, " (RFC 9293, %s)", rule->section);
	fprintf(out, " <code>%s</code></p>", rule->name);
}

static void print_reasons(const struct report_row *row,
			  const struct close *close, FILE *out)
{
	for (size_t i = 0; i < JUDGE_ENDS; i++) {
		const struct end_verdict *end = &row->tally.end[i];
		char letter = letter_of(&row->ladder, judge_name(close, i));

		if (end->rule)
			print_reason(row, letter, end->rule,
				     end->result == JUDGE_DEPARTS ?
				     end->event : NULL, out);
		for (size_t j = 0; j < end->notes; j++)
			print_reason(row, letter, end->note[j].rule,
				     end->note[j].event, out);
	}
}

static void print_end(const struct report_row *row, const struct close *close,
		      enum ladder_end end, FILE *out)
{
	const char *name = row->ladder.name[end];

	fputs("<p", out);
	for (size_t i = 0; i < close->ends; i++)
		if (!strcmp(close->end[i].name, name))
			fprintf(out, " data-flow=\"%llu\"", close->end[i].flow);
	fprintf(out, ">%c ", 'A' + end);
	svg_text(name, out);
	fputs("</p>", out);
}

static void print_witnesses(const struct close *close, const struct log *log,
			    FILE *out)
{
	char *text = NULL;
	size_t size;
	FILE *part;

	if (!close->routers && !close->translated)
		return;
	part = open_memstream(&text, &size);
	if (!part)
		abort();
	witness_text(close, log, part);
	fclose(part);
	fputs("<p>", out);
	svg_text(text, out);
	fputs("</p>", out);
	free(text);
}

static void print_number(unsigned int number, const char *what, FILE *out)
{
	if (number)
		fprintf(out, ", %u %s", number, what);
}

static void print_segments(const struct tally *tally, FILE *out)
{
	fprintf(out, "<td data-v=\"%u\">%u", tally->segments, tally->segments);
	print_number(tally->lost, "lost", out);
	print_number(tally->parked, "parked", out);
	print_number(tally->copies, tally->copies == 1 ? "copy" : "copies",
		     out);
	print_number(tally->made, tally->made == 1 ? "made RST" : "made RSTs",
		     out);
	fputs("</td>", out);
}

static void print_place(const struct report_row *row,
			const struct tally_fault *fault, FILE *out)
{
	if (fault->local)
		fprintf(out, " at %c", letter_of(&row->ladder, fault->local));
	else
		fputs(" on the way", out);
}

static void print_faults(const struct report_row *row,
			 const struct report_faults *faults, FILE *out)
{
	for (size_t i = 0; i < row->tally.faults; i++) {
		const struct tally_fault *fault = &row->tally.fault[i];

		fprintf(out, "<p data-fault=\"%zu\">",
			report_faults_find(faults, fault));
		svg_text(fault->verdict, out);
		fprintf(out, ", rule %llu", fault->rule);
		print_place(row, fault, out);
		if (fault->count > 1)
			fprintf(out, ", %u times", fault->count);
		fputs("</p>", out);
	}
}

/* A rule's words, and where it is: the same id means others elsewhere. */
static void print_rules(const struct report_row *row,
			const struct report_faults *faults, FILE *out)
{
	for (size_t i = 0; i < row->tally.faults; i++) {
		const struct tally_fault *fault = &row->tally.fault[i];
		size_t number = report_faults_find(faults, fault);
		const char *text = faults->fault[number].text;

		if (!text)
			continue;
		fprintf(out, "<p>rule %llu", fault->rule);
		print_place(row, fault, out);
		if (fault->local) {
			fputs(", ", out);
			svg_text(fault->local, out);
		}
		fputs(": <code>", out);
		svg_text(text, out);
		fputs("</code></p>\n", out);
	}
}

static void print_drawing(const struct report_row *row, bool forwarded,
			  const struct report_faults *faults, FILE *out)
{
	struct svg_about about = {
		.rules = faults->rules,
		.forwarded = forwarded,
	};
	char title[200], *text = NULL;
	size_t size;
	FILE *part = open_memstream(&text, &size);
	int height;

	if (!part)
		abort();
	snprintf(title, sizeof(title), "close %zu, %s and %s", row->index + 1,
		 row->ladder.name[END_A], row->ladder.name[END_B]);
	about.title = title;
	height = svg_ladder(&row->ladder, &about, part);
	fclose(part);
	fputs("<tr class=\"more\"><td colspan=\"8\">", out);
	fprintf(out, "<noscript data-height=\"%d\">\n", height);
	print_rules(row, faults, out);
	/* what is wider than the page scrolls on its own, by keys as well */
	fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\"", out);
	fprintf(out, " aria-label=\"drawing %zu\">\n%s</div>\n",
		row->index + 1, text);
	fputs("</noscript></td></tr>\n", out);
	free(text);
}

/**
 * report_row() - print one close
 * @row: the close
 * @closes: the closes of the log
 * @log: the log
 * @faults: all faults in it
 * @out: where to
 */
void report_row(const struct report_row *row, const struct closes *closes,
		const struct log *log, const struct report_faults *faults,
		FILE *out)
{
	const struct close *close = &closes->close[row->index];
	const struct tally *tally = &row->tally;
	const char *result = judge_results[tally->result];
	char span[32];

	fprintf(out, "<tbody id=\"close-%zu\">\n<tr>", row->index + 1);
	fprintf(out, "<th scope=\"row\"><a href=\"#close-%zu\">%zu</a></th>",
		row->index + 1, row->index + 1);
	fprintf(out, "<td class=\"%s\" data-v=\"%d\">%s</td><td>", result,
		tally->result, result);
	print_reasons(row, close, out);
	fputs("</td><td>", out);
	print_end(row, close, END_A, out);
	print_end(row, close, END_B, out);
	print_witnesses(close, log, out);
	fprintf(out, "</td><td data-v=\"%llu\">%.6f s</td>", tally->begin,
		tally->begin ? log_seconds(tally->begin, log->event[0].t) : 0);
	fprintf(out, "<td data-v=\"%llu\">%s</td>", tally->took,
		svg_span(tally->took, span, sizeof(span)));
	print_segments(tally, out);
	fputs("<td>", out);
	print_faults(row, faults, out);
	fputs("</td></tr>\n", out);
	print_drawing(row, close->routers, faults, out);
	fputs("</tbody>\n", out);
}
