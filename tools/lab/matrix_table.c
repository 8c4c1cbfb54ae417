// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix as text: a table of the single faults for each close, both
 * families in one cell, a line for the pairs, and all that is not as it should
 * be.
 */
#include <stdlib.h>
#include <string.h>

#include "matrix_table.h"
#include "term.h"

enum { NAME = 96 };

static const char symbols[MATRIX_RESULTS] = ".n?DPCLX";

static const char * const meanings[MATRIX_RESULTS] = {
	[MATRIX_OK] = "ok",
	[MATRIX_NOT_BOTH] = "a rule met nothing",
	[MATRIX_UNDECIDED] = "the judge is undecided",
	[MATRIX_DEPARTS] = "departs from RFC 9293",
	[MATRIX_PROGRAM] = "a program read what it should not",
	[MATRIX_COUNTERS] = "the counters do not add up",
	[MATRIX_LEFT] = "something is left behind",
	[MATRIX_BROKEN] = "it could not be run",
};

static const char * const colours[MATRIX_RESULTS] = {
	[MATRIX_OK] = "\033[32m",
	[MATRIX_NOT_BOTH] = "\033[2m",
	[MATRIX_UNDECIDED] = "\033[33m",
	[MATRIX_DEPARTS] = "\033[31m",
	[MATRIX_PROGRAM] = "\033[31m",
	[MATRIX_COUNTERS] = "\033[31m",
	[MATRIX_LEFT] = "\033[31m",
	[MATRIX_BROKEN] = "\033[31m",
};

/**
 * matrix_symbol() - get the character that a cell has
 * @matrix: the matrix
 * @at: number of the case, or MATRIX_NOT_RUN ...
 */
char matrix_symbol(const struct matrix *matrix, int at)
{
	switch (at) {
	case MATRIX_NEVER:
		return '-';
	case MATRIX_SAME:
		return '=';
	case MATRIX_NOT_RUN:
		return ' ';
	}
	return symbols[matrix->one[at].result];
}

static void cell(const struct matrix *matrix, const struct term *term, int at,
		 FILE *out)
{
	bool colour = term->colour && at >= 0;

	fprintf(out, "%s%c%s", colour ? colours[matrix->one[at].result] : "",
		matrix_symbol(matrix, at), colour ? "\033[m" : "");
}

static void row(const struct matrix *matrix, const struct term *term,
		unsigned int close, unsigned int fault, FILE *out)
{
	unsigned int other = close + FIRSTS * HOWS;

	fprintf(out, "  %-5s %-4s", matrix_words[KEY_CLASS].values[fault_class(fault)],
		matrix_words[KEY_NTH].values[fault_nth(fault)]);
	for (int i = 0; i < ACTIONS; i++) {
		fprintf(out, "%*s", 9, "");
		cell(matrix, term, *matrix_at(matrix, close, fault + i, NO_FAULT),
		     out);
		cell(matrix, term, *matrix_at(matrix, other, fault + i, NO_FAULT),
		     out);
	}
	fputc('\n', out);
}

static bool is_empty_row(const struct matrix *matrix, unsigned int close,
			 unsigned int fault)
{
	for (int i = 0; i < ACTIONS; i++)
		if (*matrix_at(matrix, close, fault + i, NO_FAULT) >= 0 ||
		    *matrix_at(matrix, close + FIRSTS * HOWS, fault + i,
			       NO_FAULT) >= 0)
			return false;
	return true;
}

static void singles(const struct matrix *matrix, const struct term *term,
		    unsigned int close, FILE *out)
{
	bool head = false;

	for (unsigned int fault = 0; fault < FAULTS; fault += ACTIONS) {
		if (is_empty_row(matrix, close, fault))
			continue;
		if (!head) {
			fprintf(out, "\nfirst=%s how=%s, v4 and v6\n            ",
				matrix_words[KEY_FIRST].values[matrix_first(close)],
				matrix_words[KEY_HOW].values[matrix_how(close)]);
			for (int i = 0; i < ACTIONS; i++)
				fprintf(out, "%11s",
					matrix_words[KEY_ACTION].values[i]);
			fputc('\n', out);
			head = true;
		}
		row(matrix, term, close, fault, out);
	}
}

static void bad(const struct matrix *matrix, FILE *out)
{
	char name[NAME];
	unsigned int drawn = 0;

	for (size_t i = 0; i < matrix->count; i++) {
		const struct matrix_case *one = &matrix->one[i];

		if (!matrix_is_bad(one->result))
			continue;
		matrix_case_name(one, name, sizeof(name));
		fprintf(out, "\n%s: %s\n  %s\n", name,
			matrix_results[one->result], one->why);
		if (one->drawing && drawn++ < MATRIX_DRAWINGS)
			fprintf(out, "\n%s", one->drawing);
	}
}

static void counts(const struct matrix *matrix, const char *what,
		   unsigned int faults, FILE *out)
{
	fprintf(out, "%s %zu", what, matrix_count(matrix, faults, MATRIX_RESULTS));
	for (int i = 0; i < MATRIX_RESULTS; i++) {
		size_t count = matrix_count(matrix, faults, i);

		if (count)
			fprintf(out, ", %zu %s", count, matrix_results[i]);
	}
	fputc('\n', out);
}

/**
 * matrix_table() - print the matrix
 * @matrix: the matrix
 * @term: what the output can show
 * @out: where to
 */
void matrix_table(const struct matrix *matrix, const struct term *term,
		  FILE *out)
{
	for (unsigned int close = 0; close < FIRSTS * HOWS; close++)
		singles(matrix, term, close, out);
	fputc('\n', out);
	for (int i = 0; i < MATRIX_RESULTS; i++)
		fprintf(out, "  %c  %s\n", symbols[i], meanings[i]);
	fputs("  =  the same as the fault of the first segment\n"
	      "  -  there is no such segment\n", out);
	bad(matrix, out);
	fputc('\n', out);
	counts(matrix, "no fault:  ", 0, out);
	counts(matrix, "one fault: ", 1, out);
	counts(matrix, "two faults:", 2, out);
	fprintf(out, "not run: %zu in which a fault meets nothing, %zu the same",
		matrix->never, matrix->same);
	fprintf(out, " as another, %zu left out by chance\n", matrix->left_out);
}

/**
 * matrix_tap() - print the cases as TAP
 * @matrix: the matrix
 * @out: where to
 */
void matrix_tap(const struct matrix *matrix, FILE *out)
{
	char name[NAME], *line, *text;

	fputs("TAP version 13\n", out);
	for (size_t i = 0; i < matrix->count; i++) {
		const struct matrix_case *one = &matrix->one[i];

		matrix_case_name(one, name, sizeof(name));
		fprintf(out, "%sok %zu - %s\n",
			matrix_is_bad(one->result) ? "not " : "", i + 1, name);
		if (one->why)
			fprintf(out, "# %s: %s\n", matrix_results[one->result],
				one->why);
		text = one->drawing;
		while (text && *text) {
			line = text;
			text += strcspn(text, "\n");
			fprintf(out, "#%s%.*s\n", text > line ? " " : "",
				(int)(text - line), line);
			text += !!*text;
		}
	}
	fprintf(out, "1..%zu\n", matrix->count);
}
