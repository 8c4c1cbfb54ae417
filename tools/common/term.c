// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "term.h"

static bool locale_is_utf8(void)
{
	static const char * const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return strcasestr(value, "utf-8") ||
			       strcasestr(value, "utf8");
	}
	return false;
}

/**
 * term_of() - find out what may be sent to an output
 * @out: the output
 * @ascii: the user wants nothing beyond ASCII
 *
 * Return: the answer. Colours are for terminals only and never with NO_COLOR
 * (https://no-color.org).
 */
struct term term_of(FILE *out, bool ascii)
{
	const char *no_color = getenv("NO_COLOR");
	const char *kind = getenv("TERM");
	struct term term = {
		.utf8 = !ascii && locale_is_utf8(),
		.colour = isatty(fileno(out)) && !(no_color && *no_color) &&
			  !(kind && !strcmp(kind, "dumb")),
	};

	return term;
}
