// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "span.h"

static const struct {
	const char *name;
	double ns;
} units[] = {
	{ "ns", 1 },
	{ "us", 1e3 },
	{ "ms", 1e6 },
	{ "s", 1e9 },
	{ "min", 60e9 },
	{ "h", 3600e9 },
};

static const double greatest = 365 * 24 * 3600e9;

/**
 * span_parse() - read a time of the command line
 * @text: a number, with a fraction or not, and its unit, as in a rule
 * @ns: set to the time
 *
 * Return: false when it is none, or none above zero and within a year.
 */
bool span_parse(const char *text, u64 *ns)
{
	size_t digits = strspn(text, "0123456789.");
	double number, found = 0;
	char *end;

	number = strtod(text, &end);
	if (!digits || end != text + digits)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcmp(end, units[i].name))
			found = number * units[i].ns;
	*ns = found;
	return found >= 1 && found <= greatest;
}
