/* SPDX-License-Identifier: GPL-2.0-only */
/* A test suite as JUnit XML, in the elements that all readers of it know, and as TAP. */
#ifndef FINJECT_JUNIT_H
#define FINJECT_JUNIT_H

#include <stdio.h>
#include <time.h>

#include "types.h"

enum junit_result {
	JUNIT_PASSED,
	JUNIT_SKIPPED,
	JUNIT_FAILED,
};

/**
 * struct junit - a suite while its cases are added
 * @name: its name
 * @began: when it began
 * @took: how long it took, ns
 * @out: where cases are printed
 * @tap_out: where they are printed as TAP
 * @cases: those printed
 * @of: number of cases of each result
 * @text: what was printed
 * @size: its length, bytes
 * @tap: what was printed as TAP
 * @tap_size: its length, bytes
 */
struct junit {
	const char *name;
	time_t began;
	u64 took;
	FILE *out;
	FILE *tap_out;
	unsigned int cases;
	unsigned int of[JUNIT_FAILED + 1];
	char *text;
	size_t size;
	char *tap;
	size_t tap_size;
};

void junit_begin(struct junit *junit);
void junit_case(struct junit *junit, const char *class, const char *name,
		enum junit_result result, const char *why);
int junit_end(struct junit *junit, const char *file, const char *folder);

#endif /* FINJECT_JUNIT_H */
