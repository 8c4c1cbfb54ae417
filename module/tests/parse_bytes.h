/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_TESTS_PARSE_BYTES_H
#define FINJECT_TESTS_PARSE_BYTES_H

#include <linux/slab.h>

#include "lang/parse.h"
#include "lang/value.h"

/* Parse a copy in memory of its own: a byte read too many is reported. */
static inline int parse_bytes(const char *line, size_t len,
			      struct finject_command *cmd,
			      struct finject_error *err)
{
	char *copy = kmemdup(line, len, GFP_KERNEL);
	int ret;

	if (!copy)
		return -ENOMEM;
	memset(cmd, 0xa5, sizeof(*cmd));
	ret = finject_parse_line(copy, len, cmd, err);
	kfree(copy);
	return ret;
}

#endif /* FINJECT_TESTS_PARSE_BYTES_H */
