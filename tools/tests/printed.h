/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_TESTS_PRINTED_H
#define FINJECT_TESTS_PRINTED_H

#include <stdio.h>

#include "log.h"

/**
 * printed() - get the text of a log
 * @log: the log
 *
 * Return: the text, for the caller to free.
 */
static inline char *printed(const struct log *log)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	log_print(log, out);
	fclose(out);
	return text;
}

#endif /* FINJECT_TESTS_PRINTED_H */
