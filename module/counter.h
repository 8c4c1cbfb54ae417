/* SPDX-License-Identifier: GPL-2.0-only */
/* What is counted in a namespace, the equations it is held to, and gauges. */
#ifndef FINJECT_COUNTER_H
#define FINJECT_COUNTER_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "vocabulary.h"

/* In the order of stats; what they mean says vocabulary.h. */
#define FINJECT_ENUM(id, record, key, equation, sign, help) FINJECT_COUNT_##id,
enum finject_counter {
	FINJECT_COUNTER_LIST(FINJECT_ENUM)
	FINJECT_COUNTERS,
};

#undef FINJECT_ENUM

/* Equations that counters are part of. */
enum finject_equation {
	FINJECT_EQUATION_NONE,
	FINJECT_EQUATION_SEGMENTS,
	FINJECT_EQUATION_COPIES,
};

/* Records of stats that counters stand in. */
enum finject_counter_record {
	FINJECT_COUNTER_total,
	FINJECT_COUNTER_skipped,
};

/**
 * struct finject_counter_row - what stats says of a counter
 * @record: in which record
 * @key: under which key
 * @equation: that it is part of
 * @sign: +1 or -1 there
 */
struct finject_counter_row {
	enum finject_counter_record record;
	const char *key;
	enum finject_equation equation;
	int sign;
};

/**
 * struct finject_counters - one value of each counter
 * @count: by enum finject_counter; of those per CPU, what is parked now is 0
 */
struct finject_counters {
	u64 count[FINJECT_COUNTERS];
};

/**
 * struct finject_gauge - a table's fill, as stats shows it
 * @now: entries at present
 * @peak: most there ever were
 * @refused: entries that found the table full
 * @recycled: entries that gave way to new ones
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
 * finject_gauge_give - count entries of a table that have gone
 * @gauge: the table's
 * @count: how many
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
