/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters of a namespace, their equations, and gauges. */
#ifndef FINJECT_COUNTER_H
#define FINJECT_COUNTER_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "vocabulary.h"

/* In the order of stats; vocabulary.h gives their meaning. */
#define FINJECT_ENUM(id, record, key, equation, sign, help) FINJECT_COUNT_##id,
enum finject_counter {
	FINJECT_COUNTER_LIST(FINJECT_ENUM)
	FINJECT_COUNTERS,
};

#undef FINJECT_ENUM

/* Equations of counters. */
enum finject_equation {
	FINJECT_EQUATION_NONE,
	FINJECT_EQUATION_SEGMENTS,
	FINJECT_EQUATION_COPIES,
};

/* Records of stats that have counters. */
enum finject_counter_record {
	FINJECT_COUNTER_total,
	FINJECT_COUNTER_skipped,
};

/**
 * struct finject_counter_row - a counter in stats
 * @record: record that has the counter
 * @key: key of the counter
 * @equation: equation of the counter
 * @sign: +1 or -1 in that equation
 */
struct finject_counter_row {
	enum finject_counter_record record;
	const char *key;
	enum finject_equation equation;
	int sign;
};

/**
 * struct finject_counters - one value of each counter
 * @count: by enum finject_counter; the numbers of parked segments are 0 per CPU
 */
struct finject_counters {
	u64 count[FINJECT_COUNTERS];
};

/**
 * struct finject_gauge - the fill of a table, as stats shows it
 * @now: present number of entries
 * @peak: greatest number of entries so far
 * @refused: number of entries that found the table full
 * @recycled: number of entries that gave way to new ones
 */
struct finject_gauge {
	unsigned long now;
	unsigned long peak;
	unsigned long refused;
	unsigned long recycled;
};

static inline void finject_count(struct finject_counters __percpu *counters,
				 enum finject_counter counter)
{
	this_cpu_inc(counters->count[counter]);
}

void finject_counters_sum(const struct finject_counters __percpu *counters,
			  struct finject_counters *sum);
s64 finject_counters_balance(const struct finject_counters *sum,
			     enum finject_equation equation);

/**
 * finject_gauge_give - count entries that a table no longer has
 * @gauge: the table's gauge
 * @count: number of entries
 *
 * Context: under the lock that guards @gauge; @now is read without it too.
 */
static inline void finject_gauge_give(struct finject_gauge *gauge,
				      unsigned long count)
{
	WRITE_ONCE(gauge->now, gauge->now - count);
}

bool finject_gauge_take(struct finject_gauge *gauge, unsigned long max);
void finject_gauge_zero(struct finject_gauge *gauge);

extern const struct finject_counter_row finject_counter_rows[FINJECT_COUNTERS];

#endif /* FINJECT_COUNTER_H */
