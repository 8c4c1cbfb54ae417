// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "refuse.h"

/**
 * fail() - say in one sentence on standard error why nothing was done
 * @format: the sentence, without a newline
 *
 * Return: REFUSED, so that a verb can end with `return fail(...)`.
 */
int fail(const char *format, ...)
{
	va_list args;

	fputs("finject: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return REFUSED;
}

/**
 * fail_with() - say which step failed and why
 * @what: the step
 * @error: errno
 *
 * Return: REFUSED.
 */
int fail_with(const char *what, int error)
{
	return fail("%s: %s", what, strerror(error));
}
