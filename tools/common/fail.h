/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_FAIL_H
#define FINJECT_FAIL_H

enum {
	DONE = 0,
	REFUSED = 1,
	USAGE = 2,
};

#define __printf(f, a) __attribute((format(printf, f, a)))

int __printf(1, 2) fail(const char *format, ...);
int fail_with(const char *what, int error);

#endif /* FINJECT_FAIL_H */
