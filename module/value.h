/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of values in rule text, each read and printed by a pair.
 * Pure.
 */
#ifndef FINJECT_VALUE_H
#define FINJECT_VALUE_H

#include "parse.h"
#include "word.h"

struct finject_keyword;

/**
 * struct finject_text - text being printed
 * @buf: where to
 * @size: bytes of @buf
 * @len: bytes printed, without the NUL
 */
struct finject_text {
	char *buf;
	size_t size;
	size_t len;
};

/**
 * struct finject_reading - a word of a line being read
 * @line: the line
 * @word: the word
 * @key: its keyword
 * @value: what follows its '='
 * @spec: the rule it is read into
 * @err: what is wrong with it, when refused
 */
struct finject_reading {
	const char *line;
	struct finject_word word;
	const struct finject_keyword *key;
	struct finject_word value;
	struct finject_spec *spec;
	struct finject_error *err;
};

/**
 * struct finject_kind - a kind of value
 * @read: reads the value of @r into the field; 0, or -EINVAL with the error of
 *	@r set. NULL for a word without a field
 * @print: prints the word, unless the field says what a left-out word says
 */
struct finject_kind {
	int (*read)(struct finject_reading *r, void *field);
	void (*print)(struct finject_text *out,
		      const struct finject_keyword *key, const void *field);
};

/**
 * struct finject_keyword - one word of the language
 * @name: itself
 * @kind: of its value
 * @bare: takes no value
 * @action: is an action, @does
 * @does: which
 * @field: offset of its field in struct finject_spec
 * @low: least value
 * @high: greatest value
 * @left_out: value of the field that is not printed, beside 0
 * @names: names of values, indexed by value, with holes
 * @count: how many
 * @width: bytes of the field that holds such a value
 * @needs: keyword without which this one means nothing
 * @excludes: keyword beside which this one means nothing
 */
struct finject_keyword {
	const char *name;
	const struct finject_kind *kind;
	bool bare;
	bool action;
	enum finject_action does;
	size_t field;
	u64 low;
	u64 high;
	u64 left_out;
	const char * const *names;
	unsigned int count;
	size_t width;
	const char *needs;
	const char *excludes;
};

/* without a value */
extern const struct finject_kind finject_kind_bare;	/* without a field */
extern const struct finject_kind finject_kind_flag;	/* bool */
/* with one */
extern const struct finject_kind finject_kind_number;	/* u32 */
extern const struct finject_kind finject_kind_times;	/* s32, -1 */
extern const struct finject_kind finject_kind_seed;	/* u64 */
extern const struct finject_kind finject_kind_time;	/* u64, ns */
extern const struct finject_kind finject_kind_chance;	/* u32, ppm */
extern const struct finject_kind finject_kind_name;	/* of @names */
extern const struct finject_kind finject_kind_tag;	/* char[] */
extern const struct finject_kind finject_kind_device;	/* char[] */
extern const struct finject_kind finject_kind_ports;	/* finject_range */
extern const struct finject_kind finject_kind_nth;	/* finject_range */
extern const struct finject_kind finject_kind_classes;	/* u8 */
extern const struct finject_kind finject_kind_cidr;	/* finject_cidr */
extern const struct finject_kind finject_kind_mark;	/* u32, its mask too */

__printf(3, 4)
int finject_refuse(struct finject_reading *r, struct finject_word at,
		   const char *fmt, ...);
__printf(3, 4)
int finject_refuse_value(struct finject_reading *r, struct finject_word part,
			 const char *fmt, ...);
__printf(2, 3)
void finject_put(struct finject_text *out, const char *fmt, ...);

#endif /* FINJECT_VALUE_H */
