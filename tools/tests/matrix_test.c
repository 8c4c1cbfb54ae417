// SPDX-License-Identifier: GPL-2.0-only
/*
 * The matrix finds what is not as it should be: the log of a real close, with
 * something changed in it or in what the programs read.
 */
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "file.h"
#include "matrix_judge.h"
#include "record.h"

static struct matrix_bed bed;
static struct matrix_case one;

/* `v4 A close fin1.1.drop`, as it went. */
static void load(const char *without)
{
	char *text = file_text("tests/matrix/fin1-lost.log"), *rest = text, *line;
	struct log *log = &bed.run.log;

	memset(&bed, 0, sizeof(bed));
	memset(&one, 0, sizeof(one));
	one.close = matrix_close(0, FIRST_A, HOW_CLOSE);
	one.fault[0] = matrix_fault(CLASS_FIN1, NTH_1, ACTION_DROP);
	one.fault[1] = NO_FAULT;
	bed.links = 1;
	bed.link[0].one = &one;
	bed.link[0].fired[0] = 1;
	if (!text)
		abort();
	while ((line = record_line(&rest)))
		if (!without || !strstr(line, without))
			log_line(log, line);
	free(text);
	log_sort(log);
	addr_parse(&bed.link[0].at[0], "192.0.2.1:10000");
	addr_parse(&bed.link[0].at[1], "192.0.2.2:8080");
	for (int i = 0; i < 2; i++)
		bed.link[0].end[i] = (struct matrix_end){
			.fd = -1, .gone = true, .sent = 100, .came = 100,
			.closes = !i, .eof = i,
		};
}

static void must_be(enum matrix_result result, const char *what)
{
	matrix_judge(&bed, true);
	check(one.result == result, what);
	check(!matrix_is_bad(result) == !one.drawing, what);
	if (one.result != result)
		printf("it is %s: %s\n", matrix_results[one.result],
		       one.why ?: "-");
	free(one.why);
	free(one.drawing);
	free(one.picture);
	matrix_bed_clear(&bed);
}

static void test_program(void)
{
	struct matrix_end *b = &bed.link[0].end[1];

	load(NULL);
	b->came = 99;
	must_be(MATRIX_PROGRAM, "the end of file came too early");
	load(NULL);
	b->came = 101;
	must_be(MATRIX_PROGRAM, "more was read than was sent");
	load(NULL);
	b->altered = true;
	must_be(MATRIX_PROGRAM, "other bytes were read");
	load(NULL);
	b->eof = false;
	b->error = ECONNRESET;
	must_be(MATRIX_PROGRAM, "an error without a RST");
	load(NULL);
	b->eof = false;
	b->error = EIO;
	must_be(MATRIX_PROGRAM, "an error that no close has");
	load(NULL);
	b->eof = false;
	b->gave_up = ~0ULL;
	must_be(MATRIX_PROGRAM, "a FIN came, and nothing was read");
	load("hook=prerouting seg=fin1");
	must_be(MATRIX_PROGRAM, "an end of file without a FIN");
}

static void test_undisturbed(void)
{
	load(NULL);
	one.fault[0] = NO_FAULT;
	bed.link[0].end[1].eof = false;
	must_be(MATRIX_PROGRAM, "no end of file, and no fault");
	load(NULL);
	one.close = matrix_close(0, FIRST_A, HOW_LINGER0);
	one.fault[0] = NO_FAULT;
	must_be(MATRIX_PROGRAM, "an abort that was an end of file");
}

static void test_rest(void)
{
	load(NULL);
	must_be(MATRIX_OK, "as it went");
	load(NULL);
	one.fault[0] = matrix_fault(CLASS_FIN1, NTH_2, ACTION_DROP);
	one.fault[1] = one.fault[0];
	must_be(MATRIX_NOT_BOTH, "a rule that met nothing");
	load(NULL);
	bed.link[0].fired[0] = 2;
	must_be(MATRIX_COUNTERS, "the counter of a rule");
	load(NULL);
	strcpy(bed.counters, "lost");
	must_be(MATRIX_COUNTERS, "the counters of a namespace");
	load(NULL);
	bed.link[0].end[0].gone = false;
	must_be(MATRIX_LEFT, "a socket");
	load(NULL);
	strcpy(bed.left, "parked");
	must_be(MATRIX_LEFT, "a segment");
	load("seg=ack2");
	must_be(MATRIX_DEPARTS, "no answer to a FIN");
	load("192.0.2");
	must_be(MATRIX_BROKEN, "no record");
}

int main(void)
{
	test_rest();
	test_program();
	test_undisturbed();
	return cases_end();
}
