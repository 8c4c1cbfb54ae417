// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix as a page that needs nothing but itself: a table of the single
 * faults and one of the pairs for each close, and behind each cell that is not
 * as it should be its ladder.
 */
#include "matrix_page.h"
#include "matrix_table.h"
#include "page.h"
#include "svg.h"

static const char style[] =
	":root{--bg:#fff;--fg:#1b1f24;--rule:#d5dae0;--good:#d5efdc;--unsure:#ffe7b0;--bad:#ffc9c9;--none:#eef0f2}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#14181d;--fg:#e6eaee;--rule:#333b44;--good:#174a29;--unsure:#5f4300;--bad:#7c1d22;--none:#20262d}}\n"
	"body{margin:0 auto;max-width:84rem;padding:1rem;background:var(--bg);color:var(--fg);font:16px/1.45 system-ui,sans-serif}\n"
	"table{border-collapse:collapse;margin:.4rem 0 1rem}\n"
	"th,td{border:1px solid var(--rule);padding:.1rem .5rem;font-weight:400}\n"
	"th[scope=row]{text-align:left;white-space:nowrap}\n"
	"td{text-align:center;font-family:ui-monospace,Menlo,Consolas,monospace}\n"
	".wide{overflow-x:auto}.wide td,.wide th{padding:0 .15rem;font-size:.75rem}\n"
	".wide th[scope=col]{writing-mode:vertical-rl}\n"
	".ok{background:var(--good)}.undecided{background:var(--unsure)}\n"
	".departs,.program,.counters,.left,.broken{background:var(--bad);font-weight:700}\n"
	".not-met,.none{background:var(--none)}\n"
	"a{color:inherit}\n";

static const char legend[] =
	"<ul>\n"
	"<li><span class=\"ok\">.</span> ok</li>\n"
	"<li><span class=\"not-met\">n</span> a rule met nothing</li>\n"
	"<li><span class=\"undecided\">?</span> the judge is undecided</li>\n"
	"<li><span class=\"departs\">D</span> departs from RFC 9293</li>\n"
	"<li><span class=\"program\">P</span> a program read what it should not</li>\n"
	"<li><span class=\"counters\">C</span> the counters do not add up</li>\n"
	"<li><span class=\"left\">L</span> something is left behind</li>\n"
	"<li><span class=\"broken\">X</span> it could not be run</li>\n"
	"<li><span class=\"none\">=</span> the same as the fault of the first segment</li>\n"
	"<li><span class=\"none\">-</span> there is no such segment</li>\n"
	"</ul>\n";

static void cell(const struct matrix *matrix, int at, FILE *out)
{
	const struct matrix_case *one = at < 0 ? NULL : &matrix->one[at];
	char symbol = matrix_symbol(matrix, at);

	if (!one) {
		fprintf(out, "<td class=none>%c", symbol);
		return;
	}
	fprintf(out, "<td class=%s", matrix_results[one->result]);
	if (one->why) {
		fputs(" title=\"", out);
		svg_text(one->why, out);
		fputc('"', out);
	}
	if (matrix_is_bad(one->result))
		fprintf(out, "><a href=#c%d>%c</a>", at, symbol);
	else
		fprintf(out, ">%c", symbol);
}

static void close_head(unsigned int close, FILE *out)
{
	char name[32];

	matrix_close_name(close, name, sizeof(name));
	fprintf(out, "<h3>%s</h3>\n", name);
}

/* Was anything run, or found not to be there, in this line? */
static bool has_row(const struct matrix *matrix, unsigned int close,
		    unsigned int fault)
{
	for (int i = 0; i < ACTIONS; i++)
		if (*matrix_at(matrix, close, fault + i, NO_FAULT) >= 0)
			return true;
	return false;
}

static void singles(const struct matrix *matrix, unsigned int close, FILE *out)
{
	close_head(close, out);
	fputs("<table><tr><td></td>", out);
	for (int i = 0; i < ACTIONS; i++)
		fprintf(out, "<th scope=col>%s</th>",
			matrix_words[KEY_ACTION].values[i]);
	fputs("</tr>\n", out);
	for (unsigned int fault = 0; fault < FAULTS; fault += ACTIONS) {
		if (!has_row(matrix, close, fault))
			continue;
		fprintf(out, "<tr><th scope=row>%s %s</th>",
			matrix_words[KEY_CLASS].values[fault_class(fault)],
			matrix_words[KEY_NTH].values[fault_nth(fault)]);
		for (int i = 0; i < ACTIONS; i++)
			cell(matrix, *matrix_at(matrix, close, fault + i,
						NO_FAULT), out);
		fputs("</tr>\n", out);
	}
	fputs("</table>\n", out);
}

/* Was a pair with this fault run? */
static bool has_pair(const struct matrix *matrix, unsigned int close,
		     unsigned int fault)
{
	for (unsigned int other = 0; other < FAULTS; other++)
		if (*matrix_at(matrix, close, fault, other) >= 0 ||
		    *matrix_at(matrix, close, other, fault) >= 0)
			return true;
	return false;
}

static void pairs_head(const struct matrix *matrix, unsigned int close, FILE *out)
{
	char name[32];

	fputs("<div class=wide><table><tr><td></td>", out);
	for (unsigned int fault = 0; fault < FAULTS; fault++) {
		if (!has_pair(matrix, close, fault))
			continue;
		matrix_fault_name(fault, name, sizeof(name));
		fprintf(out, "<th scope=col>%s", name);
	}
	fputs("</tr>\n", out);
}

static void pairs(const struct matrix *matrix, unsigned int close, FILE *out)
{
	char name[32];

	fputs("<details><summary>", out);
	matrix_close_name(close, name, sizeof(name));
	fprintf(out, "%s</summary>\n", name);
	pairs_head(matrix, close, out);
	for (unsigned int first = 0; first < FAULTS; first++) {
		if (!has_pair(matrix, close, first))
			continue;
		matrix_fault_name(first, name, sizeof(name));
		fprintf(out, "<tr><th scope=row>%s", name);
		for (unsigned int second = 0; second < FAULTS; second++) {
			if (!has_pair(matrix, close, second))
				continue;
			if (second > first)
				cell(matrix, *matrix_at(matrix, close, first,
							second), out);
			else
				fputs("<td>", out);
		}
		fputs("</tr>\n", out);
	}
	fputs("</table></div></details>\n", out);
}

static void bad(const struct matrix *matrix, FILE *out)
{
	unsigned int drawn = 0;
	char name[96];

	for (size_t i = 0; i < matrix->count; i++) {
		const struct matrix_case *one = &matrix->one[i];

		if (!matrix_is_bad(one->result))
			continue;
		matrix_case_name(one, name, sizeof(name));
		fprintf(out, "<h3 id=c%zu>%s</h3>\n<p>%s: ", i, name,
			matrix_results[one->result]);
		svg_text(one->why, out);
		fputs("</p>\n", out);
		if (one->picture && drawn++ < MATRIX_DRAWINGS)
			fputs(one->picture, out);
	}
	if (drawn > MATRIX_DRAWINGS)
		fprintf(out, "<p>The first %d are drawn.</p>\n", MATRIX_DRAWINGS);
}

static void sum(const struct matrix *matrix, const char *what, unsigned int faults,
		FILE *out)
{
	fprintf(out, "<tr><th scope=row>%s", what);
	for (int i = 0; i < MATRIX_RESULTS; i++)
		fprintf(out, "<td>%zu", matrix_count(matrix, faults, i));
	fputs("</tr>\n", out);
}

static void sums(const struct matrix *matrix, FILE *out)
{
	fputs("<table><tr><td></td>", out);
	for (int i = 0; i < MATRIX_RESULTS; i++)
		fprintf(out, "<th scope=col class=%s>%s", matrix_results[i],
			matrix_results[i]);
	fputs("</tr>\n", out);
	sum(matrix, "no fault", 0, out);
	sum(matrix, "one fault", 1, out);
	sum(matrix, "two faults", 2, out);
	fprintf(out, "</table>\n<p>Not run: %zu in which a fault meets nothing, %zu the same",
		matrix->never, matrix->same);
	fprintf(out, " as another, %zu left out by chance.</p>\n",
		matrix->left_out);
}

/**
 * matrix_page() - print the matrix as HTML
 * @matrix: the matrix
 * @out: where to
 */
void matrix_page(const struct matrix *matrix, FILE *out)
{
	fprintf(out, "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
		"<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
		"<meta name=color-scheme content=\"light dark\">\n"
		"<link rel=icon href=\"data:,\">\n"
		"<title>finject: %zu closes</title>\n<style>\n%s%s</style>\n</head>\n"
		"<body>\n<h1>%zu closes under faults</h1>\n", matrix->count, style,
		ladder_css, matrix->count);
	sums(matrix, out);
	fputs(legend, out);
	fputs("<h2>One fault</h2>\n", out);
	for (unsigned int close = 0; close < CLOSES; close++)
		if (*matrix_at(matrix, close, NO_FAULT, NO_FAULT) >= 0)
			singles(matrix, close, out);
	fputs("<h2>Two faults</h2>\n", out);
	for (unsigned int close = 0; matrix->pairs && close < CLOSES; close++)
		if (*matrix_at(matrix, close, NO_FAULT, NO_FAULT) >= 0)
			pairs(matrix, close, out);
	fputs("<h2>Not as they should be</h2>\n", out);
	bad(matrix, out);
	fputs("</body>\n</html>\n", out);
}
