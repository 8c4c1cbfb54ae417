/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a fault can be made, and which faults there are.
 */
#ifndef FINJECT_FAULT_H
#define FINJECT_FAULT_H

#include <stdio.h>

#include "setting.h"

/**
 * struct point - a segment of the closes of a command
 * @seg: its class
 * @nth: its ordinal in it
 * @port: the port that is the same in each run, as a word of a rule, or ""
 * @flow: which of the connections that send this one, or 0: there is one
 */
struct point {
	char seg[8];
	unsigned int nth;
	char port[16];
	unsigned int flow;
};

/**
 * struct points - all of them
 * @point: them
 * @count: their number
 */
struct points {
	struct point point[POINTS];
	size_t count;
};

/**
 * struct fault - something that is done to a segment
 * @name: its name
 * @each: it is done to each transmission of the segment
 * @words: words of a rule; %n, %p and %m stand for the ordinal, the patience
 *	and the greatest time
 */
struct fault {
	const char *name;
	bool each;
	const char *words;
};

/* A segment of two classes is one: it is named by the first of these. */
extern const char * const point_classes[];

struct json_object;

void points_learn(struct points *points, struct json_object **runs,
		  size_t count);
void point_name(const struct point *point, char *text, size_t size);
size_t faults_list(const struct setting *setting, struct fault *faults,
		   size_t room);
bool fault_is_own(const struct fault *fault);
bool fault_fits(const struct fault *fault, const struct point *point);
bool fault_is_wanted(const char *only, const struct fault *fault,
		     const struct point *point);
void fault_term(const struct fault *fault, const struct point *point,
		const char *key, FILE *out);
int fault_only_check(const char *only, const struct fault *faults,
		     size_t count);
void fault_rule(const struct fault *fault, const struct point *point,
		const struct setting *setting, char *text, size_t size);

#endif /* FINJECT_FAULT_H */
