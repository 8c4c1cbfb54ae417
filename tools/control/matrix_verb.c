// SPDX-License-Identifier: GPL-2.0-only
/*
 * `finject matrix`: each close under each fault.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "finject.h"
#include "matrix_page.h"
#include "matrix_table.h"
#include "record.h"
#include "term.h"

enum { MOST = 1000000 };

static int number_read(const char *option, const char *text, u64 most, u64 *value)
{
	if (number_parse(text, value) && *value && *value <= most)
		return DONE;
	fail("--%s is a number from 1 to %llu, not `%s'", option, most, text);
	return USAGE;
}

static int options_read(struct matrix *matrix, const struct options *opt)
{
	int status = DONE;
	u64 value;

	if (opt->sample) {
		status = number_read("sample", opt->sample, MOST, &value);
		matrix->sample = value;
	}
	if (!status && opt->pairs) {
		matrix->pairs = -1;
		if (strcmp(opt->pairs, "all")) {
			status = number_read("pairs", opt->pairs, MOST, &value);
			matrix->pairs = value;
		}
	}
	if (!status && opt->seed)
		status = number_read("seed", opt->seed, ~0ULL, &matrix->seed);
	return status;
}

static int page_write(const struct matrix *matrix, const char *name)
{
	FILE *out = fopen(name, "we");

	if (!out)
		return fail("%s: %s", name, strerror(errno));
	matrix_page(matrix, out);
	return fclose(out) ? fail("%s: %s", name, strerror(errno)) : DONE;
}

static int tell(const struct matrix *matrix, const struct options *opt)
{
	struct term term = term_of(stdout, opt->ascii);
	int status = DONE;

	if (opt->json)
		matrix_json(matrix, stdout);
	else if (opt->tap)
		matrix_tap(matrix, stdout);
	else
		matrix_table(matrix, &term, stdout);
	if (opt->page)
		status = page_write(matrix, opt->page);
	for (int i = 0; i < MATRIX_RESULTS && !status; i++)
		if (matrix_is_bad(i) && matrix_count(matrix, 3, i))
			status = REFUSED;
	return status;
}

/**
 * verb_matrix() - close connections under all faults, and say how it goes
 * @opt: options
 * @argc: number of words
 * @argv: which cases: `how=close`, `class=fin1,fin2`, `fin1.1.drop` ...
 *
 * Return: exit status.
 */
int verb_matrix(const struct options *opt, int argc, char **argv)
{
	struct matrix matrix = { .seed = 1, .draws = true, .progress = stderr };
	int status;

	matrix_only_all(&matrix.only);
	for (int i = 0; i < argc; i++)
		if (!matrix_only_read(&matrix.only, argv[i]))
			return USAGE;
	status = options_read(&matrix, opt);
	if (status)
		return status;
	if (opt->log) {
		matrix.log = fopen(opt->log, "we");
		if (!matrix.log)
			return fail("%s: %s", opt->log, strerror(errno));
	}
	status = matrix_run(&matrix);
	if (matrix.log && fclose(matrix.log) && !status)
		status = fail("%s: %s", opt->log, strerror(errno));
	if (!status)
		status = tell(&matrix, opt);
	matrix_free(&matrix);
	return status;
}
