/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAIL_H
#define FAIL_H

#include <stdio.h>
#include <unistd.h>

/**
 * fail() - say why this test cannot go on, and end its process
 * @fmt: the sentence, a literal without newline
 *
 * For surroundings that do not work, as opposed to an expectation that is not
 * met: that is what the harness's ASSERT is for. The harness runs each test in
 * a process of its own and counts status 1 as a failure; namespaces and
 * sockets go with the process.
 */
#define fail(fmt, ...) do {						\
	fprintf(stderr, "# " fmt "\n", ##__VA_ARGS__);			\
	_exit(1);							\
} while (0)

#endif /* FAIL_H */
