/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One case of the matrix: a close, and no fault, one, or two. Nothing here runs
 * it.
 */
#ifndef FINJECT_MATRIX_CASE_H
#define FINJECT_MATRIX_CASE_H

#include <stdbool.h>
#include <stddef.h>

#include "types.h"

/* The names of these are in matrix_words[], in the same order. */
enum matrix_key {
	KEY_FAMILY,
	KEY_FIRST,
	KEY_HOW,
	KEY_CLASS,
	KEY_NTH,
	KEY_ACTION,
	MATRIX_KEYS,
};

enum matrix_first {
	FIRST_A,
	FIRST_B,
	FIRST_BOTH,
	FIRSTS,
};

enum matrix_how {
	HOW_SHUTDOWN,
	HOW_CLOSE,
	HOW_UNREAD,
	HOW_LINGER0,
	HOWS,
};

enum matrix_class {
	CLASS_FIN1,
	CLASS_ACK1,
	CLASS_FIN2,
	CLASS_ACK2,
	CLASS_RST1,
	CLASS_DATA1,
	CLASSES,
};

enum matrix_nth {
	NTH_1,
	NTH_2,
	NTH_ALL,
	NTHS,
};

enum matrix_action {
	ACTION_DROP,
	ACTION_DELAY,
	ACTION_DELAY_LONG,
	ACTION_COPY,
	ACTION_COPY_LATE,
	ACTION_HOLD,
	ACTION_RESET,
	ACTIONS,
};

enum {
	FAMILIES = 2,
	FAULTS = CLASSES * NTHS * ACTIONS,
	NO_FAULT = FAULTS,	/* in the place of a fault */
	CLOSES = FAMILIES * FIRSTS * HOWS,
	VALUES_MAX = ACTIONS,
};

/* From good to bad. */
enum matrix_result {
	MATRIX_OK,
	MATRIX_NOT_BOTH,	/* a rule met nothing: it is as one fault less */
	MATRIX_UNDECIDED,	/* the judge cannot tell */
	MATRIX_DEPARTS,		/* from RFC 9293 */
	MATRIX_PROGRAM,		/* a program read what it should not */
	MATRIX_COUNTERS,	/* the counters of finject do not add up */
	MATRIX_LEFT,		/* something is left behind */
	MATRIX_BROKEN,		/* it could not be run */
	MATRIX_RESULTS,
};

/**
 * struct matrix_case - a case, and how it went
 * @close: number of the close, see matrix_close()
 * @fault: one or two faults, NO_FAULT where there is none; the first is asked
 *	first
 * @result: how it went
 * @reached: the segments that there were, see matrix_bit()
 * @why: what is not as it should be, or NULL
 * @rule: name of the rule of the judge, or NULL
 * @drawing: its ladders, as text, or NULL
 * @picture: the same as SVG, or NULL
 */
struct matrix_case {
	unsigned char close;
	unsigned char fault[2];
	unsigned char result;
	unsigned int reached;
	char *why;
	const char *rule;
	char *drawing;
	char *picture;
};

/**
 * struct matrix_word - a key of the words of the verb, and its values
 * @key: the key
 * @values: the values, ended by NULL
 */
struct matrix_word {
	const char *key;
	const char *values[VALUES_MAX + 1];
};

/**
 * struct matrix_only - which cases are wanted
 * @values: bitmask of values for each key
 * @fault: faults that were named, NO_FAULT for none; then no others are
 */
struct matrix_only {
	unsigned int values[MATRIX_KEYS];
	unsigned int fault[2];
};

extern const struct matrix_word matrix_words[MATRIX_KEYS];
extern const char * const matrix_results[MATRIX_RESULTS];

static inline unsigned int matrix_close(unsigned int family, enum matrix_first first,
					enum matrix_how how)
{
	return (family * FIRSTS + first) * HOWS + how;
}

static inline unsigned int matrix_family(unsigned int close)
{
	return close / HOWS / FIRSTS;
}

static inline enum matrix_first matrix_first(unsigned int close)
{
	return close / HOWS % FIRSTS;
}

static inline enum matrix_how matrix_how(unsigned int close)
{
	return close % HOWS;
}

static inline unsigned int matrix_fault(enum matrix_class class,
					enum matrix_nth nth,
					enum matrix_action action)
{
	return (class * NTHS + nth) * ACTIONS + action;
}

static inline enum matrix_class fault_class(unsigned int fault)
{
	return fault / ACTIONS / NTHS;
}

static inline enum matrix_nth fault_nth(unsigned int fault)
{
	return fault / ACTIONS % NTHS;
}

static inline enum matrix_action fault_action(unsigned int fault)
{
	return fault % ACTIONS;
}

/* In @reached: a first segment of that class was there, or also a second. */
static inline unsigned int matrix_bit(enum matrix_class class, bool second)
{
	return 1U << (2 * class + second);
}

/* Does a fault meet a segment, if these are there? */
static inline bool fault_meets(unsigned int fault, unsigned int reached)
{
	return reached & matrix_bit(fault_class(fault),
				    fault_nth(fault) == NTH_2);
}

static inline bool matrix_is_bad(enum matrix_result result)
{
	return result > MATRIX_UNDECIDED;
}

void matrix_only_all(struct matrix_only *only);
bool matrix_only_read(struct matrix_only *only, const char *word);
bool matrix_only_close(const struct matrix_only *only, unsigned int close);
bool matrix_only_fault(const struct matrix_only *only, unsigned int fault);
void matrix_fault_name(unsigned int fault, char *out, size_t size);
void matrix_close_name(unsigned int close, char *out, size_t size);
void matrix_case_name(const struct matrix_case *one, char *out, size_t size);
void matrix_fault_rule(unsigned int fault, unsigned int id, unsigned int port,
		       char *out, size_t size);

#endif /* FINJECT_MATRIX_CASE_H */
