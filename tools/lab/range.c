// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an expectation allows: `3`, `1..2`, `2..`, `0.2s..1s`, `60s..`.
 */
#include <stdio.h>
#include <string.h>

#include "range.h"
#include "record.h"
#include "span.h"

static bool range_end(const char *text, u64 *value, bool *time)
{
	if (number_parse(text, value))
		return true;
	*time = true;
	*value = 0;
	return !strcmp(text, "0s") || span_parse(text, value);
}

/**
 * range_read() - read a range of numbers or of times
 * @range: where to
 * @text: a value, or the least and the greatest with `..` between them; without
 *	a greatest there is none
 *
 * Return: false when it is no range, or ends before it begins.
 */
bool range_read(struct range *range, const char *text)
{
	const char *dots = strstr(text, "..");
	bool from_time = false, to_time = false;
	char from[32];

	if (!dots) {
		if (!range_end(text, &range->from, &range->times))
			return false;
		range->to = range->from;
		return true;
	}
	snprintf(from, sizeof(from), "%.*s", (int)(dots - text), text);
	range->to = ~0ULL;
	if (!range_end(from, &range->from, &from_time) ||
	    (dots[2] && !range_end(dots + 2, &range->to, &to_time)))
		return false;
	range->times = from_time || to_time;
	return (!dots[2] || from_time == to_time) && range->from <= range->to;
}

/**
 * range_has() - test whether a value is in a range
 * @range: the range
 * @value: a number, or ns
 */
bool range_has(const struct range *range, u64 value)
{
	return value >= range->from && value <= range->to;
}

/**
 * range_value() - print a value as it would stand in a range
 * @range: the range
 * @value: a number, or ns
 * @out: receives the text
 * @size: size of @out
 */
void range_value(const struct range *range, u64 value, char *out, size_t size)
{
	if (range->times)
		snprintf(out, size, "%.3fs", value / 1e9);
	else
		snprintf(out, size, "%llu", value);
}
