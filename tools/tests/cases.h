/* SPDX-License-Identifier: GPL-2.0-only */
/* The cases of one test program, counted. */
#ifndef FINJECT_TESTS_CASES_H
#define FINJECT_TESTS_CASES_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

static unsigned int cases, failures;

/**
 * check() - count a case, and say so if it fails
 * @holds: the case is as it should be
 * @what: the case in a few words
 */
static inline void check(bool holds, const char *what)
{
	cases++;
	if (holds)
		return;
	failures++;
	printf("%s: wrong: %s\n", program_invocation_short_name, what);
}

/**
 * cases_end() - print how many cases there were
 *
 * Return: the exit status of the program.
 */
static inline int cases_end(void)
{
	printf("%s: %u cases, %u wrong\n", program_invocation_short_name,
	       cases, failures);
	return failures != 0;
}

#endif /* FINJECT_TESTS_CASES_H */
