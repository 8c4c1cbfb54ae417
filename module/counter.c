// SPDX-License-Identifier: GPL-2.0-only
#include "counter.h"

#define ROW(id, in, word, of, plus_minus, help)		\
	[FINJECT_COUNT_##id] = {			\
		.record = FINJECT_COUNTER_##in,		\
		.key = (word),				\
		.equation = FINJECT_EQUATION_##of,	\
		.sign = (plus_minus),			\
	},

const struct finject_counter_row finject_counter_rows[FINJECT_COUNTERS] = {
	FINJECT_COUNTER_LIST(ROW)
};

/**
 * finject_counters_sum - add up counters over all CPUs
 * @counters: the counters
 * @sum: set to the sums
 *
 * Context: any.
 */
void finject_counters_sum(const struct finject_counters __percpu *counters,
			  struct finject_counters *sum)
{
	unsigned int i;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct finject_counters *here = per_cpu_ptr(counters, cpu);

		for (i = 0; i < FINJECT_COUNTERS; i++)
			sum->count[i] += READ_ONCE(here->count[i]);
	}
}

/**
 * finject_counters_balance - check counters by an equation
 * @sum: the counters, and the number of parked segments
 * @equation: the equation
 *
 * Context: any.
 * Return: zero when it holds, as it does whenever no segment is at a hook.
 */
s64 finject_counters_balance(const struct finject_counters *sum,
			     enum finject_equation equation)
{
	s64 balance = 0;
	unsigned int i;

	for (i = 0; i < FINJECT_COUNTERS; i++)
		if (finject_counter_rows[i].equation == equation)
			balance += finject_counter_rows[i].sign *
				   (s64)sum->count[i];
	return balance;
}

/**
 * finject_gauge_take - count one more entry of a table, if there is room
 * @gauge: the table's gauge
 * @max: bound of the table
 *
 * Context: under the lock that guards @gauge.
 * Return: true if there was room; if not, the refusal is counted.
 */
bool finject_gauge_take(struct finject_gauge *gauge, unsigned long max)
{
	if (gauge->now >= max) {
		gauge->refused++;
		return false;
	}
	WRITE_ONCE(gauge->now, gauge->now + 1);
	if (gauge->now > gauge->peak)
		gauge->peak = gauge->now;
	return true;
}

/**
 * finject_gauge_zero - start counting anew
 * @gauge: the table's gauge
 *
 * Context: under the lock that guards @gauge.
 */
void finject_gauge_zero(struct finject_gauge *gauge)
{
	gauge->peak = gauge->now;
	gauge->refused = 0;
	gauge->recycled = 0;
}
