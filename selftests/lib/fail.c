// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "fail.h"

/**
 * fail - say why this test cannot proceed, and end its process
 * @format: the sentence, without a newline
 *
 * This is for an environment that does not work; use the harness's ASSERT for
 * an expectation. The harness runs each test in its own process and counts
 * status 1 as a failure; namespaces and sockets end with the process.
 */
int fail(const char *format, ...)
{
	va_list args;

	fputs("# ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	_exit(1);
}
