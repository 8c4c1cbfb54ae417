/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the bed reports failures. Its users define fail(): the tool's returns, so
 * every function here returns after it. That of the kselftests ends the test,
 * so they need not check the results of these functions; they are compiled with
 * FAIL_ENDS.
 */
#ifndef BED_FAIL_H
#define BED_FAIL_H

#ifdef FAIL_ENDS
#define __fail_ends __attribute((noreturn))
#else
#define __fail_ends
#endif

#ifndef __printf
#define __printf(a, b)	__attribute((format(printf, a, b)))
#endif

/**
 * fail() - print a sentence on standard error that says why something failed
 * @format: the sentence, without a newline
 *
 * Return: REFUSED (1), so that a function can end with `return fail(...)`.
 */
int __printf(1, 2) __fail_ends fail(const char *format, ...);

#endif /* BED_FAIL_H */
